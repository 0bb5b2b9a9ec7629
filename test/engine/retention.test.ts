/** For how long history is kept and what is held, set on one device and shown on the other, on a real server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, inStep, put, refusal, synced, value } from './stage.ts';

const DAY = 86_400_000;

test('how long history is kept is set on one device and counts on all; what makes no sense is refused', async (t) => {
  const { a, b, devices } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  put(a, 'f.txt', 'two');
  await inStep(...devices);
  const usual = value(await a.control['retention.get']({}, call));
  assert.equal(usual.isOwn, false);
  const until = async () => {
    const { nodes } = value(await b.control.history({ path: 'f.txt' }, call));
    const row = nodes[0]?.versions[1];
    return (row?.kept?.until ?? 0) - (row?.at ?? 0);
  };
  assert.equal(await until(), usual.spans.allMs);
  value(await a.control['retention.set']({ allMs: 3 * DAY, trashMs: 60 * DAY }, call));
  const shown = value(await b.control['retention.get']({}, call));
  assert.deepEqual([shown.isOwn, shown.spans], [true, { ...usual.spans, allMs: 3 * DAY, trashMs: 60 * DAY }]);
  assert.equal(await until(), 3 * DAY);
  for (const wrong of [{ allMs: 1000 }, { trashMs: 1000 }, { allMs: 365 * DAY }, { monthlyMs: 1e15 }])
    assert.equal(
      refusal(await a.control['retention.set'](wrong, call)),
      'unprocessable',
      JSON.stringify(wrong),
    );
  value(await b.control['retention.set']({ usual: true }, call));
  assert.deepEqual(value(await a.control['retention.get']({}, call)), usual);
});

test('a folder and everything are put on hold and released, with who and why; versions say so', async (t) => {
  const { a, b, devices } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one', 'g.txt': 'one' });
  for (const path of ['d/f.txt', 'g.txt']) put(a, path, 'two');
  await inStep(...devices);
  const why = async (path: string) => {
    const { nodes } = value(await b.control.history({ path }, call));
    return nodes[0]?.versions[1]?.kept?.why;
  };
  value(await a.control.hold({ path: 'd', why: 'a dispute' }, call));
  assert.deepEqual([await why('d/f.txt'), await why('g.txt')], ['held', 'policy']);
  const shown = value(await b.control['retention.get']({}, call));
  assert.deepEqual(
    shown.holds.map((each) => [each.path, each.why]),
    [['d', 'a dispute']],
  );
  assert.equal(shown.held, false);
  value(await b.control.hold({ path: '', why: 'everything counts' }, call));
  assert.deepEqual([await why('d/f.txt'), await why('g.txt')], ['held', 'held']);
  assert.equal(value(await a.control['retention.get']({}, call)).held, true);
  for (const path of ['', 'd']) value(await a.control.hold({ path, why: null }, call));
  assert.deepEqual([await why('d/f.txt'), await why('g.txt')], ['policy', 'policy']);
  assert.deepEqual(value(await a.control['retention.get']({}, call)).holds, []);
  assert.equal(refusal(await a.control.hold({ path: 'never', why: 'x' }, call)), 'not-found');
});
