import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MomentPlan } from '../../src/ipc/moment.ts';
import type { VersionRow } from '../../src/ipc/shapes.ts';
import { kindOfFile } from '../../src/renderer/previews/kind-of-file.ts';
import { copyNameOf, nameFault } from '../../src/renderer/screens/history/copy-name.ts';
import { stepCounts } from '../../src/renderer/screens/history/moment-counts.ts';
import { fieldOfMoment, momentOfField } from '../../src/renderer/screens/history/moment-times.ts';
import { canRestore, inOrder, usualOther } from '../../src/renderer/screens/history/pick-versions.ts';
import { seed } from '../property/seeded.ts';

const row = (number: number, current = false): VersionRow => ({
  version: `0123456789ab.${number}`,
  number,
  base: number > 1 ? `0123456789ab.${number - 1}` : null,
  kind: 'file',
  size: 1,
  executable: false,
  device: 'd',
  user: 'u',
  reason: 'edited',
  content: `c${number}`,
  at: number,
  editedAt: number,
  current,
});
const versions = [row(3, true), row(2), row(1)];
const [newest, middle, oldest] = versions as [VersionRow, VersionRow, VersionRow];

test('a copy keeps the ending of the file', () => {
  assert.equal(copyNameOf('Notes/plan.v2.md', 18), 'plan.v2 (V18).md');
  assert.equal(copyNameOf('Makefile', 2), 'Makefile (V2)');
  assert.equal(copyNameOf('a/.env', 2), '.env (V2)');
});

test('names that no file can have are told apart', () => {
  assert.equal(nameFault('plan (V18).md'), null);
  assert.equal(nameFault(''), 'empty');
  assert.equal(nameFault('a/b'), 'separator');
  assert.equal(nameFault('..'), 'not-possible');
  assert.equal(nameFault('x'.repeat(300)), 'not-possible');
});

test('a moment survives the field that it is chosen in, to the minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
      const minute = Math.floor(at / 60_000) * 60_000;
      const back = momentOfField(fieldOfMoment(minute));
      // The hour that is passed twice in autumn has one name for two moments.
      assert.ok(back === minute || Math.abs((back ?? 0) - minute) === 3_600_000);
    }),
    { numRuns: 200, seed },
  );
  assert.equal(momentOfField(''), null);
  assert.equal(momentOfField('2026-09'), null);
});

test('a version is compared with the current one, and that one with its base', () => {
  assert.equal(usualOther(versions, oldest)?.number, 3);
  assert.equal(usualOther(versions, newest)?.number, 2);
  assert.equal(usualOther([newest], newest), null);
});

test('the older version always stands first', () => {
  assert.deepEqual(
    inOrder(versions, newest, oldest).map((each) => each.number),
    [1, 3],
  );
  assert.deepEqual(
    inOrder(versions, middle, newest).map((each) => each.number),
    [2, 3],
  );
});

test('the current version of a file that stands cannot be restored, of one that is gone it can', () => {
  const node = { node: 'n', kind: 'file' as const, live: true, path: 'a', deleted: null, versions };
  assert.equal(canRestore(node, newest), false);
  assert.equal(canRestore(node, middle), true);
  assert.equal(canRestore({ ...node, live: false, path: null }, { ...newest, current: false }), true);
});

test('the steps of a plan are counted by kind, and a plan that goes on says so', () => {
  const step = { node: 'n', path: 'a', to: 'a', number: null };
  const plan: MomentPlan = {
    folder: '',
    at: 0,
    steps: [
      { ...step, kind: 'return' },
      { ...step, kind: 'content' },
      { ...step, kind: 'return' },
    ],
    total: 3,
    unchanged: 0,
    newer: 0,
    lost: 0,
  };
  const counts = [
    { kind: 'content', count: 1 },
    { kind: 'return', count: 2 },
  ];
  assert.deepEqual(stepCounts(plan), { counts, atLeast: false });
  assert.deepEqual(stepCounts({ ...plan, total: 4 }), { counts, atLeast: true });
});

test('a name promises a picture only by its ending', () => {
  assert.equal(kindOfFile('a/b.JPG'), 'image');
  assert.equal(kindOfFile('png'), 'other');
  assert.equal(kindOfFile('.png'), 'other');
  assert.equal(kindOfFile('a.png/notes.txt'), 'other');
  assert.equal(kindOfFile('paper.pdf'), 'pdf');
});
