/** A device that missed a million changes of ten thousand files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Claim } from '../../src/protocol/claims.ts';
import { SnapshotPage } from '../../src/protocol/journal.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { type Hand, World } from '../server/metadata-world.ts';
import { type Figure, seconds, timed } from './figure.ts';

const NODES = 10_000;
const ROUNDS = 100;
const BATCH = 1000;
const parsePage = parserOf(SnapshotPage);

export async function catchUp(scale: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-figures-'));
  const path = join(folder, 'metadata.db');
  const world = new World(path);
  try {
    const hand = await world.device('figures');
    await fill(hand);
    const cursor = await world.metadata.head(hand.caller.namespace);
    const rounds = Math.ceil(ROUNDS * scale);
    advance(path, rounds);
    const { value, ms } = await timed(async () => {
      const answer = await world.metadata.journal(hand.caller, cursor, 2000);
      if (answer.kind !== 'resync' || answer.why !== 'far-behind') throw new Error(`answered ${answer.kind}`);
      return readAll(hand);
    });
    return [
      {
        what: `a device ${(rounds * NODES).toLocaleString('en')} changes behind, over ${value.toLocaleString('en')} nodes`,
        value: seconds(ms),
        aim: '≤ 2 s',
      },
    ];
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(hand: Hand): Promise<void> {
  for (let at = 0; at < NODES; at += BATCH) {
    const claims: Claim[] = [];
    for (let number = at; number < at + BATCH; number += 1) {
      hand.world.clock.now += 1;
      const content = { kind: 'symlink', target: `target ${number}` } as const;
      claims.push(hand.create({ name: `entry ${number}`, content }));
    }
    await hand.world.metadata.finalize(hand.caller, { claims, settledBelow: 0, cursor: null });
  }
}

/** Every node changes so many times more: rows as commits leave them, written without the hours that those would take. */
function advance(path: string, rounds: number): void {
  const db = new Database(path);
  const columns = db
    .prepare<[], { name: string }>("SELECT name FROM pragma_table_info('journal')")
    .all()
    .map(({ name }) => name);
  const changed: Readonly<Record<string, string>> = {
    seq: `seq + :round * ${NODES}`,
    cause: "'edit'",
    head_seq: `seq + :round * ${NODES}`,
  };
  const copy = db.prepare(
    `INSERT INTO journal (${columns.join(', ')}) SELECT ${columns.map((name) => changed[name] ?? name).join(', ')}
      FROM journal WHERE seq <= ${NODES}`,
  );
  for (let round = 1; round <= rounds; round += 1) copy.run({ round });
  db.prepare('UPDATE nodes SET head_seq = head_seq + ? WHERE head_seq > 0').run(rounds * NODES);
  db.prepare('UPDATE namespaces SET head_seq = head_seq + ?').run(rounds * NODES);
  db.close();
}

/** Each page goes through JSON and is checked, as on the wire. */
async function readAll({ world, caller }: Hand): Promise<number> {
  const nodes = new Set<string>();
  for (let continuation: string | null = null; ; ) {
    const read = await world.metadata.snapshot(caller, continuation, 2000);
    const page = parsePage(JSON.parse(JSON.stringify(read)));
    if (page.kind !== 'ok') throw new Error(page.why);
    for (const { node } of page.value.events) nodes.add(node);
    if (page.value.continuation === null) return nodes.size;
    ({ continuation } = page.value);
  }
}
