import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, failed, troubleOf } from '../../src/engine/local/node-disk-errors.ts';
import { isReservedName, pathTrouble } from '../../src/engine/local/node-disk-paths.ts';
import { platformOf } from '../../src/engine/local/node-disk-platform.ts';

test('Windows is never given a name that it would rewrite or open as a device', () => {
  const windows = platformOf('win32');
  const refused = [
    'con',
    'NUL',
    'aux.txt',
    'Com1',
    'lpt9.log',
    'COM¹',
    'a:b',
    'file::$DATA',
    'trailing.',
    'trailing ',
    'a\\b',
    'que?tion',
    'st*r',
    'tab\there',
    'TIDEMA~1',
  ];
  for (const name of refused) assert.notEqual(pathTrouble(`folder/${name}`, windows, true), null, name);
  const accepted = ['console', 'com', 'nulled.txt', 'com10', '.hidden', 'a.b.c', 'ünïcode', 'a b'];
  for (const name of accepted) assert.equal(pathTrouble(`folder/${name}`, windows, true), null, name);
  assert.equal(pathTrouble('a:b', platformOf('linux'), false), null);
});

test('on a disk that folds case every spelling of the reserved folder is refused, elsewhere only its own', () => {
  const linux = platformOf('linux');
  const mac = platformOf('darwin');
  assert.equal(isReservedName('.Tidemark', linux, false), false);
  assert.equal(isReservedName('.TIDEMARK', linux, true), true);
  assert.equal(isReservedName('.tide\u200cmark', mac, true), true);
  assert.notEqual(pathTrouble('.TideMark/trash/x', mac, true), null);
  assert.equal(pathTrouble('x/.tidemark', linux, false), null);
});

test('what the system says becomes one of a few troubles, and the unknown is never absence', () => {
  assert.equal(troubleOf('ENOENT'), 'gone');
  assert.equal(troubleOf('ESTALE'), 'input-output');
  assert.equal(troubleOf('ESOMETHING'), 'input-output');
  assert.equal(codeOf(2), 'ENOENT');
  assert.equal(codeOf(11), process.platform === 'linux' ? 'EAGAIN' : codeOf(11));
  assert.deepEqual(failed('EACCES', 'docs/a.txt'), {
    kind: 'failed',
    trouble: 'denied',
    detail: 'EACCES docs/a.txt',
  });
});
