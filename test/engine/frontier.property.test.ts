/** The frontier names every node whose trees differ, at every moment: what comparing the trees as a whole would find. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileId, Stamp } from '../../src/engine/environment/disk.ts';
import { openState } from '../../src/engine/state/database.ts';
import { encodeStamp } from '../../src/engine/state/stamps.ts';
import { State } from '../../src/engine/state/state.ts';
import type { Content } from '../../src/protocol/content.ts';
import {
  type NodeId,
  parseDeviceId,
  parseEpoch,
  parseManifestId,
  parseNodeId,
  ROOT_NODE,
  versionId,
} from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { holds } from '../property/seeded.ts';

const EPOCH = parseEpoch('0123456789ab');
const DEVICE = parseDeviceId('01990000-0000-7000-8000-000000000002');

function nodeOf(i: number): NodeId {
  return parseNodeId(`01990000-0000-7000-8000-${String(i).padStart(12, '0')}`);
}

function contentOf(i: number): Content {
  return {
    kind: 'file',
    manifest: parseManifestId(String(i).repeat(64).slice(0, 64)),
    size: i,
    executable: i % 2 === 1,
  };
}

function stampOf(i: number, node: number): Stamp {
  return {
    kind: 'file',
    fileId: `1:${node}:1` as FileId,
    trusted: true,
    device: '1',
    size: i,
    mtimeNs: BigInt(i),
    ctimeNs: BigInt(i),
    executable: i % 2 === 1,
    links: 1,
  };
}

interface Step {
  readonly what:
    | 'local'
    | 'unhash'
    | 'gone'
    | 'park'
    | 'remote'
    | 'dead'
    | 'synced'
    | 'unsynced'
    | 'take'
    | 'rename';
  readonly node: number;
  readonly place: number;
  readonly content: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'local',
    'unhash',
    'gone',
    'park',
    'remote',
    'dead',
    'synced',
    'unsynced',
    'take',
    'rename',
  ),
  node: fc.integer({ min: 1, max: 6 }),
  place: fc.integer({ min: 0, max: 2 }),
  content: fc.integer({ min: 1, max: 3 }),
});

function event(seq: number, { node, place, content, what }: Step): JournalEvent {
  const id = nodeOf(node);
  const who = { device: DEVICE, deviceName: 'A', user: 'ada', at: 1 };
  return {
    seq,
    node: id,
    kind: 'file',
    cause: what === 'dead' ? 'delete' : 'edit',
    entry: {
      parent: ROOT_NODE,
      name: `n${node}-${place}`,
      live: what !== 'dead',
      rev: seq,
      seq,
      deadSeq: what === 'dead' ? seq : null,
      successor: null,
    },
    head: {
      version: versionId(EPOCH, seq),
      number: seq,
      base: null,
      content: { ...(contentOf(content) as Extract<Content, { kind: 'file' }>), encoded: null },
      mtimeNs: '1',
      seq,
      editedAt: 1,
      ...who,
    },
    subtree: null,
    revivedBatch: null,
    approved: false,
    conflict: null,
    ...who,
  };
}

function apply(state: State, seq: number, { what, node, place, content, ...rest }: Step): void {
  const id = nodeOf(node);
  const name = `n${node}-${place}`;
  const local = state.local.get(id);
  const remote = state.remote.get(id);
  switch (what) {
    case 'local':
      state.local.put(id, ROOT_NODE, name, stampOf(content, node), contentOf(content));
      break;
    case 'unhash':
      if (local) state.local.unhash(id);
      break;
    case 'gone':
      state.local.remove(id);
      break;
    case 'park':
      if (local) place > 0 ? state.local.park(id, `parked-${node}`) : state.local.unpark(id, local);
      break;
    case 'rename':
      if (local && !state.local.get(nodeOf(node + 10))) state.local.rename(id, nodeOf(node + 10));
      break;
    case 'remote':
    case 'dead':
      state.remote.fold(event(seq, { what, node, place, content, ...rest }));
      break;
    case 'synced':
      state.synced.put({
        node: id,
        kind: 'file',
        parent: ROOT_NODE,
        name: remote?.name ?? name,
        entryRev: remote?.entryRev ?? 1,
        version: remote?.head?.version ?? versionId(EPOCH, seq),
        content: contentOf(content),
        stamp: encodeStamp(stampOf(content, node)),
      });
      break;
    case 'unsynced':
      state.synced.remove(id);
      break;
    case 'take':
      break;
  }
}

test('property: comparing the trees as a whole finds nothing that was not named when it was written', (t) => {
  holds(
    t,
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const opened = openState(':memory:');
      assert.ok(opened.kind === 'open');
      const state = new State(opened.db);
      for (const [i, each] of steps.entries()) state.transaction(() => apply(state, i + 1, each));
      const named = new Set(state.frontier.nodes());
      state.frontier.take(1000);
      state.frontier.recompute();
      const found = state.frontier.nodes();
      opened.db.close();
      for (const node of found) assert.ok(named.has(node), `${node} differs and was never named`);
    }),
    300,
  );
});

test('property: what differs between the trees is exactly what comparing them as a whole finds', (t) => {
  holds(
    t,
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const opened = openState(':memory:');
      assert.ok(opened.kind === 'open');
      const state = new State(opened.db);
      for (const [i, each] of steps.entries()) apply(state, i + 1, each);
      state.frontier.take(1000);
      state.frontier.recompute();
      const found = new Set(state.frontier.nodes());
      for (let i = 1; i <= 16; i += 1)
        assert.equal(
          found.has(nodeOf(i)),
          differs(state, nodeOf(i)),
          `node ${i}: ${JSON.stringify(rows(state, nodeOf(i)))}`,
        );
      opened.db.close();
    }),
    200,
  );
});

function rows(state: State, node: NodeId) {
  const show = (row: object | null) =>
    row &&
    JSON.parse(
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
  return [show(state.local.get(node)), show(state.remote.get(node)), show(state.synced.get(node))];
}

/** In plain words, from the rows. */
function differs(state: State, node: NodeId): boolean {
  const local = state.local.get(node);
  const remote = state.remote.get(node);
  const synced = state.synced.get(node);
  if (!synced) return local !== null || remote?.live === true;
  if (!local || !remote?.live) return true;
  if (local.parked || local.content === null || local.stamp !== synced.stamp) return true;
  const placeHere = local.parent !== synced.parent || local.name !== synced.name;
  const placeThere = remote.parent !== synced.parent || remote.name !== synced.name;
  const content = JSON.stringify(local.content) !== JSON.stringify(synced.content);
  return (
    placeHere ||
    placeThere ||
    content ||
    remote.entryRev !== synced.entryRev ||
    remote.head?.version !== synced.version
  );
}
