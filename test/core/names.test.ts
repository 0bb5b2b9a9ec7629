import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NameTroubleKind, nameTroubles, type Platform } from '../../src/core/names/portability.ts';
import { checkName, type NameRefusal, quoted } from '../../src/core/names/valid-name.ts';

test('names that a hostile server or a broken disk may offer are refused, each for its reason', () => {
  const table: readonly (readonly [string, NameRefusal])[] = [
    ['', 'empty'],
    ['.', 'dot'],
    ['..', 'dot'],
    ['a/b', 'separator'],
    ['/etc', 'separator'],
    ['../x', 'separator'],
    ['a\0b', 'nul'],
    ['x'.repeat(256), 'too-long'],
    ['é'.repeat(128), 'too-long'],
    ['\ud800', 'surrogate'],
    ['a\udc00b', 'surrogate'],
    ['.tidemark', 'reserved'],
    ['.TIDEMARK', 'reserved'],
    ['.TideMar\u212a', 'reserved'],
    ['.tidemark.', 'reserved'],
    ['.tidemark ', 'reserved'],
    ['.tidemark::$INDEX_ALLOCATION', 'reserved'],
    ['.tide\u200dmark', 'reserved'],
    ['TIDEMA~1', 'reserved'],
    ['.tidemark-staging', 'reserved'],
  ];
  for (const [name, why] of table) {
    const check = checkName(name);
    assert.equal(check.kind, 'refused', quoted(name));
    assert.equal(check.kind === 'refused' && check.why, why, quoted(name));
  }
});

test('names that look odd but are fine on this disk pass', () => {
  const names = [
    '.tidemarkignore',
    '.tidemarks',
    'tidemark',
    '.tidemark_',
    '...',
    ' ',
    'a\\b',
    'line\nbreak',
    'x~',
    'CON',
    '-rf',
    'x'.repeat(255),
    '𝒳'.repeat(63),
    'e\u0301',
  ];
  for (const name of names) assert.deepEqual(checkName(name), { kind: 'ok' }, quoted(name));
});

test('what a platform cannot hold is named, with the place in the name', () => {
  const table: readonly (readonly [string, Platform, readonly NameTroubleKind[]])[] = [
    ['a:b', 'windows', ['character']],
    ['a\\b', 'windows', ['character']],
    ['what?', 'windows', ['character']],
    ['tab\there', 'windows', ['control']],
    ['ends.', 'windows', ['ending']],
    ['ends ', 'windows', ['ending']],
    ['con', 'windows', ['device']],
    ['Aux.txt', 'windows', ['device']],
    ['nul .tar.gz', 'windows', ['device']],
    ['COM¹', 'windows', ['device']],
    ['lpt9.x', 'windows', ['device']],
    ['com0', 'windows', []],
    ['console', 'windows', []],
    ['CON', 'linux', []],
    ['a\\b', 'linux', []],
    ['x'.repeat(256), 'linux', ['too-long']],
    ['é'.repeat(200), 'macos', ['too-long']],
    ['é'.repeat(200), 'windows', []],
    ['a:b', 'macos', ['shown-differently']],
    ['a?b ', 'windows', ['character', 'ending']],
  ];
  for (const [name, platform, kinds] of table) {
    const troubles = nameTroubles(name, platform);
    assert.deepEqual(
      troubles.map(({ kind }) => kind),
      kinds,
      `${quoted(name)} on ${platform}`,
    );
  }
  assert.equal(
    nameTroubles('report: final', 'windows')[0]?.sentence,
    'Windows cannot hold the name "report: final": ":" (character 7) is not allowed.',
  );
  assert.equal(nameTroubles('a:b', 'macos')[0]?.impossible, false);
});

test('names in sentences are escaped and shortened', () => {
  assert.equal(quoted('a"b\n\u202e\ud800'), String.raw`"a\"b\u000a\u202e\ud800"`);
  assert.equal(quoted('x'.repeat(100)), `"${'x'.repeat(60)}…"`);
});
