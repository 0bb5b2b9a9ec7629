import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seed } from '../property/seeded.ts';
import { importsOf, lexSource } from './source-text.ts';

const bareOf = (text: string): string => lexSource(text).bare.replace(/ +/g, ' ').trim();

test('comments are blanked in both texts, strings in one', () => {
  const { code, bare } = lexSource("a('x'); // b('y')\n/* c */ d;");
  assert.equal(code.replace(/ +/g, ' '), "a('x'); \n d;");
  assert.equal(bare.replace(/ +/g, ' '), "a(' '); \n d;");
});

test('code inside a template is code, the text around it is not', () => {
  assert.equal(bareOf('`text ${call({ a: `in ${deep} out` })} more`;'), '` {call({ a: ` {deep} ` })} `;');
});

test('a quote inside a comment, a regular expression or another string opens nothing', () => {
  assert.equal(bareOf("// it's\nreal;"), 'real;');
  assert.equal(bareOf('const a = /[\'"/]/g; real;'), 'const a = / /g; real;');
  assert.equal(bareOf('const a = "it\'s"; real;'), 'const a = " "; real;');
  assert.equal(bareOf("const a = 'it\\'s'; real;"), "const a = ' '; real;");
});

test('a division is no regular expression', () => {
  assert.equal(bareOf("const a = b / c; const d = 'x' / e;"), "const a = b / c; const d = ' ' / e;");
  assert.equal(bareOf('const a = (b + c) / 2; real();'), 'const a = (b + c) / 2; real();');
});

test('an import knows its line and its clause', () => {
  const text = "\nimport {\n  a,\n} from 'x';\nexport * from 'y';\nimport 'z';";
  assert.deepEqual(importsOf(lexSource(text)), [
    { specifier: 'x', clause: '{\n  a,\n}', line: 2 },
    { specifier: 'y', clause: '*', line: 5 },
    { specifier: 'z', clause: '', line: 6 },
  ]);
});

test('blanking keeps the length and the lines of any text', () => {
  const pieces = fc.constantFrom(
    'a',
    ' ',
    '\n',
    "'",
    '"',
    '`',
    '${',
    '}',
    '{',
    '/',
    '*',
    '\\',
    '//',
    '/*',
    '*/',
    '(',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      const newlines = (value: string) => [...value.matchAll(/\n/g)].map(({ index }) => index);
      for (const blanked of Object.values(lexSource(text))) {
        assert.equal(blanked.length, text.length);
        assert.deepEqual(newlines(blanked), newlines(text));
      }
    }),
    { seed },
  );
});
