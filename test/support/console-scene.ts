/** A server with its console and a history worth looking at: renames, conflicts, a deletion and a return, hostile names. */
import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { grantAdministrator } from '../../server-stub/accounts/administrators.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { linkDevice, textFile, type WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from './server.ts';

export const OTHER_USER = { name: 'grace', password: 'another long password' } as const;
/** As long as a name can be, without a place to break it. */
export const LONGEST_NAME = `${'w'.repeat(251)}.txt`;
export const HOSTILE_NAMES = [
  '<script>document.title="owned"<script>.txt',
  '"><img src=x onerror=document.title=1>',
  'invoice\u202efdp.exe',
  LONGEST_NAME,
] as const;

export interface ConsoleScene {
  readonly server: TestServer;
  readonly consoleUrl: string;
  /** One that was renamed, edited, forked, deleted and brought back. */
  readonly node: NodeId;
  readonly conflict: string;
  readonly hostile: readonly NodeId[];
  readonly laptop: WireDevice;
  readonly phone: WireDevice;
  close(): Promise<void>;
}

const DAY = 86_400_000;

export async function consoleScene(actions: boolean): Promise<ConsoleScene> {
  const server = await startTestServer({
    users: [OTHER_USER],
    console: { host: '127.0.0.1', port: 0, actions },
  });
  const wire = new Wire(server.url);
  await grantAdministrator(server.data, TEST_USER.name);
  const me = { user: TEST_USER.name, password: TEST_USER.password };
  const laptop = await linkDevice(wire, me, 'Ada’s laptop');
  const phone = await linkDevice(wire, me, 'Ada’s phone');
  const { node, conflict } = await history(laptop, phone);
  const hostile: NodeId[] = [];
  for (const name of HOSTILE_NAMES) hostile.push((await laptop.addFile(name, Buffer.from(name))).node);
  for (const name of ['Board paper.docx', 'Travel plan.md', 'Photos 2026.zip'])
    await phone.addFile(name, Buffer.from(name));
  await laptop.journal(await laptop.cursor());
  const { jobs } = server.server.core;
  for (const job of ['lived-hours', 'sessions', 'retention', 'collection', 'lineage', 'scrub'] as const)
    await jobs.runNow(job);
  const { consoleUrl } = server.server;
  assert(consoleUrl !== null);
  const close = async () => {
    await wire.close();
    await server.close();
  };
  return { server, consoleUrl, node, conflict, hostile, laptop, phone, close };
}

async function history(laptop: WireDevice, phone: WireDevice) {
  const first = await laptop.addFile('Quarterly report.docx', Buffer.from('one'));
  const { rev, parent } = first.entry;
  const moved = await one(laptop, {
    op: 'move',
    ...laptop.base(),
    node: first.node,
    baseEntryRev: rev,
    parent: parent!,
    name: 'Q3 report.docx',
  });
  const second = await edited(laptop, moved, 'two');
  const third = await edited(laptop, second, 'three');
  const late = textFile('what the phone has');
  const [forked] = await phone.commit(late.frames, {
    ...phone.edit(second, late.content),
    editedAt: Date.now(),
  });
  assert(forked?.kind === 'forked', JSON.stringify(forked));
  await phone.finalize(phone.remove(third, await headSeq(phone)));
  await laptop.finalize({ op: 'undelete', ...laptop.base(), node: first.node });
  return { node: first.node, conflict: forked.conflict };
}

const headSeq = async (device: WireDevice) => (await device.cursor()).seq;

async function one(device: WireDevice, claim: Claim): Promise<JournalEvent> {
  const [outcome] = await device.finalize(claim);
  assert.equal(outcome?.kind, 'committed', JSON.stringify(outcome));
  return outcome!.events[0]!;
}

async function edited(device: WireDevice, event: JournalEvent, text: string): Promise<JournalEvent> {
  const { content, frames } = textFile(text);
  const [outcome] = await device.commit(frames, device.edit(event, content));
  assert.equal(outcome?.kind, 'committed', JSON.stringify(outcome));
  return outcome!.events[0]!;
}

/** For pictures: more conflicts, of another file, as if of the last weeks. */
export function spreadConflicts({ server, conflict, hostile }: ConsoleScene): void {
  const db = new Database(`${server.data}/metadata.sqlite`);
  try {
    const causes = ['offline', 'concurrent', 'offline', 'lag', 'name-clash', 'offline', 'concurrent'];
    const copy =
      db.prepare(`INSERT INTO conflicts SELECT ns, ?, ?, 'resolved', ?, copy, ancestor, original_version,
      copy_version, device, ?, resolution, original_path, copy_path, settlement FROM conflicts WHERE id = ?`);
    for (let i = 0; i < 40; i += 1) {
      const id = `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`;
      const back = (i * i * 7) % 29;
      copy.run(id, causes[i % causes.length], hostile[0], Date.now() - back * DAY, conflict);
    }
  } finally {
    db.close();
  }
}
