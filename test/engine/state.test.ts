/** The client's state: migrations, refusals, durability, keys, and the frontier against the trees. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { FileId, Stamp } from '../../src/engine/environment/disk.ts';
import { durably, openState } from '../../src/engine/state/database.ts';
import { createStateFolder, openStateFolder } from '../../src/engine/state/node-state-folder.ts';
import { encodeStamp } from '../../src/engine/state/stamps.ts';
import { State } from '../../src/engine/state/state.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import type { Content } from '../../src/protocol/content.ts';
import {
  type NodeId,
  parseDeviceId,
  parseEpoch,
  parseManifestId,
  parseNamespaceId,
  parseNodeId,
  ROOT_NODE,
  versionId,
} from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';

const LATEST = 1;

function folder(t: { after: (fn: () => void) => void }): string {
  const path = mkdtempSync(join(tmpdir(), 'tidemark-state-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function open(path: string) {
  const opened = openState(path);
  assert.ok(opened.kind === 'open', JSON.stringify(opened));
  return opened.db;
}

// --- migrations --------------------------------------------------------------------------------------------------

test('migration 1: from nothing to the first schema: strict tables, the right version', (t) => {
  const path = join(folder(t), 'state.db');
  const db = open(path);
  assert.equal(db.pragma('user_version', { simple: true }), LATEST);
  const tables = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all() as {
    name: string;
    sql: string;
  }[];
  for (const name of ['meta', 'local', 'remote', 'synced', 'claims', 'intents', 'ledger', 'trash', 'reviews'])
    assert.ok(
      tables.some((each) => each.name === name),
      name,
    );
  for (const { name, sql } of tables) assert.match(sql, /STRICT/, name);
  db.close();
});

test('a state that is up to date is opened as it is', (t) => {
  const path = join(folder(t), 'state.db');
  const first = open(path);
  first.prepare("INSERT INTO meta VALUES ('mark', 'x')").run();
  first.close();
  const second = open(path);
  assert.equal(second.prepare("SELECT value FROM meta WHERE key = 'mark'").pluck().get(), 'x');
  second.close();
});

test('a state from a newer version is refused, and stays byte for byte as it was', (t) => {
  const path = join(folder(t), 'state.db');
  open(path).close();
  const db = new Database(path);
  db.pragma(`user_version = ${LATEST + 1}`);
  db.pragma('journal_mode = DELETE');
  db.close();
  const before = readFileSync(path);
  assert.deepEqual(openState(path), { kind: 'newer', version: LATEST + 1 });
  assert.ok(before.equals(readFileSync(path)));
});

test('a migration that fails halfway leaves the state as it was', (t) => {
  const path = join(folder(t), 'state.db');
  const db = new Database(path);
  db.exec('CREATE TABLE ledger (odd TEXT)');
  db.close();
  assert.equal(openState(path).kind, 'corrupt');
  const after = new Database(path);
  assert.equal(after.pragma('user_version', { simple: true }), 0);
  assert.deepEqual(after.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all(), [
    'ledger',
  ]);
  after.close();
});

// --- state folders -----------------------------------------------------------------------------------------------

const ACCOUNT = {
  serverUrl: 'http://127.0.0.1:1',
  serverId: 'a'.repeat(32),
  namespace: parseNamespaceId('01990000-0000-7000-8000-000000000001'),
  deviceId: parseDeviceId('01990000-0000-7000-8000-000000000002'),
  device: 'A',
  user: 'ada',
  instance: 'b'.repeat(32),
  folder: '/nonexistent',
  brakeFiles: null,
};

test('a fresh state folder opens for a union merge; the second time it does not begin one', (t) => {
  const path = join(folder(t), 'state');
  createStateFolder(path, ACCOUNT, 'token');
  const first = openStateFolder(path);
  assert.ok(first.kind === 'open');
  assert.equal(new State(first.db).meta.get('union-merge'), 'yes');
  new State(first.db).meta.remove('union-merge');
  first.db.close();
  first.release();
  const second = openStateFolder(path);
  assert.ok(second.kind === 'open');
  assert.equal(new State(second.db).meta.get('union-merge'), null);
  assert.equal(second.token, 'token');
  assert.equal(second.setAside, null);
  second.db.close();
  second.release();
});

for (const [how, damage] of [
  ['overwritten in the middle', (bytes: Buffer) => bytes.fill(0x5a, 4096, 12_288)],
  ['overwritten at its beginning', (bytes: Buffer) => bytes.fill(0, 0, 512)],
  ['cut short', (bytes: Buffer) => bytes.subarray(0, 5000)],
  ['emptied', (bytes: Buffer) => bytes.subarray(0, 0)],
] as const)
  test(`a state that was ${how} is set aside whole, and the new one merges`, (t) => {
    const path = join(folder(t), 'state');
    createStateFolder(path, ACCOUNT, 'token');
    const first = openStateFolder(path);
    assert.ok(first.kind === 'open');
    const state = new State(first.db);
    state.meta.remove('union-merge');
    state.meta.set('generation', '7');
    for (let i = 0; i < 500; i += 1)
      state.ledger.add({ at: i, node: ROOT_NODE, path: `p${i}`, verb: 'v', rule: 'r', detail: 'd' });
    first.db.close();
    first.release();
    const file = join(path, 'state.db');
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    const second = openStateFolder(path);
    assert.ok(second.kind === 'open', JSON.stringify(second));
    assert.equal(new State(second.db).meta.get('union-merge'), 'yes');
    assert.ok(second.setAside !== null);
    if (damaged.length > 0)
      assert.ok(damaged.equals(readFileSync(second.setAside)), 'what was there is kept');
    second.db.close();
    second.release();
  });

test('a state folder in use is refused, and free again when its engine ends', (t) => {
  const path = join(folder(t), 'state');
  createStateFolder(path, ACCOUNT, 'token');
  const first = openStateFolder(path);
  assert.ok(first.kind === 'open');
  assert.equal(openStateFolder(path).kind, 'in-use');
  first.db.close();
  first.release();
  const second = openStateFolder(path);
  assert.equal(second.kind, 'open');
  if (second.kind === 'open') {
    second.db.close();
    second.release();
  }
});

test('a folder without a device, a damaged account, a missing token: one answer each, and nothing is made', (t) => {
  const base = folder(t);
  assert.equal(openStateFolder(join(base, 'nothing')).kind, 'missing');
  assert.equal(existsSync(join(base, 'nothing')), false);
  const path = join(base, 'state');
  createStateFolder(path, ACCOUNT, 'token');
  writeFileSync(join(path, 'account.json'), '{"format": ');
  assert.equal(openStateFolder(path).kind, 'unusable');
  writeFileSync(join(path, 'account.json'), JSON.stringify({ ...ACCOUNT, instance: 'short' }));
  assert.equal(openStateFolder(path).kind, 'unusable');
  writeFileSync(join(path, 'account.json'), JSON.stringify(ACCOUNT));
  rmSync(join(path, 'token'));
  assert.equal(openStateFolder(path).kind, 'unusable');
  assert.ok(!readdirSync(path).includes('state.db'));
});

// --- durability and keys -----------------------------------------------------------------------------------------

test('durably: the commit is flushed, and the level is as before, also after a failure', (t) => {
  const db = open(join(folder(t), 'state.db'));
  const level = () => db.pragma('synchronous', { simple: true });
  assert.equal(level(), 1);
  let inside: unknown = null;
  assert.equal(
    durably(db, () => {
      inside = level();
      return 5;
    }),
    5,
  );
  assert.equal(inside, 2);
  assert.equal(level(), 1);
  assert.throws(
    () =>
      durably(db, () => {
        db.prepare("INSERT INTO meta VALUES ('half', 'x')").run();
        throw new Error('stop');
      }),
    /stop/,
  );
  assert.equal(level(), 1);
  assert.equal(db.prepare("SELECT count(*) FROM meta WHERE key = 'half'").pluck().get(), 0);
  db.close();
});

function move(key: number, node: NodeId): Claim {
  return {
    op: 'move',
    key,
    node,
    editedAt: 1,
    unanswered: [],
    baseEntryRev: 1,
    parent: ROOT_NODE,
    name: 'x',
  };
}

test('claims keys only grow, and are never used again: not after answers, restarts or a failed batch', (t) => {
  const path = join(folder(t), 'state.db');
  let db = open(path);
  let state = new State(db);
  const used = new Set<number>();
  const draw = (count: number) => {
    const claims = state.claims.add((nextKey) =>
      Array.from({ length: count }, (_, i) => move(nextKey(), nodeOf(i))),
    );
    for (const { key } of claims) {
      assert.ok(!used.has(key), `${key} again`);
      assert.ok(key > Math.max(0, ...used), `${key} is not the highest`);
      used.add(key);
    }
    return claims.map(({ key }) => key);
  };
  const first = draw(5);
  for (const key of first) state.claims.settle(key);
  draw(1);
  assert.throws(() =>
    state.claims.add((nextKey) => {
      nextKey();
      throw new Error('not drafted');
    }),
  );
  draw(2);
  db.close();
  db = open(path);
  state = new State(db);
  draw(3);
  state.claims.clear();
  draw(1);
  assert.equal(state.claims.settledBelow(), Math.max(...used));
  db.close();
});

test('claims without an answer are found again after a restart, oldest first; abandoned ones are named by the next', (t) => {
  const path = join(folder(t), 'state.db');
  const first = open(path);
  const before = new State(first);
  before.claims.add((nextKey) => [
    move(nextKey(), nodeOf(1)),
    move(nextKey(), nodeOf(2)),
    move(nextKey(), nodeOf(1)),
  ]);
  before.claims.abandon(1, nodeOf(1));
  first.close();
  const db = open(path);
  const state = new State(db);
  assert.deepEqual(
    state.claims.unanswered().map((each) => each.key),
    [2, 3],
  );
  assert.deepEqual(state.claims.abandonedKeys(nodeOf(1)), [1]);
  assert.deepEqual(state.claims.abandonedKeys(nodeOf(2)), []);
  assert.equal(state.claims.settledBelow(), 1);
  state.claims.settle(3);
  state.claims.dropAbandoned(nodeOf(1), 3);
  assert.deepEqual(state.claims.abandonedKeys(nodeOf(1)), []);
  assert.equal(state.claims.settledBelow(), 2);
  db.close();
});

// --- the frontier ------------------------------------------------------------------------------------------------

const EPOCH = parseEpoch('0123456789ab');
const DEVICE = ACCOUNT.deviceId;

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
      if (local) state.local.setParked(id, place > 0);
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

test('property: comparing the trees as a whole finds nothing that was not named when it was written', () => {
  const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
  fc.assert(
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
    { seed, numRuns: 300 },
  );
});

test('property: what differs between the trees is exactly what comparing them as a whole finds', () => {
  fc.assert(
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
    { numRuns: 200 },
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
