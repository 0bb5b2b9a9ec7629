import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ConflictRow, type ConflictSide, MERGED_BYTES } from '../../../src/ipc/conflicts.ts';
import { groupsOf, linesOf, nextAfter } from '../../../src/renderer/screens/conflicts/list/group.ts';
import { base64Of, encoded, lineEnd } from '../../../src/renderer/screens/conflicts/merge/encode.ts';
import { MERGE_LIMIT } from '../../../src/renderer/screens/conflicts/merge/limits.ts';
import { argumentsFor } from '../../../src/renderer/screens/conflicts/merge/programs.ts';
import { canMerge, effectOf, nameFault, proposedName } from '../../../src/renderer/screens/conflicts/plan.ts';
import { seed } from '../../property/seeded.ts';

function side(role: 'original' | 'copy', about: Partial<ConflictSide> = {}): ConflictSide {
  return {
    node: role,
    role,
    path: role === 'copy' ? 'a/b (copy).txt' : 'a/b.txt',
    version: `0123456789ab.${role === 'copy' ? 2 : 1}`,
    number: 1,
    size: 1,
    pathThen: null,
    kind: 'file',
    content: role,
    device: role === 'copy' ? 'Here' : 'There',
    user: 'x',
    at: 0,
    editedAt: 0,
    ...about,
  };
}
function row(about: Partial<ConflictRow> = {}): ConflictRow {
  return {
    id: 'c',
    cause: 'concurrent',
    status: 'open',
    path: 'a/b.txt',
    copyPath: 'a/b (copy).txt',
    at: 0,
    ancestor: 1,
    mine: side('copy'),
    theirs: side('original'),
    sentence: '',
    resolution: null,
    ...about,
  };
}
const GONE = { kind: 'deleted', version: null, path: null } as const;
const READER = { device: 'Here', user: 'x' };

test('keeping the copy puts it on top; keeping the original leaves it; both times the copy leaves the folder', () => {
  const conflict = row();
  assert.deepEqual(effectOf(conflict, 'mine'), {
    kind: 'takes',
    path: 'a/b.txt',
    from: conflict.mine,
    gone: 'a/b (copy).txt',
  });
  assert.deepEqual(effectOf(conflict, 'theirs'), {
    kind: 'stays',
    path: 'a/b.txt',
    from: conflict.theirs,
    gone: 'a/b (copy).txt',
  });
  assert.deepEqual(effectOf(conflict, 'both'), {
    kind: 'both',
    path: 'a/b.txt',
    copyPath: 'a/b (copy).txt',
  });
});

test('keeping a deletion deletes what is left; keeping both is then no choice, nor is a merge', () => {
  const conflict = row({ theirs: side('original', GONE), mine: side('copy', { path: 'a/c.txt' }) });
  assert.deepEqual(effectOf(conflict, 'theirs'), { kind: 'deleted', path: 'a/c.txt' });
  assert.equal(effectOf(conflict, 'mine').kind, 'takes');
  assert.deepEqual(effectOf(conflict, 'both'), { kind: 'not', why: 'one-is-gone' });
  assert.equal(canMerge(conflict), false);
  assert.equal(canMerge(row()), true);
});

test('a folder never replaces a file', () => {
  assert.deepEqual(effectOf(row({ mine: side('copy', { kind: 'folder' }) }), 'theirs'), {
    kind: 'not',
    why: 'folder',
  });
});

test('names for the copy: empty, with a slash, the original’s own and overlong ones are refused', () => {
  const conflict = row();
  assert.equal(nameFault('  ', conflict), 'empty');
  assert.equal(nameFault('..', conflict), 'empty');
  assert.equal(nameFault('a/b', conflict), 'slash');
  assert.equal(nameFault('b.txt', conflict), 'taken');
  assert.equal(nameFault('ü'.repeat(128), conflict), 'long');
  assert.equal(nameFault('.tidemark', conflict), 'reserved');
  assert.equal(nameFault('mine.txt', conflict), null);
});

test('a shorter name is proposed that every system takes', () => {
  assert.equal(proposedName('a/roadmap.tar.gz', 'Anna-Laptop'), 'roadmap.tar (Anna-Laptop).gz');
  assert.equal(proposedName('.bashrc', 'a<b>:c'), '.bashrc (a-b--c)');
  assert.equal(proposedName('x.md', ''), 'x (2).md');
});

test('groups by cause, folder and device; folded ones show their head only', () => {
  const rows = [
    row({ id: '1', path: 'z/1', cause: 'lag' }),
    row({ id: '2', path: '2', cause: 'edit-delete' }),
    row({ id: '3', path: 'z/3', cause: 'lag', theirs: side('original', { device: 'Other' }) }),
  ];
  const keys = (by: 'cause' | 'folder' | 'device') =>
    groupsOf(rows, by, READER).map(({ key, rows: each }) => `${key}: ${each.map(({ id }) => id).join()}`);
  assert.deepEqual(keys('cause'), ['edit-delete: 2', 'lag: 1,3']);
  assert.deepEqual(keys('folder'), [': 2', 'z: 1,3']);
  assert.deepEqual(keys('device'), ['Other: 3', 'There: 1,2']);
  const lines = linesOf(groupsOf(rows, 'cause', READER), new Set(['lag']));
  assert.deepEqual(
    lines.map((line) => (line.kind === 'group' ? line.group.key : line.row.id)),
    ['edit-delete', '2', 'lag'],
  );
});

test('after one is settled the next one comes, and round again at the end', () => {
  const rows = ['1', '2', '3'].map((id) => row({ id }));
  assert.equal(nextAfter(rows, '1'), '2');
  assert.equal(nextAfter(rows, '3'), '1');
  assert.equal(nextAfter(rows, 'gone'), '1');
  assert.equal(nextAfter([row({ id: '1' })], '1'), null);
});

test('what is merged is sent byte for byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.boolean(), (text, bom) => {
      const bytes = encoded(text, bom);
      assert.equal(base64Of(bytes), Buffer.from(bom ? `\ufeff${text}` : text).toString('base64'));
    }),
    { seed },
  );
  const large = new Uint8Array(200_000).map((_, at) => at % 251);
  assert.equal(base64Of(large), Buffer.from(large).toString('base64'));
  assert.equal(MERGE_LIMIT, MERGED_BYTES);
});

test('lines end as they did: CR LF only where every line does', () => {
  assert.equal(lineEnd(['a\r\nb\r\n', 'c\r\n']), '\r\n');
  assert.equal(lineEnd(['a\r\nb\n', 'c\r\n']), '\n');
  assert.equal(lineEnd(['\na\r\n']), '\n');
  assert.equal(lineEnd(['abc']), '\n');
});

test('known merge programs get what they ask for, others the usual order', () => {
  assert.deepEqual(argumentsFor('/usr/bin/meld'), [
    '--auto-merge',
    'LEFT',
    'BASE',
    'RIGHT',
    '--output',
    'OUT',
  ]);
  assert.deepEqual(argumentsFor('C:\\Tools\\KDiff3.exe'), ['BASE', 'LEFT', 'RIGHT', '-o', 'OUT']);
  assert.deepEqual(argumentsFor('/opt/mine'), ['BASE', 'LEFT', 'RIGHT', 'OUT']);
});
