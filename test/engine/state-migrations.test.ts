/** The client's state, opened by a newer version: every step of its schema, with everything in it kept. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { Mount } from '../../src/engine/state/mounts-table.ts';
import { State } from '../../src/engine/state/state.ts';
import { parseNamespaceId, parseNodeId, parseVersionId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { folder, LATEST, MIGRATIONS, open } from './state-file.ts';

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

test('migration 2: from the first schema, with everything in it kept', (t) => {
  const path = join(folder(t), 'state.db');
  const first = new Database(path);
  const schema = new URL('../../src/engine/state/migrations/001-first.sql', import.meta.url);
  first.exec(readFileSync(schema, 'utf8'));
  first.exec("INSERT INTO meta VALUES ('mark', 'x'); PRAGMA user_version = 1");
  first.close();
  const db = open(path);
  assert.equal(db.pragma('user_version', { simple: true }), LATEST);
  assert.equal(db.prepare("SELECT value FROM meta WHERE key = 'mark'").pluck().get(), 'x');
  assert.equal(db.prepare('SELECT count(*) FROM ancestors').pluck().get(), 0);
  db.close();
});

test('migration 3: folders that stay online, in a state from before there were any', (t) => {
  const path = join(folder(t), 'state.db');
  const second = new Database(path);
  for (const name of ['001-first.sql', '002-ancestors.sql'])
    second.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  second.exec("INSERT INTO meta VALUES ('mark', 'x'); PRAGMA user_version = 2");
  second.close();
  const db = open(path);
  assert.equal(db.prepare("SELECT value FROM meta WHERE key = 'mark'").pluck().get(), 'x');
  const node = parseNodeId('01990000-0000-7000-8000-00000000000a');
  new State(db).online.mark(node, 1);
  assert.deepEqual(new State(db).online.folders(), [node]);
  db.close();
});

test('migration 4: old ledger rows are kept, for explain only; new ones say who did it', (t) => {
  const path = join(folder(t), 'state.db');
  const second = new Database(path);
  for (const name of ['001-first.sql', '002-ancestors.sql', '003-online.sql'])
    second.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  const node = '01990000-0000-7000-8000-00000000000a';
  second.exec(
    `INSERT INTO ledger (at, node, path, verb, rule, detail) VALUES (5, '${node}', 'old.txt', 'moved', 'r', '')`,
  );
  second.exec(
    `INSERT INTO remote VALUES ('${node}', 'file', '${ROOT_NODE}', 'old.txt', 'old.txt', 1, 1, 7, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, 0, 0, '0', 'B, ben')`,
  );
  second.exec('PRAGMA user_version = 3');
  second.close();
  const db = open(path);
  assert.equal(db.pragma('user_version', { simple: true }), LATEST);
  const state = new State(db);
  assert.deepEqual(
    state.ledger.recent(10).map((each) => each.path),
    ['old.txt'],
  );
  assert.deepEqual(state.ledger.toldBefore(1e9, 10), []);
  const deed = {
    activity: 'moved',
    direction: 'received',
    device: 'B',
    user: 'ben',
    number: 4,
    size: 12,
    from: 'old.txt',
    fromParent: ROOT_NODE,
    undo: 'place',
    version: parseVersionId('aaaaaaaaaaaa.4'),
    entryRev: 2,
  } as const;
  state.ledger.add({
    at: 6,
    node: parseNodeId(node),
    path: 'new.txt',
    verb: 'v',
    rule: 'r',
    detail: '',
    deed,
  });
  const [told] = state.ledger.toldBefore(1e9, 10);
  assert.deepEqual(told?.deed, deed);
  assert.equal(state.ledger.toldBefore(1e9, 10, { path: 'old.txt', node: null }).length, 1);
  assert.equal(state.ledger.toldBefore(1e9, 10, { path: 'other.txt', node: null }).length, 0);
  assert.equal(state.remote.get(parseNodeId(node))?.headOrigin, '');
  db.close();
});

test('migration 5: batches that were held before are held still, with their files by path', (t) => {
  const path = join(folder(t), 'state.db');
  const fourth = new Database(path);
  for (const name of ['001-first.sql', '002-ancestors.sql', '003-online.sql', '004-activity.sql'])
    fourth.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  const node = parseNodeId('01990000-0000-7000-8000-00000000000a');
  fourth.exec(`INSERT INTO reviews (id, kind, evidence, at) VALUES ('r', 'send-deletes', 'e', 7);
    INSERT INTO review_nodes (node, review, path, files) VALUES ('${node}', 'r', 'd/f', 1);
    PRAGMA user_version = 4`);
  fourth.close();
  const db = open(path);
  assert.equal(db.pragma('user_version', { simple: true }), LATEST);
  const { reviews } = new State(db);
  assert.deepEqual(
    reviews.list().map((each) => [each.id, each.at, each.lastAt, each.files]),
    [['r', 7, 7, 1]],
  );
  assert.deepEqual(
    reviews.filesAfter('r', 0, 9).map((each) => [each.path, each.size]),
    [['d/f', null]],
  );
  reviews.close('r', null, 8);
  assert.equal(reviews.sumOf('r').files, 0);
  db.close();
});

test('migrations 6 and 10: exchanges that were under way are known still, without what stood at their paths, and which file is ours', (t) => {
  const path = join(folder(t), 'state.db');
  const fifth = new Database(path);
  for (const name of readdirSync(MIGRATIONS).sort().slice(0, 5))
    fifth.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  const node = parseNodeId('01990000-0000-7000-8000-00000000000a');
  fifth.exec(`INSERT INTO intents (node, kind, staged, path, at) VALUES ('${node}', 'exchange', 's', 'p', 0);
    PRAGMA user_version = 5`);
  fifth.close();
  const db = open(path);
  assert.equal(db.pragma('user_version', { simple: true }), LATEST);
  assert.deepEqual(new State(db).intents.open(), [
    { kind: 'exchange', node, staged: 's', path: 'p', stamp: '', ours: '' },
  ]);
  db.close();
});

test('versions that were agreed on before are known by number and content, the last ones of each node', (t) => {
  const db = open(join(folder(t), 'state.db'));
  const { synced } = new State(db);
  const node = parseNodeId('01990000-0000-7000-8000-00000000000a');
  const version = (seq: number) => parseVersionId(`aaaaaaaaaaaa.${seq}`);
  const content = (text: string) => ({ kind: 'symlink', target: text }) as const;
  const row = { node, kind: 'symlink', parent: ROOT_NODE, name: 'n', entryRev: 1, stamp: '' } as const;
  for (let seq = 1; seq <= 50; seq += 1)
    synced.put({ ...row, version: version(seq), content: content(`${seq}`) });
  assert.equal(synced.wasAgreed(node, version(49), content('49')), true);
  assert.equal(synced.wasAgreed(node, version(49), content('another')), false);
  assert.equal(synced.wasAgreed(node, version(50), content('50')), false, 'it still is');
  assert.equal(synced.wasAgreed(node, version(1), content('1')), false);
  assert.equal(db.prepare('SELECT count(*) FROM ancestors').pluck().get(), 32);
  synced.remove(node);
  assert.equal(db.prepare('SELECT count(*) FROM ancestors').pluck().get(), 0);
  db.close();
});

test('migration 8: shares, in a state from before there were any, with everything in it kept', (t) => {
  const path = join(folder(t), 'state.db');
  const before = new Database(path);
  for (const name of readdirSync(MIGRATIONS)
    .filter((each) => /^00[1-7]-.*\.sql$/.test(each))
    .sort())
    before.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  before.exec("INSERT INTO meta VALUES ('mark', 'x'); PRAGMA user_version = 7");
  before.close();
  const db = open(path);
  assert.equal(db.prepare("SELECT value FROM meta WHERE key = 'mark'").pluck().get(), 'x');
  const mount: Mount = {
    namespace: parseNamespaceId('01990000-0000-7000-8000-000000000001'),
    name: 'Plans',
    place: { parent: ROOT_NODE, name: 'Plans (2)' },
    fileId: '7:1',
    marked: true,
    agreed: null,
    ending: { why: 'left', kept: 'Plans (kept)', trash: null },
  };
  assert.deepEqual(new State(db).mounts.list(), []);
  new State(db).mounts.put(mount);
  db.close();
  const again = open(path);
  assert.deepEqual(new State(again).mounts.list(), [mount]);
  again.close();
});

test('migration 9: notes of renames and folders, in a state from before there were any', (t) => {
  const path = join(folder(t), 'state.db');
  const before = new Database(path);
  for (const name of readdirSync(MIGRATIONS)
    .filter((each) => /^00[1-8]-.*\.sql$/.test(each))
    .sort())
    before.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  before.exec("INSERT INTO meta VALUES ('mark', 'x'); PRAGMA user_version = 8");
  before.close();
  const db = open(path);
  assert.equal(db.prepare("SELECT value FROM meta WHERE key = 'mark'").pluck().get(), 'x');
  const { shaping } = new State(db);
  const to = { parent: ROOT_NODE, name: 'b', entryRev: 2 };
  const moved = {
    node: parseNodeId('01990000-0000-7000-8000-00000000000a'),
    fileId: '7:1',
    from: { parent: ROOT_NODE, name: 'a', entryRev: 1 },
    to,
  };
  const made = {
    node: parseNodeId('01990000-0000-7000-8000-00000000000b'),
    fileId: null,
    from: null,
    to: { ...to, name: 'c' },
  };
  shaping.begin([moved, made]);
  shaping.begin([moved]);
  assert.deepEqual(shaping.open(), [made, moved], 'in the order of the last notes');
  shaping.finish([made, moved]);
  assert.deepEqual(shaping.open(), []);
  db.close();
});
