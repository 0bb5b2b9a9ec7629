import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nameTroubles } from '../../../src/core/names/portability.ts';
import { checkName } from '../../../src/core/names/valid-name.ts';
import { markedName, nameFault, proposedName } from '../../../src/renderer/screens/problems/legal-name.ts';
import { nameReason, problemSentence } from '../../../src/renderer/screens/problems/problem-sentence.ts';
import { seed } from '../../property/seeded.ts';

const marked = (name: string) =>
  markedName(name)
    .map(({ text, offends }) => (offends ? `[${text}]` : text))
    .join('');

const anyText = fc
  .array(fc.integer({ min: 0, max: 0xd7ff }), { maxLength: 40 })
  .map((codes) => String.fromCodePoint(...codes));

test('the characters that some system cannot hold are marked', () => {
  assert.equal(marked('plan: east <draft>?.docx'), 'plan[:] east [<]draft[>?].docx');
  assert.equal(marked('ends with dots . .'), 'ends with dots[ . .]');
  assert.equal(marked('con.txt'), '[con].txt');
  assert.equal(marked('fine.txt'), 'fine.txt');
});

test('the pieces of a marked name are the name', () => {
  fc.assert(
    fc.property(anyText, (name) => {
      assert.equal(
        markedName(name)
          .map(({ text }) => text)
          .join(''),
        name,
      );
    }),
    { seed },
  );
});

test('the proposed name is near the old one', () => {
  assert.equal(proposedName('plan: east <draft>?.docx'), 'plan- east -draft--.docx');
  assert.equal(proposedName('con.txt'), 'con_.txt');
  assert.equal(proposedName('ferry ticket .'), 'ferry ticket');
  assert.equal(proposedName('Readme.md', true), 'Readme (2).md');
  assert.equal(proposedName('invoice\u202excod:.exe'), 'invoicexcod-.exe');
  assert.equal(proposedName('...'), 'unnamed');
});

test('every proposed name can be held by every system and is another one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), fc.boolean(), (name, twin) => {
      fc.pre(!name.includes('/') && !name.includes('\0'));
      const proposed = proposedName(name, twin);
      assert.notEqual(proposed, name);
      for (const platform of ['windows', 'macos', 'linux'] as const) {
        assert.deepEqual(
          nameTroubles(proposed, platform).filter((trouble) => trouble.impossible),
          [],
        );
      }
      const check = checkName(proposed);
      assert.ok(check.kind === 'ok' || check.why === 'reserved', JSON.stringify(check));
    }),
    { seed },
  );
});

test('what is typed is refused with its reason', () => {
  assert.equal(nameFault('', 'a'), 'empty');
  assert.equal(nameFault('a', 'a'), 'same');
  assert.equal(nameFault('a/b', 'a'), 'separator');
  assert.equal(nameFault('.tidemark', 'a'), 'reserved');
  assert.equal(nameFault('..', 'a'), 'reserved');
  assert.equal(nameFault('what?', 'a'), 'character');
  assert.equal(nameFault('x'.repeat(256), 'a'), 'too-long');
  assert.equal(nameFault('good.txt', 'a'), null);
});

test('why a name is held is said in the language of the user, not as the engine put it', () => {
  const problem = {
    path: 'Notes/con.txt',
    code: 'name-held',
    facts: { file: 'Notes/con.txt', detail: 'Windows cannot hold the name' },
    sentence: '',
    since: 0,
  };
  assert.match(problemSentence(problem, 'de'), /Windows hält diesen Namen für ein Gerät frei\./);
  assert.doesNotMatch(problemSentence(problem, 'de'), /cannot hold/);
  assert.equal(nameReason('Notes/fine.txt', 'en'), '');
});
