import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, matches } from '../../src/core/ignore/glob.ts';
import { parseIgnore } from '../../src/core/ignore/parse.ts';
import { IgnoreRules } from '../../src/core/ignore/rules.ts';
import { askGit, type IgnoreCase } from './git-check-ignore.ts';
import { holds, seed } from './seeded.ts';

const NAMES = [
  ...['a', 'b', 'c', 'ab', 'abc', 'foo', 'bar', 'foo.o', 'bar.txt', 'build', 'Build', '.hidden', 'é', 'ü.o'],
  ...[
    'a b',
    'a ',
    ' a',
    '[a]',
    'a[',
    ']',
    ':',
    '#a',
    '!a',
    'a*',
    '*',
    '**',
    '?',
    'a\\b',
    '\\',
    '-',
    'a-c',
    '1',
    '_',
    '~$a',
    '^',
  ],
];

const name = fc.constantFrom(...NAMES);
const folderPath = fc.array(fc.constantFrom('a', 'b', 'foo', 'build', 'é', 'a b'), {
  minLength: 1,
  maxLength: 3,
});

const LITERALS = [
  'a',
  'b',
  'c',
  'foo',
  'bar',
  '.o',
  '.txt',
  'build',
  'é',
  ' ',
  '\\ ',
  '#',
  '!',
  '-',
  '.',
  '1',
  '\\a',
  '\\*',
  '\\[',
  '\\?',
  '\\\\',
  '\\!',
  '\\#',
];
const WILDCARDS = [
  '*',
  '*',
  '**',
  '***',
  '?',
  '??',
  '[ab]',
  '[a-c]',
  '[!a]',
  '[^b]',
  '[]a]',
  '[!]]',
  '[a-]',
  '[-a]',
  '[\\]]',
  '[a\\-c]',
  '[z-a]',
  '[a-b-c]',
  '[[:alpha:]]',
  '[[:digit:][:upper:]_]',
  '[![:alnum:]]',
  '[[:punct:]]',
  '[[:space:]]',
  '[[:nope:]]',
  '[[:alpha:]',
  '[a',
  '[',
  '[!',
  '[[:',
  '[[:]',
  '**\\/',
  '[[a]',
  '[/]',
  '[^/]',
  '\\',
];
const SLASHES = ['/', '/', '/', '/**/', '**/', '/**', '//', '\\/'];

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...LITERALS) },
  { weight: 2, arbitrary: name },
  { weight: 4, arbitrary: fc.constantFrom(...WILDCARDS) },
  { weight: 3, arbitrary: fc.constantFrom(...SLASHES) },
);
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '!', '/', '**/', '!/', '#'),
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
      },
      { weight: 2, arbitrary: fc.tuple(folderPath, name).map(([path, last]) => [...path, last].join('/')) },
      { weight: 1, arbitrary: name },
    ),
    fc.constantFrom('', '', '', '/', '/*', '/**', ' ', '\r'),
  )
  .map((parts) => parts.join(''));
const text = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 9, arbitrary: line },
        { weight: 1, arbitrary: fc.constantFrom('', ' ', '/', '!', '\t') },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    fc.constantFrom('\n', ''),
  )
  .map(([lines, end]) => lines.join('\n') + end);

const ignoreCase: fc.Arbitrary<IgnoreCase> = fc
  .record({
    root: text,
    nested: fc.array(fc.tuple(folderPath, text), { maxLength: 2 }),
    folders: fc.array(folderPath, { minLength: 1, maxLength: 4 }),
    leaves: fc.array(fc.tuple(fc.option(folderPath), name), { minLength: 3, maxLength: 9 }),
  })
  .map(({ root, nested, folders, leaves }) => {
    const kinds = new Map<string, boolean>();
    const addFolder = (path: readonly string[]): void => {
      path.forEach((_, at) => {
        kinds.set(path.slice(0, at + 1).join('/'), true);
      });
    };
    for (const [path] of nested) addFolder(path);
    for (const path of folders) addFolder(path);
    for (const [path, leaf] of leaves) {
      if (path !== null) addFolder(path);
      const full = [...(path ?? []), leaf].join('/');
      if (!kinds.has(full)) kinds.set(full, false);
    }
    // A leaf of one path may be a folder of a later one.
    for (const path of [...kinds.keys()]) addFolder(path.split('/').slice(0, -1));
    const texts = new Map([['', root], ...nested.map(([path, rules]) => [path.join('/'), rules] as const)]);
    return {
      files: [...texts].map(([folder, rules]) => ({ folder, text: rules })),
      paths: [...kinds].map(([path, isFolder]) => ({ path, isFolder })),
    };
  });

test('every verdict on generated rules and paths is the one of git check-ignore', (t) => {
  t.diagnostic(`PROPERTY_SEED=${seed}`);
  const cases = fc.sample(ignoreCase, { seed, numRuns: 150 });
  const answers = askGit(cases);
  let compared = 0;
  let decided = 0;
  cases.forEach(({ files, paths }, number) => {
    const rules = IgnoreRules.of(files, '');
    paths.forEach(({ path, isFolder }, at) => {
      const verdict = rules.isExcluded(path, isFolder);
      const expected = answers[number]?.[at] ?? '';
      const about = JSON.stringify({ seed, path, isFolder, files });
      assert.equal(verdict.rule ?? '', expected, about);
      assert.equal(verdict.excluded, expected !== '' && !expected.startsWith('!'), about);
      compared += 1;
      if (expected !== '') decided += 1;
    });
  });
  t.diagnostic(`${compared} comparisons, ${decided} decided by a rule`);
  assert.ok(compared >= 1500, `only ${compared} comparisons`);
  assert.ok(decided >= compared / 20, `only ${decided} of ${compared} decided by a rule`);
});

test('any text is a list of rules, and any path gets a verdict', (t) => {
  holds(
    t,
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.boolean(),
      (rules, path, isFolder) => {
        const verdict = IgnoreRules.of([{ folder: '', text: rules }]).isExcluded(path, isFolder);
        assert.equal(typeof verdict.excluded, 'boolean');
      },
    ),
    200,
  );
});

test('patterns made to stall a matcher are decided at once', () => {
  const hostile = [
    `${'*a'.repeat(500)}b`,
    `${'**/'.repeat(500)}x`,
    `${'a*'.repeat(800)}[!a]`,
    `${'?*'.repeat(700)}z`,
  ];
  const path = `${'a'.repeat(120)}/`.repeat(20) + 'a'.repeat(200);
  const started = process.cpuUsage().user;
  for (const pattern of hostile) {
    const glob = compile(pattern, true);
    assert.ok(glob !== null && !matches(glob, path, 0));
  }
  assert.ok(process.cpuUsage().user - started < 3_000_000);
});

test('a long row of stars does not exhaust the stack', () => {
  const [rule] = parseIgnore(`a/${'**/'.repeat(50_000)}b`);
  assert.equal(rule?.test.kind, 'glob');
  assert.equal(
    IgnoreRules.of([{ folder: '', text: `a/${'**/'.repeat(50_000)}b` }]).isExcluded('a/x/b', false).excluded,
    true,
  );
});
