import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IgnoreRules } from '../../src/core/ignore/rules.ts';
import { askGit } from '../property/git-check-ignore.ts';

type Row = readonly [rules: string, path: string, excluded: boolean];

const checked: Row[] = [];

/** A path that ends with a slash is a folder. */
function check(rows: readonly Row[]): void {
  checked.push(...rows);
  for (const [text, path, excluded] of rows) {
    const rules = IgnoreRules.of([{ folder: '', text }], '');
    const verdict = rules.isExcluded(path.replace(/\/$/, ''), path.endsWith('/'));
    assert.equal(verdict.excluded, excluded, `${JSON.stringify(text)} on ${path}`);
  }
}

test('a pattern without a slash matches the last component at any depth', () => {
  check([
    ['*.o', 'x.o', true],
    ['*.o', 'a/b/x.o', true],
    ['*.o', 'x.c', false],
    ['foo', 'a/foo/', true],
    ['foo', 'a/foobar', false],
    ['foo/', 'foo/', true],
    ['foo/', 'foo', false],
    ['foo/', 'a/foo/b.txt', true],
  ]);
});

test('a pattern with a slash is anchored to its folder', () => {
  check([
    ['/foo', 'foo', true],
    ['/foo', 'a/foo', false],
    ['a/foo', 'a/foo', true],
    ['a/foo', 'b/a/foo', false],
    ['a/*.o', 'a/x.o', true],
    ['a/*.o', 'a/b/x.o', false],
    ['a/', 'b/a/', true],
  ]);
});

test('two stars stand for folders where they are a whole component', () => {
  check([
    ['**/foo', 'foo', true],
    ['**/foo', 'a/b/foo', true],
    ['**/a/b', 'x/a/b', true],
    ['a/**', 'a/', false],
    ['a/**', 'a/b', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**b', 'a/x/b', false],
    ['a/**b', 'a/xb', true],
    ['a/**\\/b', 'a/x/y/b', true],
    ['a/**\\/b', 'a/b', false],
    ['f**/b', 'f/x/b', true],
    ['?**/b', 'f/x/b', false],
  ]);
});

test('comments, escapes and trailing spaces are read as git reads them', () => {
  check([
    ['#foo', '#foo', false],
    ['\\#foo', '#foo', true],
    ['\\!foo', '!foo', true],
    ['foo  ', 'foo', true],
    ['foo\\ ', 'foo ', true],
    ['foo\\ ', 'foo', false],
    ['foo\\  ', 'foo ', true],
    ['foo\t', 'foo', false],
    ['foo\r\nbar', 'foo', true],
    ['\ufefffoo', 'foo', true],
    ['foo\\', 'foo\\', false],
    ['', 'foo', false],
    ['fo\\o', 'foo', true],
  ]);
});

test('sets hold ranges, negations, classes and escapes', () => {
  check([
    ['[a-c].o', 'b.o', true],
    ['[!a-c].o', 'b.o', false],
    ['[^a-c].o', 'd.o', true],
    ['[]x].o', '].o', true],
    ['[[:digit:]]', '7', true],
    ['[[:upper:]]', 'x', false],
    ['[[:nope:]]', 'x', false],
    ['[[:constructor:]]', 'x', false],
    ['[a', '[a', false],
    ['[a-b-d]', '-', true],
    ['[a-b-d]', 'c', false],
    ['[[:]', ':', true],
    ['[[:]', '[', true],
    ['[[:]x]', ':x]', true],
    ['[\\]]', ']', true],
    ['a[/]b', 'a/b', false],
    ['a?b', 'a/b', false],
  ]);
});

test('matching is by bytes and by case', () => {
  check([
    ['Foo', 'foo', false],
    ['?', 'é', false],
    ['??', 'é', true],
    ['*é*', 'café.txt', true],
    ['[é]', 'é', false],
  ]);
});

test('the last match decides, and nothing below an excluded folder comes back', () => {
  check([
    ['*.o\n!keep.o', 'keep.o', false],
    ['!keep.o\n*.o', 'keep.o', true],
    ['build/\n!build/keep', 'build/keep', true],
    ['build/*\n!build/keep', 'build/keep', false],
    ['/*\n!/a\n/a/*\n!/a/b', 'a/b', false],
    ['/*\n!/a\n/a/*\n!/a/b', 'a/c', true],
  ]);
});

test('git agrees with every row above', () => {
  const answers = askGit(
    checked.map(([text, path]) => ({
      files: [{ folder: '', text }],
      paths: [{ path: path.replace(/\/$/, ''), isFolder: path.endsWith('/') }],
    })),
  );
  checked.forEach(([text, path, excluded], at) => {
    const rule = answers[at]?.[0] ?? '';
    assert.equal(rule !== '' && !rule.startsWith('!'), excluded, `${JSON.stringify(text)} on ${path}`);
  });
});

test('a deeper file goes before a shallower one and counts from its own folder', () => {
  const rules = IgnoreRules.of([
    { folder: '', text: '*.log\n/only-top' },
    { folder: 'a', text: '!*.log\n/only-here' },
    { folder: 'a/b', text: '*.log' },
    { folder: 'gone', text: '!x' },
    { folder: 'é', text: '/ü' },
  ]);
  const excluded = (path: string): boolean => rules.isExcluded(path, false).excluded;
  assert.deepEqual(
    ['x.log', 'a/x.log', 'a/b/x.log', 'a/only-top', 'a/only-here', 'a/c/only-here', 'é/ü', 'ü'].map(excluded),
    [true, false, true, false, true, false, true, false],
  );
});

test('the verdict names the rule and where it stands', () => {
  const rules = IgnoreRules.of([{ folder: 'a', text: '# c\n*.o  \n!b.o' }]);
  assert.deepEqual(rules.isExcluded('a/x.o', false), {
    excluded: true,
    rule: '*.o',
    source: { folder: 'a', line: 2 },
  });
  assert.deepEqual(rules.isExcluded('a/b.o', false), {
    excluded: false,
    rule: '!b.o',
    source: { folder: 'a', line: 3 },
  });
  assert.deepEqual(rules.isExcluded('b.o', false), { excluded: false, rule: null, source: null });
  assert.equal(rules.isExcluded('.DS_Store', false).source?.folder, null);
  assert.equal(rules.isExcluded('', true).excluded, false);
});

test('the defaults leave out lock and temporary files, and never a backup', () => {
  const rules = IgnoreRules.of([]);
  const out = [
    '~$plan.docx',
    'a/.~lock.x.ods#',
    '.x.swp',
    '.x.swo',
    'x.swp',
    '.#x',
    'a/.DS_Store',
    'Thumbs.db',
  ];
  out.push('desktop.ini', '.Trash-1000', '.nfs0000000001', '.fuse_hidden0001', '~WRL0001.tmp');
  const kept = ['x~', '~x', '#x#', 'plan.docx', '.tidemarkignore', 'x.tmp', '.git', 'lock', 'nfs', 'x.bak'];
  for (const path of out) assert.equal(rules.isExcluded(path, false).excluded, true, path);
  for (const path of kept) assert.equal(rules.isExcluded(path, false).excluded, false, path);
});

test('a line of a user takes a default back', () => {
  const rules = IgnoreRules.of([{ folder: 'a', text: '!.DS_Store' }]);
  assert.equal(rules.isExcluded('a/.DS_Store', false).excluded, false);
  assert.equal(rules.isExcluded('.DS_Store', false).excluded, true);
});
