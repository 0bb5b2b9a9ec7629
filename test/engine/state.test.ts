/** The client's state: refusals, durability, keys, keys that are never used again. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { OLDER_STATE } from '../../src/engine/state/claims-table.ts';
import { durably, openState } from '../../src/engine/state/database.ts';
import { createStateFolder, openStateFolder } from '../../src/engine/state/node-state-folder.ts';
import { State } from '../../src/engine/state/state.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import {
  type NodeId,
  parseDeviceId,
  parseNamespaceId,
  parseNodeId,
  parseVersionId,
  ROOT_NODE,
} from '../../src/protocol/ids.ts';
import { folder, LATEST, open } from './state-file.ts';

// --- opening -----------------------------------------------------------------------------------------------------

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

function nodeOf(i: number): NodeId {
  return parseNodeId(`01990000-0000-7000-8000-${String(i).padStart(12, '0')}`);
}

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

function editOf(key: number, node: NodeId): Claim {
  return {
    op: 'edit',
    key,
    node,
    editedAt: 1,
    unanswered: [],
    base: parseVersionId('0123456789ab.1'),
    content: { kind: 'symlink', target: 'there' },
    mtimeNs: '0',
    onStale: 'fork',
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

test('a state that was put back draws its keys above all that the server knows, and above those on their way', (t) => {
  const db = open(join(folder(t), 'state.db'));
  const state = new State(db);
  const next = () => state.claims.add((nextKey) => [move(nextKey(), nodeOf(1))])[0]?.key ?? 0;
  assert.equal(next(), 1);
  state.claims.skipTo(2);
  assert.equal(next(), 2, 'nothing that it does not know itself');
  assert.equal(state.meta.get(OLDER_STATE), null);
  state.claims.skipTo(30);
  assert.equal(state.meta.get(OLDER_STATE), 'yes', 'what is missing is not believed to be deleted');
  const far = next();
  assert.ok(far > 100, `${far} may be that of a claim that is still on its way`);
  state.claims.skipTo(30);
  assert.equal(next(), far + 1);
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
  state.claims.dropAbandoned(move(3, nodeOf(1)));
  assert.deepEqual(state.claims.abandonedKeys(nodeOf(1)), []);
  assert.equal(state.claims.settledBelow(), 1, 'a power cut would bring the answered claim back');
  state.claims.add((nextKey) => [move(nextKey(), nodeOf(3))]);
  assert.equal(state.claims.settledBelow(), 2);
  db.close();
});

test('an answered move settles abandoned moves, and leaves an abandoned edit to be named by the next edit (RULES 5)', () => {
  const db = open(':memory:');
  const { claims } = new State(db);
  const node = nodeOf(1);
  claims.add((nextKey) => [editOf(nextKey(), node), move(nextKey(), node), move(nextKey(), node)]);
  claims.abandon(1, node);
  claims.abandon(2, node);
  claims.settle(3);
  claims.dropAbandoned(move(3, node));
  assert.deepEqual(claims.abandonedKeys(node), [1]);
  claims.dropAbandoned(editOf(4, node));
  assert.deepEqual(claims.abandonedKeys(node), []);
  db.close();
});

test('keys of nodes that are no more are settled, so that the server may forget their outcomes', () => {
  const db = open(':memory:');
  const { claims } = new State(db);
  claims.add((nextKey) => [move(nextKey(), nodeOf(1)), move(nextKey(), nodeOf(2))]);
  claims.abandon(1, nodeOf(1));
  assert.equal(claims.settledBelow(), 1);
  claims.dropOrphans();
  assert.deepEqual(
    claims.unanswered().map((each) => each.key),
    [2],
    'what has no answer yet stays',
  );
  assert.equal(claims.settledBelow(), 1, 'nothing was flushed since');
  claims.add((nextKey) => [move(nextKey(), nodeOf(3))]);
  assert.equal(claims.settledBelow(), 2);
  db.close();
});
