import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clashesOf,
  marksFor,
  mergeTexts,
  settled,
} from '../../../src/renderer/screens/conflicts/merge/merge-text.ts';
import { rowsOf } from '../../../src/renderer/screens/conflicts/preview/rows.ts';
import {
  countsOf,
  hunksOf,
  stretchesOf,
  stretchesOfTwo,
} from '../../../src/renderer/screens/conflicts/preview/three-way.ts';
import { seed } from '../../property/seeded.ts';

const MARKS = marksFor('Anna-Laptop', 'version 18', 'Studio-PC');
const merge = (base: string | null, theirs: string, mine: string) =>
  mergeTexts({ base, theirs, mine }, MARKS, '\n');
const someLines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', '}'), { maxLength: 24 });

test('changes of different lines are both taken, without a mark', () => {
  assert.deepEqual(merge('one\ntwo\nthree\nfour\n', 'ONE\ntwo\nthree\nfour\n', 'one\ntwo\nthree\nFOUR\n'), {
    text: 'ONE\ntwo\nthree\nFOUR\n',
    clashes: 0,
    taken: 2,
  });
});

test('the same change on both sides is taken once', () => {
  assert.deepEqual(merge('a\nb\n', 'a\nB\n', 'a\nB\n'), { text: 'a\nB\n', clashes: 0, taken: 1 });
});

test('lines that both changed are marked with both sides and what stood there before', () => {
  const merged = merge('a\nb\nc\n', 'a\ntheirs\nc\n', 'a\nmine\nc\n');
  assert.equal(
    merged.text,
    'a\n<<<<<<< Anna-Laptop\nmine\n||||||| version 18\nb\n=======\ntheirs\n>>>>>>> Studio-PC\nc\n',
  );
  assert.equal(merged.clashes, 1);
  assert.equal(clashesOf(merged.text.split('\n'), MARKS).length, 1);
});

test('without an ancestor every difference is a clash', () => {
  const merged = merge(null, 'x\nsame\n', 'y\nsame\n');
  assert.equal(merged.text, '<<<<<<< Anna-Laptop\ny\n=======\nx\n>>>>>>> Studio-PC\nsame\n');
});

test('a clash is settled by either side or by both, and a heading underlined with equals signs is no mark', () => {
  const lines = ['Title', '=======', ...merge('b', 'theirs', 'mine').text.split('\n')];
  const [clash, ...more] = clashesOf(lines, MARKS);
  assert.deepEqual(more, []);
  assert.ok(clash?.whole);
  assert.deepEqual(settled(lines, clash, 'mine'), ['mine']);
  assert.deepEqual(settled(lines, clash, 'theirs'), ['theirs']);
  assert.deepEqual(settled(lines, clash, 'mine-theirs'), ['mine', 'theirs']);
  assert.deepEqual(settled(lines, clash, 'theirs-mine'), ['theirs', 'mine']);
});

test('a mark that lost its partners still counts', () => {
  assert.equal(clashesOf(['a', MARKS.theirs], MARKS).length, 1);
  assert.equal(clashesOf([MARKS.mine, 'a'], MARKS).length, 1);
  assert.equal(clashesOf([MARKS.mine, 'a', MARKS.theirs], MARKS).length, 2);
  assert.equal(clashesOf([MARKS.base], MARKS).length, 1);
});

test('lines that end with CR LF come back byte for byte', () => {
  const merged = mergeTexts(
    { base: 'a\r\nb\r\n', theirs: 'a\r\nb\r\nc\r\n', mine: 'A\r\nb\r\n' },
    MARKS,
    '\r\n',
  );
  assert.equal(merged.text, 'A\r\nb\r\nc\r\n');
});

test('any three texts: each is the sum of its stretches, and a side that changed nothing never wins', () => {
  fc.assert(
    fc.property(someLines, someLines, someLines, (base, theirs, mine) => {
      const all = stretchesOf(base, theirs, mine);
      assert.deepEqual(
        all.flatMap((each) => each.base),
        base,
      );
      assert.deepEqual(
        all.flatMap((each) => each.theirs),
        theirs,
      );
      assert.deepEqual(
        all.flatMap((each) => each.mine),
        mine,
      );
      const text = (lines: readonly string[]) => lines.join('\n');
      assert.equal(merge(text(base), text(base), text(mine)).text, text(mine));
      assert.equal(merge(text(base), text(theirs), text(base)).text, text(theirs));
      const two = stretchesOfTwo(theirs, mine);
      assert.deepEqual(
        two.flatMap((each) => each.theirs),
        theirs,
      );
      assert.deepEqual(
        two.flatMap((each) => each.mine),
        mine,
      );
    }),
    { seed },
  );
});

test('any merge: taking one side at every clash leaves no mark', () => {
  fc.assert(
    fc.property(someLines, someLines, someLines, (base, theirs, mine) => {
      let lines: readonly string[] = merge(base.join('\n'), theirs.join('\n'), mine.join('\n')).text.split(
        '\n',
      );
      for (;;) {
        const [clash] = clashesOf(lines, MARKS);
        if (clash === undefined) break;
        assert.ok(clash.whole);
        lines = [
          ...lines.slice(0, clash.from),
          ...settled(lines, clash, 'theirs'),
          ...lines.slice(clash.to + 1),
        ];
      }
    }),
    { seed },
  );
});

test('texts of many equal lines are compared at once', () => {
  const many = Array.from({ length: 30_000 }, () => '');
  const hunks = hunksOf(['x', ...many, 'y'], ['z', ...many, '', 'w']);
  assert.equal(hunks.length, 1);
});

test('added and removed lines are counted', () => {
  assert.deepEqual(countsOf(['a', 'b', 'c'], ['a', 'x', 'y', 'c']), { added: 2, removed: 1 });
});

test('rows show every line once, with its number, and fold what is the same', () => {
  const base = Array.from({ length: 40 }, (_, line) => `line ${line}`);
  const mine = base.map((line, at) => (at === 20 ? 'changed' : line));
  const folded = rowsOf(stretchesOf(base, base, mine), new Set());
  assert.deepEqual(
    folded.map((row) => (row.kind === 'folded' ? `fold ${row.lines}` : `${row.mine?.number}`)),
    ['fold 17', '18', '19', '20', '21', '22', '23', '24', 'fold 16'],
  );
  const open = rowsOf(stretchesOf(base, base, mine), new Set([0, 2]));
  assert.deepEqual(
    open.map((row) => (row.kind === 'folded' ? null : row.mine?.text)),
    mine,
  );
});
