import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldKey, nfcKey } from '../../src/core/names/fold.ts';
import { nameTroubles, twinKey } from '../../src/core/names/portability.ts';
import { utf8Length, utf8Prefix } from '../../src/core/names/utf8-length.ts';
import { checkName, isReservedName, quoted } from '../../src/core/names/valid-name.ts';
import { holds } from './seeded.ts';

/** Anything a string can be: lone surrogates, combining marks, characters that fold to several. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        'I',
        'i',
        'İ',
        'ı',
        'ß',
        'ẞ',
        'ﬃ',
        'Σ',
        'σ',
        'ς',
        'Å',
        'e',
        '\u0301',
        '\u0345',
        'ᾳ',
        'K',
        'Ǆ',
        '가',
        '.',
      ),
      { maxLength: 8 },
    )
    .map((characters) => characters.join('')),
);

test('the fold key of a fold key is itself', (t) => {
  holds(
    t,
    fc.property(anyText, (name) => {
      assert.equal(foldKey(foldKey(name)), foldKey(name));
      assert.equal(nfcKey(nfcKey(name)), nfcKey(name));
    }),
    1000,
  );
});

test('normal form and case make no difference to the fold key', (t) => {
  holds(
    t,
    fc.property(anyText, (name) => {
      assert.equal(foldKey(name.normalize('NFD')), foldKey(name));
      assert.equal(foldKey(name.normalize('NFC')), foldKey(name));
      assert.equal(nfcKey(name.normalize('NFD')), nfcKey(name));
    }),
    1000,
  );
});

test('every character folds once and for all, and like its simple upper and lower case', () => {
  const strays: string[] = [];
  for (let code = 0; code < 0x20000; code += 1) {
    const character = String.fromCodePoint(code);
    const key = foldKey(character);
    if (foldKey(key) !== key) strays.push(`${code.toString(16)} twice`);
    const lower = character.toLowerCase();
    // Only pairs that lead back are pairs; the others (dotless i and the like) have their own rules.
    const paired = lower !== character && lower.toUpperCase() === character;
    if (paired && foldKey(lower) !== key) strays.push(`${code.toString(16)} lower`);
  }
  assert.deepEqual(strays, []);
});

test('known twins have one key and known strangers have two', () => {
  const twins = [
    ['Makefile', 'makefile'],
    ['STRASSE', 'straße'],
    ['é', 'E\u0301'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['ﬁle', 'FILE'],
    ['\u212b', 'å'],
    ['\u1e9e', 'ss'],
    ['Ꭰ', 'ꭰ'],
  ];
  for (const [one, other] of twins) assert.equal(foldKey(one!), foldKey(other!), `${one} and ${other}`);
  const strangers = [
    ['i', 'ı'],
    ['I', 'ı'],
    ['a', 'à'],
    ['o', '0'],
    ['x', 'х'],
  ];
  for (const [one, other] of strangers)
    assert.notEqual(foldKey(one!), foldKey(other!), `${one} and ${other}`);
  assert.equal(foldKey('E\u0301'), '\u00e9');
  assert.notEqual(nfcKey('Pod'), nfcKey('pod'));
  assert.equal(twinKey('Pod', 'macos'), twinKey('pod', 'windows'));
  assert.notEqual(twinKey('Pod', 'linux'), twinKey('pod', 'linux'));
});

test('a name that passes is one component that UTF-8 and every disk interface can express', (t) => {
  holds(
    t,
    fc.property(
      fc.oneof(
        anyText,
        anyText.map((text) => text.repeat(20)),
      ),
      (name) => {
        const check = checkName(name);
        if (check.kind === 'refused') {
          assert.ok(check.sentence.isWellFormed() && check.sentence.length < 500);
          return;
        }
        assert.ok(name !== '' && name !== '.' && name !== '..');
        assert.ok(!/[/\0]/.test(name));
        assert.equal(Buffer.from(name).toString(), name);
        assert.ok(Buffer.byteLength(name) <= 255);
      },
    ),
    1000,
  );
});

test('the reserved name is found under every case, normal form and disguise', (t) => {
  const letters = [...'.tidemark'];
  const disguised = fc
    .tuple(
      fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
      fc.array(fc.constantFrom('', '', '', '\u200c', '\u200e', '\u202b', '\ufeff'), {
        minLength: 9,
        maxLength: 9,
      }),
      fc.constantFrom('', '.', ' ', ' . ', ':stream', '::$INDEX_ALLOCATION', '. :x', '-', '-tmp', '-1.part'),
    )
    .map(
      ([upper, before, ending]) =>
        letters.map((letter, at) => before[at]! + (upper[at] ? letter.toUpperCase() : letter)).join('') +
        ending,
    );
  holds(
    t,
    fc.property(disguised, (name) => assert.ok(isReservedName(name), quoted(name))),
    300,
  );
});

test('lengths in UTF-8 are those of the bytes, and prefixes end between characters', (t) => {
  holds(
    t,
    fc.property(anyText, fc.nat({ max: 40 }), (text, most) => {
      assert.equal(utf8Length(text), Buffer.byteLength(text));
      const prefix = utf8Prefix(text, most);
      assert.ok(text.startsWith(prefix) && utf8Length(prefix) <= most);
      const [next] = text.slice(prefix.length);
      if (next !== undefined) assert.ok(utf8Length(prefix + next) > most);
    }),
    500,
  );
});

test('troubles come with sentences and never with exceptions', (t) => {
  holds(
    t,
    fc.property(
      anyText,
      fc.constantFrom('linux' as const, 'macos' as const, 'windows' as const),
      (name, platform) => {
        for (const trouble of nameTroubles(name, platform)) {
          assert.equal(trouble.platform, platform);
          assert.ok(trouble.sentence.isWellFormed() && trouble.sentence.endsWith('.'));
        }
      },
    ),
    500,
  );
});
