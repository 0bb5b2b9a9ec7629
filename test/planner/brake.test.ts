/** The delete brake counts files in a sliding ten minutes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BRAKE_DEFAULT, brake } from '../../src/core/planner/brake.ts';

const MINUTE = 60_000;

test('199 files of a large root may go, 200 are held', () => {
  assert.equal(brake(BRAKE_DEFAULT, [], 0, 199, 100_000).kind, 'go');
  assert.equal(brake(BRAKE_DEFAULT, [], 0, 200, 100_000).kind, 'hold');
});

test('a fifth of the root is held from 20 files on', () => {
  assert.equal(brake(BRAKE_DEFAULT, [], 0, 19, 50).kind, 'go');
  assert.equal(brake(BRAKE_DEFAULT, [], 0, 20, 100).kind, 'hold');
  assert.equal(brake(BRAKE_DEFAULT, [], 0, 20, 101).kind, 'go');
});

test('all files of a small root may go', () => {
  assert.equal(brake(BRAKE_DEFAULT, [], 0, 5, 5).kind, 'go');
});

test('a deletion seen in slices of 150 is held at the second slice', () => {
  const first = brake(BRAKE_DEFAULT, [], 0, 150, 100_000);
  assert.equal(first.kind, 'go');
  const second = brake(BRAKE_DEFAULT, [{ at: 0, files: 150 }], 5000, 150, 100_000);
  assert.deepEqual([second.kind, second.files], ['hold', 300]);
});

test('slices of which each is a small share of what is left add up', () => {
  const recent = [
    { at: 0, files: 10 },
    { at: 1000, files: 9 },
  ];
  assert.equal(brake(BRAKE_DEFAULT, recent, 2000, 1, 81).kind, 'hold');
});

test('what went more than ten minutes ago counts no more', () => {
  const recent = [{ at: 0, files: 150 }];
  assert.equal(brake(BRAKE_DEFAULT, recent, 10 * MINUTE - 1, 150, 100_000).kind, 'hold');
  assert.equal(brake(BRAKE_DEFAULT, recent, 10 * MINUTE, 150, 100_000).kind, 'go');
});

test('a batch without files is never held', () => {
  assert.equal(brake(BRAKE_DEFAULT, [{ at: 0, files: 1000 }], 1, 0, 1000).kind, 'go');
});

test('switched off, it lets everything go and still counts', () => {
  const off = { ...BRAKE_DEFAULT, files: null };
  assert.deepEqual(brake(off, [], 0, 5000, 5000), { kind: 'go', files: 5000, share: 1 });
});

test('another limit of files is taken as given', () => {
  const strict = { ...BRAKE_DEFAULT, files: 3 };
  assert.equal(brake(strict, [], 0, 2, 1000).kind, 'go');
  assert.equal(brake(strict, [], 0, 3, 1000).kind, 'hold');
});
