/** Symbolic links, program bits, times: carried, never followed. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { Gate, meddling } from './disk-doubles.ts';
import {
  allHold,
  apart,
  at,
  has,
  inStep,
  put,
  Stage,
  synced,
  text,
  together,
  tree,
  until,
  versions,
} from './stage.ts';

test('links arrive as links: to files, folders, nothing, themselves, the outside', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  const links: Record<string, string> = {
    'to file': 'd/f.txt',
    'to folder': 'd',
    'to nothing': 'nowhere',
    'to itself': 'to itself',
    'd/up': '..',
    outside: '/etc/hostname',
    above: '../../..',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, at(a, path));
  await allHold(devices, {
    'd/f.txt': 'one',
    ...Object.fromEntries(Object.entries(links).map(([path, target]) => [path, `link to ${target}`])),
  });
});

test('nothing behind a link is read, sent, counted or deleted', async (t) => {
  const { stage, devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'f' });
  const outside = join(stage.base, 'outside');
  mkdirSync(join(outside, 'deep'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  symlinkSync(outside, at(a, 'link'));
  await allHold(devices, { 'f.txt': 'f', link: `link to ${outside}` });
  writeFileSync(join(outside, 'deep/more.txt'), 'more');
  unlinkSync(at(a, 'link'));
  await allHold(devices, { 'f.txt': 'f' });
  assert.deepEqual(readdirSync(outside).sort(), ['deep', 'secret.txt']);
});

test('a folder is replaced by a link here while its files change there: nothing is written through the link', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one', 'd/g.txt': 'g' });
  const outside = join(stage.base, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'f.txt'), 'precious');
  apart(b);
  renameSync(at(b, 'd'), at(b, 'kept'));
  symlinkSync(outside, at(b, 'd'));
  put(a, 'd/f.txt', 'two');
  unlinkSync(at(a, 'd/g.txt'));
  put(a, 'd/new.txt', 'new');
  await inStep(a);
  together(b);
  await inStep(a, b);
  assert.deepEqual(readdirSync(outside), ['f.txt']);
  assert.equal(text(outside, 'f.txt'), 'precious');
  assert.deepEqual(tree(a), tree(b));
  assert.equal(text(b, 'kept/f.txt'), 'two');
});

test('a link is retargeted: a new version; on both sides: both are kept', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f' });
  symlinkSync('v1', at(a, 'current'));
  await inStep(...devices);
  const retarget = (device: typeof a, target: string) => {
    symlinkSync(target, at(device, '.new'));
    renameSync(at(device, '.new'), at(device, 'current'));
  };
  retarget(a, 'v2');
  await allHold(devices, { 'f.txt': 'f', current: 'link to v2' });
  apart(b);
  retarget(a, 'from A');
  retarget(b, 'from B');
  await inStep(a);
  together(b);
  await inStep(a, b);
  assert.deepEqual(Object.values(tree(a)).sort(), ['f', 'link to from A', 'link to from B']);
  assert.deepEqual(tree(b), tree(a));
});

test('a file becomes a link, a link a file, a link a folder', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'a.txt': 'one', 'c/x': 'x' });
  symlinkSync('a.txt', at(a, 'b'));
  await inStep(...devices);
  unlinkSync(at(a, 'a.txt'));
  symlinkSync('b', at(a, 'a.txt'));
  unlinkSync(at(a, 'b'));
  writeFileSync(at(a, 'b'), 'two');
  rmSync(at(a, 'c'), { recursive: true });
  symlinkSync('b', at(a, 'c'));
  await allHold(devices, { 'a.txt': 'link to b', b: 'two', c: 'link to b' });
  unlinkSync(at(a, 'c'));
  put(a, 'c/y', 'y');
  await allHold(devices, { 'a.txt': 'link to b', b: 'two', 'c/y': 'y' });
});

test('a link goes, and a folder takes its name at the moment in which the deletion is believed', async (t) => {
  const gate = new Gate();
  let armed = false;
  const stage = await Stage.open(t);
  const a = await stage.device(
    'A',
    meddling((real) => ({
      readControl: async (name) => {
        if (armed) await gate.pass();
        return real.readControl(name);
      },
    })),
  );
  const b = await stage.device('B');
  symlinkSync('somewhere', at(a, 'c'));
  await allHold([a, b], { c: 'link to somewhere' });
  gate.shut();
  armed = true;
  unlinkSync(at(a, 'c'));
  a.engine.scanner.lookAt(ROOT_NODE, 'c');
  await until('the deletion is about to be believed', () => gate.waiting > 0);
  put(a, 'c/y', 'y');
  a.engine.scanner.lookAt(ROOT_NODE, 'c');
  await until('the folder was seen', () => a.engine.state.local.at(ROOT_NODE, 'c')?.kind === 'folder');
  armed = false;
  gate.lift();
  // Without a scan of everything, which would find it anyway.
  a.engine.scanner.lookAt(ROOT_NODE, 'c');
  await until('B has the folder', () => has(b, 'c/y'));
  await allHold([a, b], { 'c/y': 'y' });
});

test('the program bit travels both ways and survives an edit from elsewhere', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'run.sh': 'one' });
  chmodSync(at(a, 'run.sh'), 0o755);
  await allHold(devices, { 'run.sh': 'program one' });
  put(b, 'run.sh', 'two');
  await allHold(devices, { 'run.sh': 'program two' });
  chmodSync(at(b, 'run.sh'), 0o600);
  await allHold(devices, { 'run.sh': 'two' });
  assert.equal((await versions(a, 'run.sh')).length, 4);
});

test('permissions of the file that is replaced stay, but for the program bit', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'private.txt': 'one' });
  chmodSync(at(b, 'private.txt'), 0o600);
  await inStep(...devices);
  put(a, 'private.txt', 'two');
  await allHold(devices, { 'private.txt': 'two' });
  assert.equal(statSync(at(b, 'private.txt')).mode & 0o777, 0o600);
});

test('times are carried: old ones, future ones, to the nanosecond where the disk can; they decide nothing', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f' });
  put(a, 'old.txt', 'old');
  utimesSync(at(a, 'old.txt'), 0, 86_400.123456);
  put(a, 'future.txt', 'future');
  utimesSync(at(a, 'future.txt'), 4_000_000_000, 4_000_000_000.5);
  await inStep(...devices);
  for (const path of ['old.txt', 'future.txt']) {
    const mine = lstatSync(at(a, path), { bigint: true });
    const theirs = lstatSync(at(b, path), { bigint: true });
    assert.equal(theirs.mtimeNs, mine.mtimeNs, path);
  }
  put(b, 'future.txt', 'edited now');
  await allHold(devices, { 'f.txt': 'f', 'old.txt': 'old', 'future.txt': 'edited now' });
});

test('a time before 1970 does no harm', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'f' });
  put(a, 'older.txt', 'older');
  utimesSync(at(a, 'older.txt'), 0, -86_400);
  await allHold(devices, { 'f.txt': 'f', 'older.txt': 'older' });
});

test('empty files, empty folders, names with spaces, quotes, newlines and emoji, deep paths', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const b = await stage.device('B');
  const deep = Array.from({ length: 60 }, (_, i) => `level ${i}`).join('/');
  const files: Record<string, string> = {
    empty: '',
    ' leading and trailing ': 's',
    'quote"and\'s': 'q',
    'new\nline': 'n',
    'back\\slash': 'b',
    '\u{1f600}.txt': 'e',
    '-rf': 'dash',
    'a:b*c?': 'not for Windows',
    [`${deep}/f`]: 'deep',
    ['x'.repeat(255)]: 'long',
  };
  for (const [path, content] of Object.entries(files)) put(a, path, content);
  mkdirSync(at(a, 'empty folder/inner'), { recursive: true });
  await allHold([a, b], { ...files, 'empty folder/inner/': 'folder' });
  assert.equal(readlinkSafe(at(b, 'empty')), null);
});

function readlinkSafe(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
