import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clashName, conflictName, parseConflictName } from '../../src/core/conflict/conflict-name.ts';

const at = Date.UTC(2026, 8, 18, 18, 2, 59);
const free = () => false;
const common = { device: 'DEVICE', user: 'USER', at, taken: free };

test('conflict copies are named as the design says', () => {
  const suffix = '(conflict - DEVICE, USER, 2026-09-18 18.02, v18)';
  const table: readonly (readonly [string, string])[] = [
    ['roadmap.xlsx', `roadmap ${suffix}.xlsx`],
    ['backup.tar.gz', `backup ${suffix}.tar.gz`],
    ['Backup.TAR.zst', `Backup ${suffix}.TAR.zst`],
    ['Makefile', `Makefile ${suffix}`],
    ['.bashrc', `.bashrc ${suffix}`],
    ['.config.json', `.config ${suffix}.json`],
    ['ends.', `ends. ${suffix}`],
    ['v1.2 final (draft)', `v1.2 final (draft) ${suffix}`],
    ['roadmap (conflict - A, B, 2020-01-01 00.00, v3).xlsx', `roadmap ${suffix}.xlsx`],
    ['roadmap (conflict - A, B, 2020-01-01 00.00) 7.xlsx', `roadmap ${suffix}.xlsx`],
    ['(conflict - A, B, 2020-01-01 00.00).xlsx', `${suffix}.xlsx`],
    ['x (conflict - A, B, 2020-01-01 00.00) (conflict - A, B, 2020-01-01 00.00)', `x ${suffix}`],
  ];
  for (const [name, expected] of table) {
    assert.equal(conflictName({ ...common, name, versionNumber: 18 }), expected);
  }
});

test('two creates of one name have no version in the suffix', () => {
  assert.equal(clashName({ ...common, name: 'a.txt' }), 'a (conflict - DEVICE, USER, 2026-09-18 18.02).txt');
});

test('a taken name gets the next free number', () => {
  const taken = new Set(['a (conflict - DEVICE, USER, 2026-09-18 18.02).txt']);
  const next = clashName({ ...common, name: 'a.txt', taken: (name) => taken.has(name) });
  assert.equal(next, 'a (conflict - DEVICE, USER, 2026-09-18 18.02) 2.txt');
  assert.deepEqual(parseConflictName(next), {
    original: 'a.txt',
    device: 'DEVICE',
    user: 'USER',
    at: '2026-09-18 18.02',
    versionNumber: null,
    copy: 2,
  });
});

test('devices and users become labels that every disk can hold', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["Anna's MacBook", 'Jörg Müller', 'Anna-s MacBook, Jorg Muller'],
    ['a:b/c\\d', 'x, y) z', 'a-b-c-d, x- y- z'],
    ['', '  ..  ', 'device, user'],
    ['Анна', '漢字', 'device, user'],
    ['x'.repeat(40), 'two   blanks', `${'x'.repeat(24)}, two blanks`],
    [`${'y'.repeat(23)} z`, '-dash-', `${'y'.repeat(23)}, dash`],
  ];
  for (const [device, user, labels] of table) {
    const name = clashName({ ...common, name: 'n', device, user });
    assert.equal(name, `n (conflict - ${labels}, 2026-09-18 18.02)`);
  }
});

test('a long stem is cut between characters, the extension stays', () => {
  const name = conflictName({ ...common, name: `${'漢'.repeat(83)}.docx`, versionNumber: 1 });
  assert.match(name, /^漢+ \(conflict - DEVICE, USER, 2026-09-18 18\.02, v1\)\.docx$/);
  assert.ok(Buffer.byteLength(name) > 250 && Buffer.byteLength(name) <= 255, `${Buffer.byteLength(name)}`);
});

test('a stem is not cut before a space that would stand alone', () => {
  const name = conflictName({ ...common, name: `${'x'.repeat(190)}${' '.repeat(40)}y`, versionNumber: 1 });
  assert.equal(name, `${'x'.repeat(190)} (conflict - DEVICE, USER, 2026-09-18 18.02, v1)`);
});

test('ordinary names are not taken for conflict copies', () => {
  const names = [
    'roadmap.xlsx',
    'a (conflict).txt',
    'a (conflict - b, c, yesterday).txt',
    'a (conflict - , c, 2026-01-01 00.00)',
  ];
  for (const name of names) assert.equal(parseConflictName(name), null, name);
});
