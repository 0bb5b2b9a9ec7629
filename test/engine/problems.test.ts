/** Troubles by cause, and their remedies, on real devices: what is on every disk and on the server afterwards. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { meddling } from './disk-doubles.ts';
import {
  allHold,
  apart,
  at,
  call,
  has,
  inStep,
  put,
  refusal,
  Stage,
  synced,
  type TestDevice,
  text,
  together,
  until,
  value,
  versions,
} from './stage.ts';

/** A disk that takes names for the same when they differ by case only. */
const folding = meddling((real) => ({
  prepare: async () => {
    const prepared = await real.prepare();
    if (prepared.kind !== 'ready') return prepared;
    return { ...prepared, abilities: { ...prepared.abilities, foldsCase: true } };
  },
}));

const problems = async (device: TestDevice, params = {}) =>
  value(await device.control['problems.list'](params, call));

test('case twins are told by cause with their remedy, and a rename for everyone brings the second one down', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const b = await stage.device('B', folding);
  put(a, 'd/readme.txt', 'small');
  await inStep(a, b);
  put(a, 'd/README.txt', 'large');
  await inStep(a);
  await until('B tells', () => b.status().problems === 1);
  const listed = await problems(b);
  assert.deepEqual(listed.groups, [{ code: 'case-twin', count: 1, remedies: ['rename', 'retry'] }]);
  const [problem] = listed.problems;
  assert.equal(problem?.path, 'd/README.txt');
  assert.deepEqual(problem?.facts, { other: 'readme.txt', file: 'd/README.txt' });
  assert.deepEqual(b.status().problemList, listed.problems);
  const remedy = (name: string, path = 'd/README.txt') =>
    b.control['problems.remedy']({ path, code: 'case-twin', remedy: 'rename', name }, call);
  assert.equal(refusal(await remedy('ReadMe.TXT')), 'name-taken');
  assert.equal(refusal(await remedy('what?.txt')), 'bad-name');
  assert.equal(refusal(await remedy('.tidemark')), 'bad-name');
  assert.equal(refusal(await remedy('x.txt', 'd/other.txt')), 'not-found');
  const done = value(await remedy('readme first.txt'));
  assert.equal(done.path, 'd/readme first.txt');
  await allHold([a, b], { 'd/readme.txt': 'small', 'd/readme first.txt': 'large' });
  assert.equal(b.status().problems, 0);
});

test('problems come in pages, and of one cause', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'f' });
  for (const i of [1, 2, 3, 4, 5])
    a.engine.state.problems.put({
      subject: `s${i}`,
      node: null,
      path: `p${i}`,
      code: i < 4 ? 'no-access' : 'quota',
      facts: {},
      since: i,
    });
  const first = await problems(a, { limit: 2 });
  assert.deepEqual(
    first.groups.map(({ code, count }) => [code, count]),
    [
      ['no-access', 3],
      ['quota', 2],
    ],
  );
  const second = await problems(a, { limit: 3, after: first.next ?? '' });
  assert.deepEqual(
    [...first.problems, ...second.problems].map((each) => each.path),
    ['p1', 'p2', 'p3', 'p4', 'p5'],
  );
  assert.deepEqual(
    (await problems(a, { code: 'quota' })).problems.map((each) => each.path),
    ['p4', 'p5'],
  );
  const told = value(await a.control['activity.list']({}, call)).activities.filter(
    (each) => each.verb === 'problem',
  );
  assert.deepEqual(
    told.map((each) => each.path),
    ['p5', 'p4', 'p3', 'p2', 'p1'],
  );
});

test('what could not be written comes down as soon as one asks, once it can be', async (t) => {
  let closed = true;
  const refusing = meddling((real) => ({
    place: (items) =>
      closed
        ? Promise.resolve(items.map(() => ({ kind: 'failed', trouble: 'denied', detail: 'EACCES' }) as const))
        : real.place(items),
  }));
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const b = await stage.device('B', refusing);
  put(a, 'd/f.txt', 'text');
  await inStep(a);
  await until('it is told', async () => (await problems(b)).problems.length === 1);
  assert.deepEqual((await problems(b)).groups, [{ code: 'no-access', count: 1, remedies: ['retry'] }]);
  closed = false;
  value(await b.control['problems.remedy']({ path: 'd/f.txt', code: 'no-access', remedy: 'retry' }, call));
  await until('the problem is gone', () => b.status().problems === 0);
  await allHold([a, b], { 'd/f.txt': 'text' });
});

test('what is only on this computer is renamed where it is, and goes up under its new name', async (t) => {
  const { a } = await synced(t, ['A'], { 'd/taken.txt': 'taken' });
  apart(a);
  put(a, 'd/f.txt', 'new');
  await until('it was seen', () => a.engine.state.nodeAt('d/f.txt') !== null);
  const node = a.engine.state.nodeAt('d/f.txt');
  assert.ok(node);
  a.engine.state.problems.put({
    subject: node,
    node,
    path: 'd/f.txt',
    code: 'bad-name',
    facts: { detail: 'why' },
    since: 1,
  });
  const remedy = (name: string) =>
    a.control['problems.remedy']({ path: 'd/f.txt', code: 'bad-name', remedy: 'rename', name }, call);
  assert.equal(refusal(await remedy('taken.txt')), 'name-taken');
  assert.equal(text(a, 'd/taken.txt'), 'taken');
  assert.equal(value(await remedy('better.txt')).path, 'd/better.txt');
  assert.ok(!has(a, 'd/f.txt'));
  together(a);
  await allHold([a], { 'd/taken.txt': 'taken', 'd/better.txt': 'new' });
});

test('bytes that changed silently are taken as an edit when the user says so; the version before stays', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'good' });
  const node = a.engine.state.nodeAt('f.txt');
  assert.ok(node);
  a.engine.state.problems.put({
    subject: `silent:${node}`,
    node,
    path: 'f.txt',
    code: 'silent-change',
    facts: {},
    since: 1,
  });
  assert.deepEqual((await problems(a)).groups, [
    { code: 'silent-change', count: 1, remedies: ['take-as-edit'] },
  ]);
  writeFileSync(at(a, 'f.txt'), 'rot!');
  utimesSync(at(a, 'f.txt'), 1, 1);
  value(
    await a.control['problems.remedy'](
      { path: 'f.txt', code: 'silent-change', remedy: 'take-as-edit' },
      call,
    ),
  );
  await allHold([a], { 'f.txt': 'rot!' });
  assert.equal(readFileSync(at(a, 'f.txt'), 'utf8'), 'rot!');
  assert.deepEqual(await versions(a, 'f.txt'), ['rot!', 'good']);
  assert.equal((await problems(a)).problems.length, 0);
});

test('what stands in the way and is no file is told as that, and not as syncing; without it the file comes', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f' });
  execFileSync('mkfifo', [at(b, 'way.txt'), at(b, 'folder')]);
  put(a, 'way.txt', 'on its way');
  put(a, 'folder/inside.txt', 'inside');
  await inStep(a);
  await until('B tells', () => b.status().problems === 2 && b.status().state === 'warning');
  const { progress, delayed } = b.status();
  assert.deepEqual([progress, delayed], [null, false]);
  const { problems: told } = await problems(b, { code: 'in-the-way' });
  assert.deepEqual(told.map(({ path }) => path).toSorted(), ['folder', 'way.txt']);
  for (const path of ['way.txt', 'folder']) {
    rmSync(at(b, path));
    value(await b.control['problems.remedy']({ path, code: 'in-the-way', remedy: 'retry' }, call));
  }
  await allHold([a, b], { 'f.txt': 'f', 'way.txt': 'on its way', 'folder/inside.txt': 'inside' });
  assert.equal(b.status().problems, 0);
});
