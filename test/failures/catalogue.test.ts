/** The catalogue of failures is complete, names only tests that exist, and nearly all of it is played through. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Type } from 'typebox';
import { parserOf, record } from '../../src/protocol/schema.ts';
import { IDS } from './ids.ts';

const repository = join(import.meta.dirname, '../..');
const Text = Type.String({ minLength: 8 });
const head = { severity: Type.Enum(['S0', 'S1', 'S2']), name: Type.String({ minLength: 8 }) };
const Entry = Type.Union([
  record({ ...head, tests: Type.Array(record({ file: Text, test: Text }), { minItems: 1 }) }),
  record({ ...head, cannotOccur: Text }),
  record({ ...head, notYet: Text }),
  /** The number of the issue that builds what can fail so. */
  record({ ...head, waitsFor: Type.Integer({ minimum: 1 }) }),
]);
const parse = parserOf(Type.Record(Type.String(), Entry));

function catalogue() {
  const read: unknown = JSON.parse(readFileSync(join(repository, 'test/failures.json'), 'utf8'));
  const parsed = parse(read);
  assert(parsed.kind === 'ok', JSON.stringify(parsed));
  return parsed.value;
}

/** The name stands in the file as a whole text, in whatever quotes. */
function names(source: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) =>
    source.includes(`${quote}${name.replaceAll(quote, `\\${quote}`)}${quote}`),
  );
}

test('every catalogued failure has exactly one entry', () => {
  assert.equal(new Set(IDS).size, 174);
  assert.deepEqual(Object.keys(catalogue()), [...IDS]);
});

test('every test that is named exists', () => {
  for (const [id, entry] of Object.entries(catalogue())) {
    if (!('tests' in entry)) continue;
    for (const { file, test: name } of entry.tests) {
      assert.match(file, /^test\/[\w/.-]+\.ts$/, id);
      assert.ok(existsSync(join(repository, file)), `${id}: there is no ${file}`);
      assert.ok(names(readFileSync(join(repository, file), 'utf8'), name), `${id}: ${file} has no "${name}"`);
    }
  }
});

test('of those that wait for nothing at least nine in ten are played through, and every silent loss is', (t) => {
  const due = Object.entries(catalogue()).filter(([, entry]) => !('waitsFor' in entry));
  const played = due.filter(([, entry]) => 'tests' in entry);
  t.diagnostic(
    `${played.length} of ${due.length} played through; ${IDS.length - due.length} wait for an issue`,
  );
  assert.ok(played.length >= due.length * 0.9, `${played.length} of ${due.length}`);
  const open = due.filter(([, entry]) => 'notYet' in entry && entry.severity === 'S0').map(([id]) => id);
  assert.deepEqual(open, []);
});
