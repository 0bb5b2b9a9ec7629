/** A real store, damaged in every way that fsck knows: seen, told, and mended where that is promised. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { checkServer } from '../../server-stub/fsck/check-server.ts';
import type { FindingCode } from '../../server-stub/fsck/finding.ts';
import { fileOf, linkDevice, WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { typed } from '../support/typed.ts';
import { readFiles } from './wire-files.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };
const LARGE = 300 * 1024;

interface Place {
  readonly data: string;
  readonly device: WireDevice;
  readonly files: ReadonlyMap<string, Buffer>;
}

let made: Promise<Place> | null = null;
after(async () => {
  if (made !== null) await rm((await made).data, { recursive: true, force: true });
});

/** A copy of one healthy place for every test. */
async function newPlace(t: TestContext): Promise<Place> {
  made ??= makePlace();
  const place = await made;
  const data = await mkdtemp(join(tmpdir(), 'fsck-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  await cp(place.data, data, { recursive: true, preserveTimestamps: true });
  return { ...place, data };
}

/** A server with some history, at rest: folders, edits, a fork, deletions. */
async function makePlace(): Promise<Place> {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  const device = await linkDevice(wire, ME);
  const other = await linkDevice(wire, ME, 'other');
  const large = randomBytes(LARGE);
  await device.addFile('large', large);
  const [folder] = await device.finalize(device.create('folder', null));
  const { content, frames } = fileOf(Buffer.from('inside'));
  await device.commit(frames, device.create('inside', content, folder!.events[0]!.node));
  const event = await device.addFile('edited', Buffer.from('one'));
  const two = fileOf(Buffer.from('two'));
  await device.commit(two.frames, device.edit(event, two.content));
  const three = fileOf(Buffer.from('three'));
  await other.commit(three.frames, other.edit(event, three.content));
  const gone = await device.addFile('gone', Buffer.from('gone'));
  await device.finalize(device.remove(gone, gone.seq));
  const [dead] = await device.finalize(device.create('dead folder', null));
  await device.commit(frames, device.create('dead inside', content, dead!.events[0]!.node));
  await device.finalize(device.remove(dead!.events[0]!, dead!.events[0]!.seq + 1));
  await other.cursor();
  const files = await readFiles(device);
  await wire.close();
  await server.stop();
  return { data: server.data, device, files };
}

function change(data: string, sql: string): void {
  const db = new Database(join(data, 'metadata.sqlite'));
  try {
    // Only so may the schema itself be damaged.
    db.unsafeMode();
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
  } finally {
    db.close();
  }
}

const codes = (findings: readonly { readonly code: FindingCode }[]) =>
  [...new Set(findings.map(({ code }) => code))].sort();

/** All files, read through a server on the folder; the new epoch is taken as a device takes it. */
async function served({ data, device }: Place): Promise<ReadonlyMap<string, Buffer>> {
  const server = await startTestServer({ data });
  const wire = new Wire(server.url);
  try {
    const again = new WireDevice(wire, device.link, device.instance, device.name);
    again.generation = device.generation;
    await again.hello();
    return await readFiles(again);
  } finally {
    await wire.close();
    await server.stop();
  }
}

const NODE = (name: string) => `(SELECT id FROM nodes WHERE name = '${name}')`;

interface Damage {
  readonly sql: string;
  readonly found: readonly FindingCode[];
}

const MENDED: Readonly<Record<string, Damage>> = {
  'a head that names a version that never was': {
    sql: `UPDATE nodes SET head = '000000000000.9999', head_seq = 1 WHERE name = 'edited' AND dead_seq = 0`,
    found: ['head-missing'],
  },
  'a node that forgot its last edit': {
    sql: `UPDATE nodes SET (head, head_seq) = (SELECT v.epoch || '.' || v.seq, v.seq FROM versions v
      WHERE v.node = nodes.id AND v.number = 1) WHERE name = 'edited' AND dead_seq = 0`,
    found: ['node-behind-journal'],
  },
  'versions whose node is gone': {
    sql: `DELETE FROM nodes WHERE name = 'large'`,
    found: ['version-without-node', 'node-count'],
  },
  'a file in a folder that is dead': {
    sql: `UPDATE nodes SET dead_seq = 1 WHERE name = 'folder'`,
    found: ['node-lost'],
  },
  'folders that are in each other': {
    sql: `UPDATE nodes SET parent = id WHERE name = 'folder'`,
    found: ['node-lost'],
  },
  'a wrong count of nodes': { sql: 'UPDATE namespaces SET node_count = 3', found: ['node-count'] },
  'a journal with a row missing in the middle': {
    sql: 'DELETE FROM journal WHERE seq = 4',
    found: ['journal-gap'],
  },
  'a journal row that was changed': {
    sql: `UPDATE journal SET name = 'another' WHERE seq = 3`,
    found: ['journal-hash'],
  },
  'a journal that lost its end': {
    sql: 'DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)',
    found: ['journal-head'],
  },
  'a namespace that forgot how far it had got': {
    sql: `INSERT INTO cursors (device, ns, epoch, seq, at) SELECT d.no, n.no, n.epoch, n.head_seq, 1
      FROM devices d, namespaces n LIMIT 1; UPDATE namespaces SET head_seq = head_seq - 1`,
    found: ['cursor-ahead', 'journal-head', 'outcome-ahead'],
  },
  'an outcome that cannot be read': {
    sql: `UPDATE outcomes SET body = '{"decision":' WHERE key = 1`,
    found: ['outcome-unreadable'],
  },
  'a job whose state cannot be read': {
    sql: `INSERT INTO job_rounds VALUES ('collection', 1, 1, NULL, '{{', 'half way') ON CONFLICT DO UPDATE SET state = '{{'`,
    found: ['job-state'],
  },
  'a lease from another century': {
    sql: `INSERT INTO leases VALUES ('scrub', 'x', 1, 9000000000000) ON CONFLICT DO UPDATE SET until_at = 9000000000000`,
    found: ['lease-far'],
  },
  'a wrong sum of what is stored': {
    sql: 'UPDATE stored_bytes SET bytes = bytes + 1',
    found: ['stored-bytes'],
  },
};

for (const [name, { sql, found }] of Object.entries(MENDED))
  test(`found and mended: ${name}`, async (t) => {
    const place = await newPlace(t);
    change(place.data, sql);
    const before = await checkServer(place.data, false);
    assert.deepEqual(codes(before.findings), [...found].sort());
    const mended = await checkServer(place.data, true);
    assert.deepEqual(mended.findings, [], 'everything fits again');
    assert(mended.kept !== null && mended.repaired.length > 0);
    // Every byte that was there is served, under its name or another one.
    const texts = [...(await served(place)).values()].map((bytes) => bytes.toString('latin1'));
    for (const [file, bytes] of place.files) assert(texts.includes(bytes.toString('latin1')), file);
  });

test('a healthy store has no findings, and a repair of it touches nothing', async (t) => {
  const { data } = await newPlace(t);
  const nothing = { findings: [], repaired: [], kept: null, newEpochs: 0 };
  assert.deepEqual(await checkServer(data, false), nothing);
  assert.deepEqual(await checkServer(data, true), nothing);
});

const TOLD: Readonly<Record<string, Damage>> = {
  'a conflict without its copy': {
    sql: `UPDATE conflicts SET copy = '00000000-0000-7000-8000-0000000000ff'`,
    found: ['conflict-without-node'],
  },
  'a node from the future': {
    sql: `UPDATE nodes SET entry_seq = 99999 WHERE name = 'large'`,
    found: ['node-ahead'],
  },
  'a version without its manifest': {
    sql: `DELETE FROM manifests WHERE id = (SELECT manifest FROM versions WHERE node = ${NODE('large')})`,
    found: ['version-without-manifest'],
  },
  'a manifest that is not readable': {
    sql: `UPDATE manifests SET encoded = x'00' WHERE id = (SELECT manifest FROM versions WHERE node = ${NODE('large')})`,
    found: ['manifest-unreadable'],
  },
  'a chunk without its row': {
    sql: 'DELETE FROM chunks WHERE size = (SELECT max(size) FROM chunks)',
    found: ['chunk-missing'],
  },
  'a tenant without its key': { sql: 'DELETE FROM tenant_keys', found: ['key-missing'] },
  'a row that points nowhere': {
    sql: `INSERT INTO cursors (device, ns, epoch, seq, at) VALUES (1, 77, 'x', 1, 1)`,
    found: ['dangling-reference'],
  },
  'a share that nobody owns': {
    sql: `INSERT INTO shares (ns, kind, name, at) SELECT no, 'folder', 'the share', 1 FROM namespaces`,
    found: ['share-without-owner'],
  },
};

test('found and told, because only a backup or a device has it', async (t) => {
  for (const [name, { sql, found }] of Object.entries(TOLD)) {
    const place = await newPlace(t);
    change(place.data, sql);
    const { findings } = await checkServer(place.data, false);
    assert.deepEqual(codes(findings), [...found].sort(), name);
    for (const { repair, sentence } of findings) assert(repair === null && /\.$/.test(sentence), name);
    const { kept } = await checkServer(place.data, true);
    assert.equal(kept, null, `${name}: nothing was touched`);
  }
});

test('bytes that are gone, or are others, count as damaged, and the device that has them brings them back', async (t) => {
  const place = await newPlace(t);
  const large = join(place.data, 'chunks/large');
  const [folder] = await readdir(large);
  const [file] = await readdir(join(large, folder!));
  await truncate(join(large, folder!, file!), 1000);
  const said = await typed(['server', 'fsck', '--data', place.data]);
  assert.equal(said.code, 1);
  assert.match(said.stdout, /copy-missing {2}chunk [0-9a-f]{64}: The bytes .*Repair: It counts as damaged/);
  const mended = await typed(['server', 'fsck', '--data', place.data, '--repair', '--json']);
  assert.deepEqual([mended.code, JSON.parse(mended.stdout).findings], [0, []]);
  const server = await startTestServer({ data: place.data });
  const wire = new Wire(server.url);
  const again = new WireDevice(wire, place.device.link, place.device.instance, place.device.name);
  again.generation = place.device.generation;
  again.key = 1000;
  await again.hello();
  await again.addFile('sent again', place.files.get('large')!);
  assert.deepEqual((await readFiles(again)).get('large'), place.files.get('large'));
  await wire.close();
  const busy = await typed(['server', 'fsck', '--data', place.data, '--repair']);
  assert.deepEqual([busy.code, /Another server is running/.test(busy.stderr)], [1, true]);
  assert.equal((await typed(['server', 'fsck', '--data', place.data])).code, 0, 'looking is allowed');
  await server.stop();
});

test('a damaged database file is told, and nothing of it is touched', async (t) => {
  const place = await newPlace(t);
  change(
    place.data,
    `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'nodes_by_change'; PRAGMA writable_schema = RESET`,
  );
  const { findings } = await checkServer(place.data, true);
  assert.deepEqual(codes(findings), ['database-damaged']);
});
