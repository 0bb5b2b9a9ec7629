/** A device linked to a real server: its folder, its transport, and what it hears of the journal. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Clock } from '../../src/engine/environment/environment.ts';
import type { Transport } from '../../src/engine/environment/transport.ts';
import { createServer } from '../../src/engine/remote/create-server.ts';
import { linkDevice } from '../../src/engine/remote/link.ts';
import { createNodeTransport } from '../../src/engine/remote/node-transport.ts';
import type { DownloadItem, Server, UploadAnswer, UploadItem } from '../../src/engine/remote/server.ts';
import type { NodeId, VersionId } from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../src/protocol/journal.ts';
import { HASHING, openRig, type Rig } from './rig.ts';

export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

let instances = 0;

export class Linked {
  readonly rig: Rig;
  readonly server: Server;
  readonly transport: Transport;
  cursor: Cursor | null = null;

  constructor(rig: Rig, server: Server, transport: Transport) {
    this.rig = rig;
    this.server = server;
    this.transport = transport;
  }

  async upload(items: readonly UploadItem[]): Promise<UploadAnswer> {
    const result = await this.server.upload(items, this.cursor, 0);
    if (result.kind === 'trouble') assert.fail(JSON.stringify(result));
    return result.value;
  }

  /** All events since the last pull. */
  async pull(): Promise<readonly JournalEvent[]> {
    const events: JournalEvent[] = [];
    for (;;) {
      const page = await this.server.journal(this.cursor, 2000);
      if (page.kind === 'trouble' || page.value.kind === 'resync') assert.fail(JSON.stringify(page));
      events.push(...page.value.events);
      this.cursor = page.value.next;
      if (!page.value.hasMore) return events;
    }
  }

  /** What `events` ask this device to fetch, by name. */
  wanted(
    events: readonly JournalEvent[],
    reuse: DownloadItem['reuse'] = [],
  ): ReadonlyMap<string, DownloadItem> {
    const items = new Map<string, DownloadItem>();
    for (const { node, entry, head } of events) {
      if (head?.content.kind !== 'file') continue;
      const { manifest, encoded, size, executable } = head.content;
      const staged = `${entry.name}-${head.version}`;
      const mtimeNs = BigInt(head.mtimeNs);
      items.set(entry.name, {
        node,
        staged,
        manifestId: manifest,
        encoded,
        size,
        executable,
        mtimeNs,
        reuse,
      });
    }
    return items;
  }
}

/** Runs `work` and returns the bytes it moved in each direction. */
export async function wireBytes(
  { transport }: Linked,
  work: () => Promise<void>,
): Promise<{ readonly sent: number; readonly received: number }> {
  const { bytesSent, bytesReceived } = transport;
  await work();
  return { sent: transport.bytesSent - bytesSent, received: transport.bytesReceived - bytesReceived };
}

/** Node and version that a claim made. */
export function madeBy(answer: UploadAnswer, key: number): readonly [NodeId, VersionId] {
  const outcome = answer.outcomes.find((each) => each.key === key);
  const version = outcome?.events.find((event) => event.node === outcome.node)?.head?.version;
  if (outcome === undefined || version === undefined) assert.fail(JSON.stringify(answer));
  return [outcome.node, version];
}

export async function linkTo(
  t: TestContext,
  far: { readonly url: string; readonly user: string; readonly password: string },
  device: string,
): Promise<Linked> {
  const rig = await openRig(t);
  const connect = (serverUrl: string): Transport => createNodeTransport({ serverUrl, env: {} });
  instances += 1;
  const instance = instances.toString(16).padStart(32, '0');
  const { url, user, password } = far;
  const request = { user, password, device, os: 'linux', instance };
  const linked = await linkDevice({ clock: REAL_CLOCK, connect }, url, request);
  if (linked.kind !== 'linked') assert.fail(JSON.stringify(linked));
  const transport = connect(linked.serverUrl);
  t.after(() => transport.close());
  const { serverId, token, deviceId } = linked.answer;
  const server = createServer({
    transport,
    clock: REAL_CLOCK,
    random: { bytes: (count) => new Uint8Array(count), fraction: () => 0.1 },
    disk: rig.disk,
    hashing: HASHING,
    log: () => {},
    account: { serverUrl: linked.serverUrl, serverId, token, instance, generation: 1, device: deviceId },
  });
  const hello = await server.hello({ instance, generation: 1, start: 'ab'.repeat(16), cursor: null });
  if (hello.kind === 'trouble') assert.fail(JSON.stringify(hello));
  return new Linked(rig, server, transport);
}
