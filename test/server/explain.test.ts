/** What an operator is told of a real history: renamed, clashed, deleted, restored, collected; on a real store. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { chunkSites } from '../../server-stub/chunks/sites.ts';
import type { ExplainAnswer, Question } from '../../server-stub/explain/answer.ts';
import { explain } from '../../server-stub/explain/explain.ts';
import { likeness, wishFor } from '../../server-stub/explain/likeness.ts';
import { lineageLines, lineageOf } from '../../server-stub/explain/lineage.ts';
import { pageOf } from '../../server-stub/explain/page-of.ts';
import { collectionJob } from '../../server-stub/jobs/collection-job.ts';
import { JobRunner } from '../../server-stub/jobs/job-runner.ts';
import { lineageJob } from '../../server-stub/jobs/lineage-job.ts';
import { livedHoursJob } from '../../server-stub/jobs/lived-hours-job.ts';
import { retentionJob } from '../../server-stub/jobs/retention-job.ts';
import { openSqliteReader } from '../../server-stub/metadata/sqlite-store.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import { explainLines } from '../../src/cli/explain-text.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { linkDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { typed } from '../support/typed.ts';
import { chunksOf, eventOf, file, type Hand, hashBytes, World } from './metadata-world.ts';

const HOUR = 3_600_000;
const { waits, retention } = SERVER_LIMITS;

let folder: string;
let world: World;
let jobs: JobRunner;
let reader: ReturnType<typeof openSqliteReader>;
let [laptop, phone]: Hand[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-'));
  const path = join(folder, 'metadata.sqlite');
  world = new World(path);
  reader = openSqliteReader(path);
  laptop = await world.device('laptop');
  phone = await world.device('phone');
  const clock = { now: () => world.clock.now, monotonic: () => world.clock.now, sleep: async () => {} };
  const random = { bytes: (count: number) => world.bytes(count), fraction: () => 0.5 };
  const chunks = createMemoryChunkStore(hashBytes);
  const all = [
    livedHoursJob(clock.monotonic, waits),
    retentionJob(SERVER_LIMITS),
    collectionJob(chunkSites(chunks), waits),
    lineageJob,
  ];
  jobs = new JobRunner({ store: world.db, clock, random, log: () => {} }, all);
});

after(async () => {
  await reader.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Over the connection that only reads. */
function ask(about: string, more: Partial<Question> = {}): Promise<ExplainAnswer> {
  const rules = { waits, retention, now: world.clock.now };
  return reader.read((tx) =>
    explain({ tx, rules, wakes: null }, { about, user: null, after: null, ...more }),
  );
}

async function story<K extends ExplainAnswer['kind']>(
  kind: K,
  about: string,
  more: Partial<Question> = {},
): Promise<Extract<ExplainAnswer, { kind: K }>> {
  const answer = await ask(about, more);
  assert.equal(answer.kind, kind, JSON.stringify(answer));
  return answer as Extract<ExplainAnswer, { kind: K }>;
}

const read = async () => assert.equal((await jobs.runNow('lineage')).kind, 'done');

async function renamed(hand: Hand, event: JournalEvent, name: string): Promise<JournalEvent> {
  const { rev, parent } = event.entry;
  return eventOf(await hand.one(hand.move({ node: event.node, baseEntryRev: rev, parent: parent!, name })));
}

test('a file is found by every name it ever had, misspelled too, and each name has its change', async () => {
  let event = await laptop!.make('Quarterly report.docx', 'text');
  event = await renamed(laptop!, event, 'Q3 final.docx');
  event = await renamed(phone!, event, 'Board paper.docx');
  const before = await story('node', event.node);
  assert.deepEqual([before.unread, before.changes.length], [0, 3], 'read from the journal before any index');
  await read();
  for (const reported of [
    'quarterly report.docx',
    'Quartely reprot',
    '/somewhere/Q3 final.docx',
    'board paper',
  ]) {
    const { matches } = await story('matches', reported);
    assert.equal(matches[0]?.at.node, event.node, reported);
    assert.equal(matches[0]?.at.path, '/Board paper.docx');
  }
  const told = await story('node', event.node);
  assert.deepEqual(
    told.names.map(({ name }) => name),
    ['Quarterly report.docx', 'Q3 final.docx', 'Board paper.docx'],
  );
  assert.deepEqual(
    told.changes.map(({ cause, by, key }) => [cause, by.deviceName, key !== null]),
    [
      ['move', 'phone', true],
      ['move', 'laptop', true],
      ['create', 'laptop', true],
    ],
  );
  const { matches } = await story('matches', '/Board paper.docx', { user: 'ana' });
  assert.deepEqual([matches[0]?.likeness, matches[0]?.since], [1, null], 'found standing there');
  assert.equal((await ask('/Board paper.docx', { user: 'nobody' })).kind, 'nothing');
});

test('a conflict is told apart: true concurrency, offline work, our lag; with both sides and their base', async () => {
  const causes: string[] = [];
  for (const [name, editedAfter, arrives] of [
    ['together.txt', -5000, 1000],
    ['offline.txt', -5000, HOUR],
    ['lag.txt', 10_000, 11_000],
  ] as const) {
    const event = await laptop!.make(name, 'first');
    world.clock.now += HOUR;
    const newer = world.clock.now;
    eventOf(await laptop!.write(event, 'second'));
    world.clock.now = newer + arrives;
    const base = event.head!.version;
    await world.store('third', phone!.caller);
    const outcome = await phone!.one(
      phone!.edit({ node: event.node, base, content: file('third'), editedAt: newer + editedAfter }),
    );
    assert(outcome.kind === 'forked');
    const told = await story('conflict', outcome.conflict);
    causes.push(told.line.cause);
    assert.equal(told.evidence.derived, told.line.cause, 'the recorded times say the same again');
    assert.equal(told.evidence.supersededAt, newer);
    assert.deepEqual([told.ancestor?.number, told.theirs?.number, told.mine?.by.deviceName], [1, 2, 'phone']);
    assert(told.actions.some(({ command }) => command.includes(outcome.conflict)));
    const node = await story('node', event.node);
    assert.deepEqual([node.forks.length, node.conflicts.length], [1, 1]);
    const graph = lineageOf(node.versions, node.forks, true);
    assert.deepEqual(
      graph.lines.map(({ from, to, kind }) => [graph.dots[from]?.label, graph.dots[to]?.label, kind]),
      [
        ['copy', 'V1', 'fork'],
        ['V2', 'V1', 'base'],
      ],
    );
    assert.match(
      lineageLines(graph).join('\n'),
      /├─○ copy .*from V1\n● {3}V2 {2}current, edit.*from V1\n● {3}V1/,
    );
  }
  assert.deepEqual(causes, ['concurrent', 'offline', 'lag']);
});

test('the deletion before a return is told: who, under which key, and with which folder', async () => {
  const box = await laptop!.make('box', null);
  const event = await laptop!.make('in it.txt', 'text', box.node);
  const [gone] = await phone!.send(phone!.remove(box));
  assert.equal(gone?.kind, 'committed');
  const dead = await story('node', event.node);
  assert.deepEqual(
    [dead.at.live, dead.grave?.standing, dead.grave?.within?.name, dead.grave?.by?.deviceName],
    [false, 'in-trash', 'box', 'phone'],
  );
  assert(dead.actions.some(({ command }) => command.includes('trash restore')));
  await laptop!.one(laptop!.undelete(box.node));
  const back = await story('node', box.node);
  assert.deepEqual(
    [back.at.live, back.grave?.standing, back.grave?.by?.deviceName, back.grave?.key !== null],
    [true, 'came-back', 'phone', true],
  );
  assert.deepEqual(
    back.children.map(({ name }) => name),
    ['in it.txt'],
  );
});

test('what the collection decided about a chunk is told, and who still needs it', async () => {
  world.clock.now = Math.ceil(world.clock.now / (24 * HOUR)) * 24 * HOUR + 12 * HOUR;
  const event = await laptop!.make('gc.txt', 'the text that goes');
  eventOf(await laptop!.write(event, 'the text that stays'));
  const [old] = chunksOf('the text that goes');
  const [kept] = chunksOf('the text that stays');
  const needed = await story('chunk', old!.id);
  assert.deepEqual(
    needed.references.map(({ at, version }) => [at.path, version.number]),
    [['/gc.txt', 1]],
  );
  for (let hour = 0; hour < 96; hour += 1) {
    world.clock.now += HOUR;
    await jobs.runDue();
  }
  const told = await story('chunk', old!.id);
  assert.equal(told.copies[0]?.state, 'quarantined');
  assert.deepEqual(
    told.decisions.map(({ decision }) => decision),
    ['quarantined', 'idle'],
  );
  assert.equal((await story('chunk', kept!.id)).copies[0]?.state, 'stored');
  const version = await story('version', event.head!.version);
  assert.equal(version.version.kept, null, 'let go');
  assert.deepEqual(
    version.decisions.map(({ decision }) => decision),
    ['released', 'due'],
  );
  assert.equal(version.chunks[0]?.state, 'quarantined');
});

test('a device is told with its cursor, its lag and what it did, and a change with who has heard of it', async () => {
  const event = await laptop!.make('reach.txt', 'text');
  const cursor = await world.metadata.head(laptop!.caller.namespace);
  await world.metadata.ackCursor(laptop!.caller, cursor);
  world.clock.now += 5000;
  await laptop!.make('later.txt', 'text');
  const told = await story('node', event.node);
  assert.deepEqual(
    told.reach.map(({ by, verdict, behind }) => [by.deviceName, verdict, behind > 0]),
    [
      ['laptop', 'has-it', true],
      ['phone', 'never-acknowledged', true],
    ],
  );
  const device = await story('device', laptop!.caller.device);
  const [surface] = device.surfaces;
  assert.deepEqual([surface?.behind, surface?.verdict], [1, 'behind']);
  assert.equal(surface?.waitingSince, world.clock.now);
  await read();
  const again = await story('device', laptop!.caller.device);
  assert.deepEqual([again.changes[0]?.name, again.changes[0]?.cause], ['later.txt', 'create']);
  const further = await story('device', laptop!.caller.device, { after: String(again.changes[0]!.seq) });
  assert.equal(further.changes[0]?.name, 'reach.txt');
  assert(device.unsettled.some(({ outcome }) => outcome === 'committed'));
});

test('a folder of many entries is told in pages, and no question walks through all of it', async () => {
  const big = await laptop!.make('big', null);
  const names = Array.from({ length: 250 }, (_, i) => `entry ${String(i).padStart(3, '0')}`);
  for (let at = 0; at < names.length; at += 50)
    await laptop!.send(
      ...names.slice(at, at + 50).map((name) => laptop!.create({ name, content: null, parent: big.node })),
    );
  const seen: string[] = [];
  for (let next: string | null = null; ; ) {
    const page: Extract<ExplainAnswer, { kind: 'node' }> = await story('node', big.node, { after: next });
    seen.push(...page.children.map(({ name }) => name));
    next = page.next;
    if (next === null || !next.startsWith('n')) break;
  }
  assert.deepEqual(seen, names);
});

test('every answer becomes a page and lines of text, whatever the names say', async () => {
  const hostile = `<script>alert(1)<script>\u202egnp.exe ${'x'.repeat(180)}`;
  const event = await laptop!.make(hostile, 'text');
  const lines = explainLines(pageOf(await story('node', event.node))).join('\n');
  assert(!lines.includes('\u202e'), 'nothing turns the text around');
  assert(lines.includes('\\u202egnp.exe'));
  for (const about of [
    hostile,
    'no such thing at all',
    '',
    '/',
    'x',
    laptop!.caller.device,
    event.head!.version,
  ])
    assert(explainLines(pageOf(await ask(about))).length > 0, about);
  const unknown = '00000000-0000-7000-8000-00000000abcd';
  for (const about of [unknown, 'f'.repeat(64), `${'0'.repeat(12)}.5`])
    assert.equal((await ask(about)).kind, 'nothing', about);
});

test('likeness: case is nothing, a slip costs a little, another name much', () => {
  assert.equal(likeness('REPORT.docx', 'report.DOCX'), 1);
  assert(likeness('reprot.docx', 'report.docx') > 0.5);
  assert(likeness('report', 'Quarterly report.docx') >= 0.8);
  assert(likeness('report.docx', 'holiday.jpeg') < 0.3);
  assert.deepEqual(wishFor('ab'), { kind: 'beginning', folded: 'ab' });
});

test('the command line asks a server that runs, by name and by id, and changes nothing', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  try {
    const me = { user: TEST_USER.name, password: TEST_USER.password };
    const device = await linkDevice(wire, me, 'laptop');
    const event = await device.addFile('Budget.ods', Buffer.from('one'));
    await server.server.core.jobs.runNow('lineage');
    const run = (...words: readonly string[]) => typed(['admin', 'explain', ...words, '--data', server.data]);
    const found = await run('bugdet', '--json');
    assert.deepEqual([found.code, JSON.parse(found.stdout).matches[0].at.node], [0, event.node]);
    const told = await run(event.node);
    assert.equal(told.code, 0);
    for (const line of [/^File: \/Budget\.ods/, /● {3}V1 {2}current, create/, /server fsck --data DIR/])
      assert.match(told.stdout, line);
    const none = await run('nothing like it');
    assert.equal(none.code, 1);
  } finally {
    await wire.close();
    await server.close();
  }
});
