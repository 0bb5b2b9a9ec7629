/** The verbs inside shared folders: by path, by id and in lists, on real folders, by two users. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Params, Result } from '../../src/ipc/contract.ts';
import { Fleet, type TestDevice, until } from '../support/devices.ts';

let fleet: Fleet;
let desk: TestDevice;
let bobs: TestDevice;
let plans: string;

before(
  async () => {
    fleet = await Fleet.open('Desk');
    await fleet.addUser('bob');
    await (await fleet.linkFor('bob', 'Bobs')).start();
    [desk, bobs] = fleet.devices as [TestDevice, TestDevice];
    await mkdir(desk.path('Work'));
    await settle(desk);
    plans = (await desk.ask('shares.create', { name: 'Plans', kind: 'folder' })).id;
    await desk.ask('shares.move', { share: 'Plans', place: 'Work/Plans' });
    await desk.ask('shares.member', { share: 'Plans', user: 'bob', role: 'editor' });
    await bobs.ask('shares.answer', { share: 'Plans', accept: true });
    await writeFile(desk.path('Work/Plans/a.txt'), 'first');
    await shows(bobs, 'Plans/a.txt', 'first');
  },
  { timeout: 240_000 },
);
after(() => fleet?.close());

const read = (device: TestDevice, path: string) => readFile(device.path(path), 'utf8').catch(() => null);

async function settle(...devices: readonly TestDevice[]): Promise<void> {
  for (const device of [...devices, ...devices]) {
    const answer = await device.ask('wait', { timeout: 20 });
    assert.ok(answer.done, `${device.name}: ${answer.sentence}\n${device.log()}`);
  }
}

async function shows(device: TestDevice, path: string, text: string | null): Promise<void> {
  await until(`${device.name} has ${path} with ${text}`, async () =>
    (await read(device, path)) === text ? true : null,
  );
}

async function allActivities(
  device: TestDevice,
  limit: number,
): Promise<Result<'activity.list'>['activities']> {
  const rows: Result<'activity.list'>['activities'] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const params: Params<'activity.list'> = after === undefined ? { limit } : { limit, after };
    const page = await device.ask('activity.list', params);
    assert.ok(page.activities.length <= limit);
    rows.push(...page.activities);
    after = page.next;
  }
  return rows;
}

test('the trash holds what was deleted in every space, as one list in pages; a batch comes back to where it was', {
  timeout: 120_000,
}, async () => {
  await writeFile(desk.path('own 1.txt'), 'own');
  await writeFile(desk.path('own 2.txt'), 'own');
  await writeFile(desk.path('Work/Plans/b.txt'), 'b');
  await writeFile(desk.path('Work/Plans/c.txt'), 'c');
  await shows(bobs, 'Plans/b.txt', 'b');
  await shows(bobs, 'Plans/c.txt', 'c');
  await settle(desk, bobs);
  for (const path of ['own 1.txt', 'Work/Plans/b.txt', 'own 2.txt', 'Work/Plans/c.txt']) {
    await rm(desk.path(path));
    await settle(desk);
  }
  const whole = await desk.ask('trash.list', {});
  const times = whole.items.filter(({ where }) => where === 'server').map(({ deletedAt }) => deletedAt);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
  assert.deepEqual(
    whole.items.slice(0, 4).map(({ path }) => path),
    ['Work/Plans/c.txt', 'own 2.txt', 'Work/Plans/b.txt', 'own 1.txt'],
  );
  const paged: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: Result<'trash.list'> = await desk.ask(
      'trash.list',
      after === undefined ? { limit: 1 } : { limit: 1, after },
    );
    paged.push(...page.items.map(({ id }) => id));
    after = page.next;
  }
  assert.deepEqual(
    paged,
    whole.items.map(({ id }) => id),
  );
  const batch = whole.items[0]?.batch ?? '';
  assert.equal(whole.items[2]?.batch, batch, 'those of the share are one batch');
  assert.notEqual(whole.items[1]?.batch, batch);
  const back = await desk.ask('trash.restore', { batch });
  assert.equal(back.restored, 2);
  await shows(bobs, 'Plans/b.txt', 'b');
  const one = await desk.ask('trash.restore', { id: whole.items[3]?.id ?? '' });
  assert.equal(one.path, 'own 1.txt');
  await settle(desk, bobs);
});

test('a conflict in a share is listed where it stands, and settled from the command line and by its id', {
  timeout: 120_000,
}, async () => {
  await bobs.ask('pause', {});
  await writeFile(bobs.path('Plans/a.txt'), 'by Bob');
  await writeFile(desk.path('Work/Plans/a.txt'), 'by Anna');
  await settle(desk);
  await bobs.ask('resume', {});
  const [row] = await until('the conflict is known', async () => {
    const { conflicts, total } = await desk.ask('conflicts.list', {});
    return total === 1 ? conflicts : null;
  });
  assert.equal(row?.path, 'Work/Plans/a.txt');
  assert.match(row?.copyPath ?? '', /^Work\/Plans\/a \(conflict - Bobs, bob/);
  assert.equal((await desk.status()).conflicts, 1);
  const shown = await desk.type('conflicts', 'show', row?.id ?? '');
  assert.match(shown.stdout, /Work\/Plans\/a\.txt/);
  const settled = await desk.type('conflicts', 'resolve', row?.id ?? '', '--keep', 'theirs');
  assert.equal(settled.code, 0, settled.stderr);
  await shows(desk, 'Work/Plans/a.txt', 'by Bob');
  await shows(bobs, 'Plans/a.txt', 'by Bob');
  await settle(desk, bobs);
  const { conflicts } = await bobs.ask('conflicts.list', { status: 'resolved' });
  assert.deepEqual([conflicts[0]?.id, conflicts[0]?.path], [row?.id, 'Plans/a.txt']);
  const undone = await bobs.ask('conflicts.undo', { id: row?.id ?? '' });
  assert.equal(undone.path, 'Plans/a.txt');
  assert.match(undone.sentence, /Both sides of Plans\/a\.txt stand again/);
  await desk.ask('conflicts.resolve', { id: row?.id ?? '', keep: 'mine' });
  await shows(bobs, 'Plans/a.txt', 'by Anna');
  await settle(desk, bobs);
});

test('versions of a file in a share are listed, read, named, kept and put back', {
  timeout: 120_000,
}, async () => {
  const path = 'Work/Plans/a.txt';
  const history = await desk.ask('history', { path });
  assert.equal(history.path, path);
  assert.equal(history.nodes[0]?.path, path);
  const node = history.nodes[0]?.node ?? '';
  assert.equal((await desk.ask('history', { node })).path, path, 'by its id as well');
  const first = await desk.type('cat', path, '--version', '1');
  assert.equal(first.stdout, 'first');
  const labelled = await desk.type('label', path, '1', 'as it began');
  assert.match(labelled.stdout, /V1 of Work\/Plans\/a\.txt is labelled/, labelled.stderr);
  const back = await desk.ask('restore', { path, version: 1 });
  assert.equal(back.path, path);
  assert.match(back.sentence, /^Work\/Plans\/a\.txt has the content of V1 again/);
  await shows(bobs, 'Plans/a.txt', 'first');
  const explained = await desk.ask('explain', { path });
  assert.deepEqual([explained.path, explained.local?.path, explained.remote?.path], [path, path, path]);
  assert.match(explained.sentence, /^Work\/Plans\/a\.txt is on both sides/);
  assert.equal((await desk.type('repair', '--file', path)).code, 0);
  const folder = await desk.type('history', 'Work/Plans');
  assert.equal(folder.code, 1);
  assert.match(folder.stderr, /Work\/Plans is the folder of a share/);
});

test('policy and holds are those of the share that a path is in', { timeout: 120_000 }, async () => {
  const set = await desk.type('retention', 'Work/Plans/a.txt', '--trash', '40d');
  assert.equal(set.code, 0, set.stderr);
  assert.equal((await desk.ask('retention.get', { path: 'Work/Plans' })).spans.trashMs, 40 * 86_400_000);
  assert.equal((await desk.ask('retention.get', {})).isOwn, false, 'nothing of it is in the own space');
  const refused = await bobs.type('retention', 'Plans', '--usual');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /may not change Plans/);
  const held = await desk.ask('hold', { path: 'Work/Plans/a.txt', why: 'a dispute' });
  assert.match(held.sentence, /^Work\/Plans\/a\.txt is on hold/);
  const { holds } = await desk.ask('retention.get', { path: 'Work/Plans' });
  assert.deepEqual(
    holds.map((each) => each.path),
    ['Work/Plans/a.txt'],
  );
  const all = await desk.ask('hold', { path: 'Work/Plans', why: 'all of it' });
  assert.match(all.sentence, /^Work\/Plans is on hold/);
  await desk.ask('hold', { path: 'Work/Plans', why: null });
  await desk.ask('hold', { path: 'Work/Plans/a.txt', why: null });
});

test('what happened in all spaces is one list in pages, and is taken back by its id', {
  timeout: 120_000,
}, async () => {
  const whole = await allActivities(desk, 1000);
  const paged = await allActivities(desk, 3);
  assert.deepEqual(paged, whole);
  assert.equal(new Set(whole.map(({ id }) => id)).size, whole.length, 'ids tell them apart');
  assert.ok(whole.some(({ path }) => path === 'own 1.txt'));
  assert.ok(whole.some(({ path, sentence }) => path === 'Work/Plans/a.txt' && sentence.includes(path)));
  await writeFile(desk.path('Work/Plans/b.txt'), 'to be taken back');
  await shows(bobs, 'Plans/b.txt', 'to be taken back');
  await settle(desk, bobs);
  const { activities } = await desk.ask('activity.list', { path: 'Work/Plans/b.txt', limit: 1 });
  assert.equal(activities[0]?.verb, 'edited');
  const undone = await desk.type('activity', 'undo', String(activities[0]?.id ?? ''));
  assert.match(undone.stdout, /Work\/Plans\/b\.txt has its content from before again/, undone.stderr);
  await shows(bobs, 'Plans/b.txt', 'b');
  await settle(desk, bobs);
});

test('the folder of a share is seen as it was at a moment', { timeout: 120_000 }, async () => {
  const at = Date.now();
  await writeFile(desk.path('Work/Plans/late.txt'), 'made later');
  await rm(desk.path('Work/Plans/c.txt'));
  await settle(desk, bobs);
  const plan = await desk.ask('moment.plan', { folder: 'Work/Plans', at, removeNewer: false });
  assert.equal(plan.folder, 'Work/Plans');
  assert.deepEqual(
    plan.steps.map(({ kind, path }) => [kind, path]),
    [['return', 'Work/Plans/c.txt']],
  );
  const done = await desk.ask('moment.restore', { folder: 'Work/Plans', at, removeNewer: false });
  assert.match(done.sentence, /^Work\/Plans is as it was at/);
  await shows(bobs, 'Plans/c.txt', 'c');
  await settle(desk, bobs);
});

test('rules in a share are its own, and its folders stay online by choice', {
  timeout: 120_000,
}, async () => {
  const folder = 'Work/Plans';
  await desk.ask('ignore.set', { folder, shared: '*.tmp\n', local: '' });
  assert.equal(await read(desk, 'Work/Plans/.tidemarkignore'), '*.tmp\n');
  await writeFile(desk.path('Work/Plans/x.tmp'), 'left out');
  await settle(desk, bobs);
  assert.ok(!existsSync(bobs.path('Plans/x.tmp')));
  await mkdir(desk.path('Work/Plans/big'));
  await writeFile(desk.path('Work/Plans/big/one.bin'), 'large');
  await settle(desk, bobs);
  const gone = await desk.ask('folders.remove', { path: 'Work/Plans/big', dryRun: false });
  assert.deepEqual([gone.path, gone.removed], ['Work/Plans/big', true]);
  await until('it left', async () => (existsSync(desk.path('Work/Plans/big/one.bin')) ? null : true));
  const { folders } = await desk.ask('folders.list', { folder });
  assert.deepEqual(
    folders.map(({ path, place }) => [path, place]),
    [['Work/Plans/big', 'online']],
  );
  await desk.ask('folders.bring', { path: 'Work/Plans/big' });
  await shows(desk, 'Work/Plans/big/one.bin', 'large');
  await settle(desk, bobs);
});

test('what is stored and may be is told of every space', { timeout: 120_000 }, async () => {
  await writeFile(desk.path('Work/Plans/half.bin'), Buffer.alloc(100_000, 'x'));
  await settle(desk);
  const { namespaces } = await desk.ask('usage', {});
  assert.deepEqual(
    namespaces.map(({ share, path, quota }) => [share, path, quota]),
    [
      [null, '', null],
      [plans, 'Work/Plans', null],
    ],
  );
  assert.ok((namespaces[1]?.used ?? 0) > (namespaces[0]?.used ?? 0));
  const typed = await desk.type('usage');
  assert.match(typed.stdout, /Your own space stores \d+ bytes.*\nThe shared folder Plans stores 9\d\.\d KiB/);
});

test('the doctor and the report tell of shares; without names, of none by its name', {
  timeout: 120_000,
}, async () => {
  const { checks } = await desk.ask('doctor', {});
  const found = checks.find(({ name }) => name === 'share Work/Plans');
  assert.equal(found?.result, 'ok', JSON.stringify(checks));
  assert.match(found?.sentence ?? '', /^\d+ files?, sound\. Up to date/);
  assert.match((await desk.type('doctor')).stdout, /ok +Share Work\/Plans/);
  const part = async (names: boolean) => {
    const { parts } = await desk.ask('bundle', { names });
    return JSON.parse(parts.find(({ name }) => name === 'shares')?.text ?? '') as Record<string, unknown>;
  };
  const named = await part(true);
  assert.deepEqual([named['share'], named['path'], named['role']], ['Plans', 'Work/Plans', 'owner']);
  const told = await part(false);
  assert.deepEqual([told['state'], told['problems'], told['isSound']], ['up-to-date', [], true]);
  assert.equal((told['counts'] as { files: number }).files, (named['counts'] as { files: number }).files);
  const { parts } = await desk.ask('bundle', {});
  for (const { name, text } of parts) assert.doesNotMatch(text, /Plans|Work\//, name);
});

test('what is moved across keeps its lineage, both ways, for who may read both', {
  timeout: 120_000,
}, async () => {
  await mkdir(desk.path('Draft/deep'), { recursive: true });
  await writeFile(desk.path('Draft/deep/plan.txt'), 'V1');
  await settle(desk);
  await writeFile(desk.path('Draft/deep/plan.txt'), 'version 2');
  await settle(desk);
  const before = await desk.ask('history', { path: 'Draft/deep/plan.txt' });
  const node = before.nodes[0]?.node ?? '';
  await rename(desk.path('Draft'), desk.path('Work/Plans/Draft'));
  await shows(bobs, 'Plans/Draft/deep/plan.txt', 'version 2');
  await settle(desk, bobs);
  const there = 'Work/Plans/Draft/deep/plan.txt';
  const { nodes } = await desk.ask('history', { path: there });
  const from = nodes[0]?.versions[0]?.madeFrom;
  assert.deepEqual(from, {
    share: null,
    path: null,
    node,
    version: before.nodes[0]?.versions[0]?.version,
    number: 2,
  });
  const left = await desk.ask('history', { path: 'Draft/deep/plan.txt' });
  assert.deepEqual(left.nodes[0]?.deleted?.wentTo, { share: plans, path: there, node: nodes[0]?.node });
  const { lineage } = await desk.ask('explain', { path: there });
  assert.equal(lineage[0]?.madeFrom?.number, 2);
  const typed = await desk.type('history', 'Draft/deep/plan.txt');
  assert.match(typed.stdout, /moved .* by anna on Desk: it is at Work\/Plans\/Draft\/deep\/plan\.txt now/);
  const bobSees = await bobs.ask('history', { path: 'Plans/Draft/deep/plan.txt' });
  assert.equal(bobSees.nodes[0]?.versions.length, 1);
  assert.equal(bobSees.nodes[0]?.versions[0]?.madeFrom, undefined, 'nothing of a space that is not his');
  await rename(desk.path(there), desk.path('plan again.txt'));
  await shows(bobs, 'Plans/Draft/deep/plan.txt', null);
  await settle(desk, bobs);
  const back = await desk.ask('history', { path: 'plan again.txt' });
  assert.deepEqual(
    [back.nodes[0]?.versions[0]?.madeFrom?.share, back.nodes[0]?.versions[0]?.madeFrom?.node],
    [plans, nodes[0]?.node],
  );
});

test('hundreds of files moved across are no mass deletion that waits for an answer, on no device', {
  timeout: 120_000,
}, async () => {
  const second = await fleet.link('Second');
  await second.start();
  await mkdir(desk.path('Many'));
  await Promise.all(
    Array.from({ length: 230 }, (_, i) => writeFile(desk.path(`Many/${i}.txt`), `file ${i}`)),
  );
  await settle(desk, second);
  await shows(second, 'Many/229.txt', 'file 229');
  await rename(desk.path('Many'), desk.path('Work/Plans/Many'));
  await shows(bobs, 'Plans/Many/229.txt', 'file 229');
  await shows(second, 'Many/229.txt', null);
  await settle(desk, bobs, second);
  for (const each of [desk, second]) assert.deepEqual((await each.ask('review.list', {})).batches, []);
  assert.equal((await desk.status()).state, 'up-to-date');
  assert.equal(await read(second, 'Work/Plans/Many/0.txt'), 'file 0');
  await second.stop();
});

test('a share is taken off one computer, and is had again', { timeout: 120_000 }, async () => {
  await settle(desk, bobs);
  const off = await bobs.type('shares', 'off', 'Plans');
  assert.equal(off.code, 0, off.stderr);
  await until('its folder is gone', async () => (existsSync(bobs.path('Plans')) ? null : true));
  await settle(bobs);
  const [row] = (await bobs.ask('shares.list', {})).shares;
  assert.deepEqual([row?.standing, row?.away, row?.path], ['member', true, null]);
  assert.equal((await bobs.status()).state, 'up-to-date');
  await bobs.kill();
  await bobs.start();
  await writeFile(desk.path('Work/Plans/meanwhile.txt'), 'while it was off');
  await settle(desk, bobs);
  assert.ok(!existsSync(bobs.path('Plans')), 'a start does not bring it');
  await bobs.ask('shares.here', { share: 'Plans', here: true });
  await shows(bobs, 'Plans/meanwhile.txt', 'while it was off');
  await shows(bobs, 'Plans/a.txt', 'first');
  await settle(desk, bobs);
  assert.equal((await desk.ask('shares.members', { share: 'Plans' })).members.length, 2);
});
