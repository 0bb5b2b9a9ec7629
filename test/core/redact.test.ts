/** Marks in the place of names: none left, the same one everywhere, endings and shapes kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Redactor } from '../../src/core/names/redact.ts';
import { holds } from '../property/seeded.ts';

test('each part of a path has its mark, the same one wherever it stands; endings and our own names stay', () => {
  const redactor = new Redactor();
  assert.equal(redactor.path('Taxes/2026/Report.final.pdf'), 'name-1/name-2/name-3.pdf');
  assert.equal(redactor.path('Taxes/Report.final.pdf'), 'name-1/name-3.pdf');
  assert.equal(redactor.path('/home/Taxes/.tidemark/trash'), '/name-4/name-1/.tidemark/name-5');
  assert.equal(redactor.path('C:\\Taxes\\b'), 'C:/name-1/name-6');
  assert.equal(redactor.path(''), '');
  assert.equal(redactor.name('person', 'Anna'), 'person-1');
  assert.equal(redactor.name('device', 'Studio PC'), 'device-1');
});

test('free text loses known names, paths, quotations and addresses, and stays a sentence', () => {
  const redactor = new Redactor();
  redactor.path('Taxes/Report.final.pdf');
  redactor.name('person', 'Bo');
  assert.equal(
    redactor.text('Report.final.pdf of Bo cannot be read: EACCES: open "/home/x y/Report.final.pdf"'),
    'name-2.pdf of person-1 cannot be read: EACCES: open "/name-3/name-4/name-2.pdf"',
  );
  assert.equal(
    redactor.text('at work (file:///opt/tidemark/out/engine.mjs:10:5)'),
    'at work (file:engine.mjs:10:5)',
  );
  assert.equal(redactor.text('GET https://sync.example.org/v1 failed'), 'GET server-1 failed');
  assert.equal(redactor.text('nothing to hide, 3 of 4'), 'nothing to hide, 3 of 4');
});

test('no name that was told ever stands in a text afterwards, in or between other words', (t) => {
  const name = fc.stringMatching(/^[A-Z][a-z]{4,9}[.+*(]?[xyz]{2,3}$/);
  holds(
    t,
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(7), { maxLength: 8 }),
      (names, picks) => {
        const redactor = new Redactor();
        redactor.path(names.join('/'));
        const text = redactor.text(picks.map((i) => `the ${names[i % names.length]} of`).join(' '));
        for (const each of names) assert.ok(!text.includes(each), `${each} in ${text}`);
        assert.deepEqual(redactor.path(names.join('/')), redactor.path(names.join('/')));
      },
    ),
  );
});
