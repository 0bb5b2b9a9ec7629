import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errorSentence } from '../../../src/renderer/words/errors.ts';
import { inSentence, splitEnding, visibleText } from '../../../src/renderer/words/visible-text.ts';
import { seed } from '../../property/seeded.ts';

const anyText = fc
  .array(fc.integer({ min: 0, max: 0xd7ff }), { maxLength: 40 })
  .map((codes) => String.fromCodePoint(...codes));

test('what cannot be seen in a name is shown as its code', () => {
  assert.equal(visibleText('invoice\u202excod.exe'), 'invoice‹U+202E›xcod.exe');
  assert.equal(visibleText('a\nb\r\tc\u0000'), 'a‹U+000A›b‹U+000D›‹U+0009›c‹U+0000›');
  assert.equal(visibleText('x\u200by\ufeffz\u00ad'), 'x‹U+200B›y‹U+FEFF›z‹U+00AD›');
  assert.equal(visibleText('tag\u{e0041}'), 'tag‹U+E0041›');
});

test('a joiner stays inside an emoji and between letters that write with it, and nowhere else', () => {
  assert.equal(visibleText('👨‍👩‍👧.jpg'), '👨‍👩‍👧.jpg');
  assert.equal(visibleText('🏳️‍🌈'), '🏳️‍🌈');
  assert.equal(visibleText('میزان‌ها'), 'میزان‌ها');
  assert.equal(visibleText('pay\u200dpal'), 'pay‹U+200D›pal');
  assert.equal(visibleText('\u200c'), '‹U+200C›');
});

test('no character that turns or hides others is left in any shown name', () => {
  fc.assert(
    fc.property(anyText, (name) => {
      assert.doesNotMatch(visibleText(name), /[\u0000-\u001f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/);
    }),
    { seed },
  );
});

test('a name from right to left is fenced in a sentence, others are left as they are', () => {
  assert.equal(inSentence('report.pdf'), 'report.pdf');
  assert.equal(inSentence('דוח.pdf'), '\u2068דוח.pdf\u2069');
});

test('the sentence of an error shows hostile facts harmlessly, in both languages', () => {
  const facts = { file: 'a\u202eb', other: 'c\nd' };
  for (const language of ['en', 'de'] as const) {
    const sentence = errorSentence(language, 'root-nested', facts);
    assert.match(sentence, /a‹U\+202E›b/);
    assert.match(sentence, /c‹U\+000A›d/);
  }
});

test('the ending of a name is what stays readable when the rest gives way', () => {
  assert.deepEqual(splitEnding('plan.docx'), ['plan', '.docx']);
  assert.deepEqual(splitEnding('.profile'), ['.profile', '']);
  assert.deepEqual(splitEnding('no ending'), ['no ending', '']);
  assert.deepEqual(splitEnding('dot.'), ['dot.', '']);
  assert.deepEqual(splitEnding('v1.a sentence that goes on'), ['v1.a sentence that goes on', '']);
});
