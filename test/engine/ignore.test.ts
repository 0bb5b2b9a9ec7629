/** Ignore rules on real folders: a new rule deletes nothing anywhere, and taking it back brings everything in step again. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import {
  allHold,
  apart,
  at,
  call,
  conflictsOf,
  has,
  inStep,
  pause,
  put,
  serverTree,
  synced,
  text,
  together,
  tree,
  until,
  value,
  withoutHints,
} from './stage.ts';

test('a new rule deletes nothing: not here, not there, not on the server', async (t) => {
  const start = { 'a.o': 'object', 'build/deep/b.bin': 'built', 'a.c': 'source' };
  const { devices, a } = await synced(t, ['A', 'B'], start);
  put(a, '.tidemarkignore', '*.o\nbuild/\n');
  await allHold(devices, { ...start, '.tidemarkignore': '*.o\nbuild/\n' });
  for (const each of devices) assert.ok(each.status().state === 'up-to-date', each.status().sentence);
});

test('what a rule leaves out may be edited, deleted and made here, and nobody is told', async (t) => {
  const start = {
    '.tidemarkignore': '',
    'a.o': 'object',
    'b.o': 'object',
    'build/x': 'x',
    'build/sub/y': 'y',
    'keep.c': 'k',
  };
  const { a, b } = await synced(t, ['A', 'B'], start);
  put(a, '.tidemarkignore', '*.o\nbuild/\n');
  await inStep(a, b);
  unlinkSync(at(a, 'a.o'));
  put(a, 'b.o', 'another object');
  put(a, 'c.o', 'new');
  unlinkSync(at(a, 'build/sub/y'));
  put(a, 'build/sub/z', 'z');
  await inStep(a, b);
  rmSync(at(a, 'build'), { recursive: true });
  await inStep(a, b);
  await a.engine.scanner.scanAll();
  await inStep(a, b);
  const rest = { ...start, '.tidemarkignore': '*.o\nbuild/\n', 'build/': 'folder', 'build/sub/': 'folder' };
  assert.deepEqual(tree(b), rest);
  assert.deepEqual(await serverTree(a), rest);
  assert.deepEqual(tree(a), {
    '.tidemarkignore': '*.o\nbuild/\n',
    'b.o': 'another object',
    'c.o': 'new',
    'keep.c': 'k',
  });
});

test('a rule is taken back: what it left out is synced, what was deleted meanwhile comes down again', async (t) => {
  const start = { '.tidemarkignore': '*.o\nbuild/\n', 'keep.c': 'k' };
  const { devices, a, b } = await synced(t, ['A', 'B'], {
    ...start,
    '.tidemarkignore': '',
    'a.o': 'object',
    'build/x': 'x',
    'build/d/y': 'y',
  });
  put(a, '.tidemarkignore', '*.o\nbuild/\n');
  await inStep(...devices);
  unlinkSync(at(a, 'a.o'));
  put(a, 'new.o', 'new object');
  rmSync(at(a, 'build'), { recursive: true });
  await inStep(...devices);
  unlinkSync(at(b, '.tidemarkignore'));
  await inStep(...devices);
  await allHold(devices, {
    'keep.c': 'k',
    'a.o': 'object',
    'new.o': 'new object',
    'build/x': 'x',
    'build/d/y': 'y',
  });
  assert.deepEqual(await conflictsOf(a), []);
});

test('an edit made while a rule left the file out goes up when the rule is taken back', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'a.o': 'object', 'd/b.txt': 'b' });
  put(a, '.tidemarkignore', '*.o\n/d/\n');
  await inStep(...devices);
  put(a, 'a.o', 'another object');
  put(a, 'd/b.txt', 'another b');
  await inStep(...devices);
  put(a, '.tidemarkignore', '# nothing\n');
  await allHold(devices, {
    '.tidemarkignore': '# nothing\n',
    'a.o': 'another object',
    'd/b.txt': 'another b',
  });
});

test('a synced file renamed to a name that a rule leaves out is not deleted anywhere, and comes back in step', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], {
    '.tidemarkignore': '*.o\nbuild/\n',
    'notes.txt': 'notes',
    'src/x.c': 'source',
  });
  renameSync(at(a, 'notes.txt'), at(a, 'notes.o'));
  renameSync(at(a, 'src'), at(a, 'build'));
  await inStep(...devices);
  assert.equal(text(b, 'notes.txt'), 'notes');
  assert.equal(text(b, 'src/x.c'), 'source');
  assert.deepEqual(Object.keys(tree(a)).sort(), ['.tidemarkignore', 'build/', 'build/x.c', 'notes.o']);
  renameSync(at(a, 'notes.o'), at(a, 'better.txt'));
  renameSync(at(a, 'build'), at(a, 'source'));
  await allHold(devices, {
    '.tidemarkignore': '*.o\nbuild/\n',
    'better.txt': 'notes',
    'source/x.c': 'source',
  });
});

test('rules of an inner folder go with it when it is renamed', async (t) => {
  const start = { 'in/.tidemarkignore': '*.log\n', 'in/x.txt': 'x' };
  const { a, b } = await synced(t, ['A', 'B'], start, { environment: withoutHints });
  const look = async (folder: string, ...children: readonly string[]) => {
    a.engine.scanner.hint(children.map((child) => ({ kind: 'look', folder, child })));
    await a.engine.scanner.settleMissing();
    await pause(100);
  };
  put(a, 'in/a.log', 'log');
  await look('in', 'a.log');
  renameSync(at(a, 'in'), at(a, 'out'));
  await look('', 'in', 'out');
  put(a, 'out/a.log', 'log, and on');
  put(a, 'out/b.log', 'another');
  put(a, 'out/y.txt', 'y');
  await look('out', 'a.log', 'b.log', 'y.txt');
  mkdirSync(at(a, 'in'));
  put(a, 'in/d.log', 'no rule here any more');
  await look('', 'in');
  await look('in', 'd.log');
  await inStep(a, b);
  assert.deepEqual(await serverTree(a), {
    'in/': 'folder',
    'in/d.log': 'no rule here any more',
    'out/': 'folder',
    'out/.tidemarkignore': '*.log\n',
    'out/x.txt': 'x',
    'out/y.txt': 'y',
  });
  renameSync(at(b, 'out'), at(b, 'moved'));
  await inStep(b, a);
  put(a, 'moved/e.log', 'log');
  await look('moved', 'e.log');
  await inStep(a, b);
  assert.equal(has(b, 'moved/e.log'), false);
});

test('no file that a rule leaves out goes up in the first moments of an engine', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], {
    'x/y/.tidemarkignore': '*.key\n',
    'x/y/plain.txt': 'p',
  });
  put(a, 'x/y/my.key', 'secret');
  await inStep(a, b);
  await stage.stop(a);
  const again = await stage.restart(a, {
    environment: (env) => ({
      ...env,
      watch: {
        ...env.watch,
        start: async (onHints) => {
          await env.watch.start(onHints);
          onHints([{ kind: 'look', folder: 'x/y', child: 'my.key' }]);
        },
      },
    }),
  });
  await inStep(again, b);
  assert.equal(has(b, 'x/y/my.key'), false);
  assert.equal((await serverTree(b))['x/y/my.key'], undefined);
});

test('a folder deleted elsewhere stays here while it holds something that a rule leaves out', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { '.tidemarkignore': '*.o\n', 'd/x.c': 'source' });
  put(b, 'd/x.o', 'object');
  await inStep(a, b);
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(a, b);
  assert.deepEqual(tree(b), { '.tidemarkignore': '*.o\n', 'd/': 'folder', 'd/x.o': 'object' });
  assert.deepEqual(tree(a), { '.tidemarkignore': '*.o\n' });
  put(a, 'd/new.c', 'new');
  await inStep(a, b);
  assert.equal(text(b, 'd/new.c'), 'new');
  assert.equal(text(b, 'd/x.o'), 'object');
});

test('a delete elsewhere does not reach what a rule leaves out here', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'd/a.o': 'object', 'd/b.c': 'source', 'c.o': 'c' });
  apart(b);
  put(b, '.tidemarkignore', '*.o\n');
  await b.engine.scanner.scanAll();
  rmSync(at(a, 'd'), { recursive: true });
  unlinkSync(at(a, 'c.o'));
  await inStep(a);
  together(b);
  await inStep(a, b);
  assert.equal(text(b, 'd/a.o'), 'object');
  assert.equal(text(b, 'c.o'), 'c');
  assert.equal(has(b, 'd/b.c'), false);
});

test('a folder that a rule leaves out is not touched by what happens below it elsewhere', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'out/sub/a': 'a', 'out/sub/b': 'b', keep: 'k' });
  apart(b);
  put(b, '.tidemarkignore', 'out/\n');
  await b.engine.scanner.scanAll();
  unlinkSync(at(a, 'out/sub/a'));
  put(a, 'out/sub/b', 'edited elsewhere');
  await inStep(a);
  together(b);
  await inStep(a, b);
  assert.equal(text(b, 'out/sub/a'), 'a');
  assert.equal(text(b, 'out/sub/b'), 'b');
});

test('a half-written or unreadable rule file keeps the old rules', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { '.tidemarkignore': '*.o\n' });
  put(a, 'x.o', 'object');
  await inStep(a, b);
  const big = `${'# '.repeat(700_000)}\n`;
  put(a, '.tidemarkignore', big);
  await inStep(a, b);
  assert.equal(has(b, 'x.o'), false);
  put(a, '.tidemarkignore', '*.o\n');
  await inStep(a, b);
  assert.equal(has(b, 'x.o'), false);
});

test('explain names the rule that leaves a path out', async (t) => {
  const { a } = await synced(t, ['A'], { '.tidemarkignore': '*.o\n', 'a.o.txt': 't' });
  put(a, '.tidemarkignore', '*.o\n*.txt\n');
  await inStep(a);
  await pause(20);
  await until('it is excluded', () => a.status().excluded === 1);
  const said = value(await a.control.explain({ path: 'a.o.txt' }, call));
  assert.match(String(said.excludedBy), /\*\.txt/);
});
