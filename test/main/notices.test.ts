import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addNotice, dropNotice, dueNotices, NO_NOTICES } from '../../src/main/notice-plan.ts';

const MINUTE = 60_000;
const about = (at: number, name: string) => ({ at, count: 1, name });

test('what happens together is told together, a moment later', () => {
  let plan = addNotice(NO_NOTICES, 'conflicts', about(0, 'a.txt'));
  plan = addNotice(plan, 'conflicts', about(500, 'b.txt'));
  const early = dueNotices(plan, 1000);
  assert.deepEqual(early.due, []);
  assert.equal(early.next, 2000);
  const { due } = dueNotices(early.plan, 2000);
  assert.deepEqual(due, [{ cause: 'conflicts', count: 2, name: 'b.txt', route: '/conflicts' }]);
});

test('a cause is told once in ten minutes, and then with everything since', () => {
  let plan = dueNotices(addNotice(NO_NOTICES, 'problems', about(0, 'a')), 2000).plan;
  for (const at of [3000, 4000, 5000]) plan = addNotice(plan, 'problems', about(at, 'b'));
  const soon = dueNotices(plan, 9 * MINUTE);
  assert.deepEqual(soon.due, []);
  assert.equal(soon.next, 10 * MINUTE + 2000);
  const later = dueNotices(soon.plan, 10 * MINUTE + 2000);
  assert.deepEqual(
    later.due.map(({ count }) => count),
    [3],
  );
});

test('one cause does not hold another back', () => {
  const shown = dueNotices(addNotice(NO_NOTICES, 'problems', about(0, 'a')), 2000).plan;
  const { due } = dueNotices(addNotice(shown, 'review', about(2000, 'b')), 4000);
  assert.deepEqual(
    due.map(({ cause }) => cause),
    ['review'],
  );
});

test('what was settled before it was told is not told', () => {
  const plan = dropNotice(addNotice(NO_NOTICES, 'conflicts', about(0, 'a')), 'conflicts');
  assert.deepEqual(dueNotices(plan, MINUTE), { due: [], plan, next: null });
});

test('what nobody wanted to be told does not hold back what comes after', () => {
  const watched = dueNotices(addNotice(NO_NOTICES, 'problems', about(0, 'a')), 2000, () => false);
  assert.deepEqual([watched.due, watched.next], [[], null]);
  const { due } = dueNotices(addNotice(watched.plan, 'problems', about(3000, 'b')), 5000);
  assert.deepEqual(due, [{ cause: 'problems', count: 1, name: 'b', route: '/problems' }]);
});
