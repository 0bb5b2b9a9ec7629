import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { METHODS } from '../../src/ipc/contract.ts';
import { syncPathOf } from '../../src/ipc/sync-path.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { seed } from '../property/seeded.ts';

const path = (folder: string, typed: string, windows = false) => {
  const outcome = syncPathOf(folder, typed, windows);
  return outcome.kind === 'inside' ? outcome.path : null;
};

test('a relative path is meant below the folder', () => {
  assert.equal(path('/home/a/T', 'docs/x.txt'), 'docs/x.txt');
  assert.equal(path('/home/a/T', './docs//x.txt/'), 'docs/x.txt');
  assert.equal(path('/home/a/T', 'docs/../x.txt'), 'x.txt');
  assert.equal(path('/home/a/T', '.'), '');
});

test('an absolute path counts when it lies inside', () => {
  assert.equal(path('/home/a/T', '/home/a/T/docs/x.txt'), 'docs/x.txt');
  assert.equal(path('/home/a/T/', '/home/a/T'), '');
  assert.equal(path('/home/a/T', '/home/a/T/../T/x'), 'x');
});

test('nothing outside the folder is taken, however it is spelled', () => {
  for (const typed of [
    '/etc/passwd',
    '/home/a/T2/x',
    '/home/a',
    '../x',
    'a/../../x',
    '/home/a/T/../x',
    'a\0b',
  ])
    assert.equal(path('/home/a/T', typed), null, typed);
});

test('on Windows both slashes and any case of the folder count', () => {
  assert.equal(path('C:\\Users\\A\\T', 'c:\\users\\a\\t\\Docs\\x.txt', true), 'Docs/x.txt');
  assert.equal(path('C:\\Users\\A\\T', 'docs\\x.txt', true), 'docs/x.txt');
  assert.equal(path('C:\\Users\\A\\T', 'D:\\x', true), null);
});

test('on Linux a backslash is part of a name', () => {
  assert.equal(path('/T', 'a\\b'), 'a\\b');
});

test('what comes out is always a path that the contract takes', () => {
  const accepts = parserOf(METHODS.history.params);
  const part = fc.oneof(fc.constantFrom('.', '..', '', 'a', '...', '.x'), fc.string());
  fc.assert(
    fc.property(fc.array(part), fc.boolean(), (parts, absolute) => {
      const found = path('/T', (absolute ? '/T/' : '') + parts.join('/'));
      if (found !== null && found !== '') assert.equal(accepts({ path: found }).kind, 'ok', found);
    }),
    { seed },
  );
});
