import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ConflictCopy, conflictName, parseConflictName } from '../../src/core/conflict/conflict-name.ts';
import { nameTroubles } from '../../src/core/names/portability.ts';
import { checkName } from '../../src/core/names/valid-name.ts';
import { holds } from './seeded.ts';

const names = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
    fc
      .tuple(fc.string({ maxLength: 200 }), fc.constantFrom('.txt', '.tar.gz', '', '.', '.x y'))
      .map(([a, b]) => a + b),
    fc.constantFrom('.bashrc', 'a', '…', 'x'.repeat(255), '𝒳'.repeat(63), `${'é'.repeat(120)}.docx`),
  )
  .filter((name) => checkName(name).kind === 'ok');

const copies: fc.Arbitrary<ConflictCopy> = fc.record({
  name: names,
  device: fc.string({ unit: 'binary', maxLength: 40 }),
  user: fc.string({ unit: 'binary', maxLength: 40 }),
  at: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.double()),
  versionNumber: fc.option(fc.integer({ min: 1, max: 1e9 })),
  taken: fc.constant(() => false),
});

test('a conflict name is a legal name whose suffix is plain ASCII and legal everywhere', (t) => {
  holds(
    t,
    fc.property(copies, (copy) => {
      const name = conflictName(copy);
      assert.deepEqual(checkName(name), { kind: 'ok' });
      assert.ok(Buffer.byteLength(name) <= 255);
      const suffix = /\(conflict - .*\)/s.exec(name)?.[0] ?? '';
      assert.match(suffix, /^[ -~]{20,110}$/);
      assert.deepEqual(nameTroubles(suffix, 'windows'), []);
    }),
    500,
  );
});

test('a conflict name says what it was made from', (t) => {
  holds(
    t,
    fc.property(copies, (copy) => {
      const name = conflictName(copy);
      const parsed = parseConflictName(name);
      assert.ok(parsed !== null, name);
      assert.equal(parsed.versionNumber, copy.versionNumber);
      assert.equal(parsed.copy, 1);
      const [original] = parsed.original.split(/(?=\.[^.]*$)/);
      assert.ok(copy.name.startsWith(original ?? ''), `${copy.name} became ${parsed.original}`);
    }),
    500,
  );
});

test('a conflict of a conflict replaces the suffix', (t) => {
  holds(
    t,
    fc.property(copies, copies, (first, second) => {
      const once = conflictName(first);
      const twice = conflictName({ ...second, name: once });
      assert.equal(twice.split('(conflict - ').length - 1, first.name.split('(conflict - ').length);
      const parsed = parseConflictName(twice);
      assert.ok(parsed !== null);
      assert.equal(parseConflictName(parsed.original), null);
    }),
    500,
  );
});

test('any number of conflicts in one minute get names of their own', (t) => {
  holds(
    t,
    fc.property(copies, (copy) => {
      const used = new Set<string>();
      for (let count = 1; count <= 12; count += 1) {
        const name = conflictName({ ...copy, taken: (candidate) => used.has(candidate) });
        assert.ok(!used.has(name));
        assert.equal(parseConflictName(name)?.copy, count);
        assert.deepEqual(checkName(name), { kind: 'ok' });
        used.add(name);
      }
    }),
    100,
  );
});
