/** RULES 18: a file that another program has open for writing waits, and what that program writes is met as an edit. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { loadHelper } from '../../src/engine/local/node-helper.ts';
import {
  allHold,
  at,
  has,
  inStep,
  put,
  synced,
  type TestDevice,
  text,
  tree,
  until,
  versions,
} from './stage.ts';

const KNOWN = { skip: loadHelper().kind === 'loaded' ? false : 'plain Node cannot tell who has a file open' };

/** Opens a file of the device as a program does; closed at the latest when the test ends. */
function hold(t: TestContext, device: TestDevice, path: string, flags: 'r' | 'r+' | 'w') {
  const descriptor = openSync(at(device, path), flags);
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  t.after(close);
  return { descriptor, close };
}

/** How often the device has put off what it has to do with the file. */
function tries(device: TestDevice, path: string): number {
  const node = device.engine.state.nodeAt(path);
  return node === null ? 0 : device.engine.operations.triesOf(node);
}

function trashed(device: TestDevice): readonly string[] {
  return readdirSync(at(device, '.tidemark/trash'));
}

for (const [how, flags] of [
  ['opens it', 'r+'],
  ['opens and empties it', 'w'],
] as const)
  test(
    `an update waits for a program that ${how} and writes later: both texts are there`,
    KNOWN,
    async (t) => {
      const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'g.txt': 'one' });
      const { descriptor, close } = hold(t, b, 'f.txt', flags);
      await inStep(b, a);
      const before = text(b, 'f.txt');
      put(a, 'f.txt', 'two');
      put(a, 'g.txt', 'two');
      await inStep(a);
      await until('B has tried', () => tries(b, 'f.txt') > 0);
      await until('the other file is not kept waiting', () => text(b, 'g.txt') === 'two');
      assert.equal(text(b, 'f.txt'), before);
      writeSync(descriptor, 'written late', 0);
      close();
      await inStep(a, b);
      assert.equal(text(a, 'f.txt'), 'two');
      assert.deepEqual(Object.values(tree(a)).sort(), ['two', 'two', 'written late']);
      assert.deepEqual(tree(b), tree(a));
      assert.deepEqual(trashed(b), []);
    },
  );

test(
  'a deletion by another device waits for a program that writes later: the save wins',
  KNOWN,
  async (t) => {
    const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'g.txt': 'one' });
    const { descriptor, close } = hold(t, b, 'f.txt', 'r+');
    unlinkSync(at(a, 'f.txt'));
    unlinkSync(at(a, 'g.txt'));
    await until('B has tried', () => tries(b, 'f.txt') > 0);
    await until('the other file is not kept waiting', () => !has(b, 'g.txt'));
    assert.equal(text(b, 'f.txt'), 'one');
    writeSync(descriptor, 'written late', 0);
    close();
    await allHold(devices, { 'f.txt': 'written late' });
    assert.deepEqual(await versions(a, 'f.txt'), ['written late', 'one']);
  },
);

test('a file that is only being read is updated, and deleted, at once', KNOWN, async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'g.txt': 'one' });
  const { descriptor } = hold(t, b, 'f.txt', 'r');
  hold(t, b, 'g.txt', 'r');
  put(a, 'f.txt', 'two');
  unlinkSync(at(a, 'g.txt'));
  const node = b.engine.state.nodeAt('g.txt');
  assert.ok(node);
  await allHold(devices, { 'f.txt': 'two' });
  assert.deepEqual([tries(b, 'f.txt'), b.engine.operations.triesOf(node)], [0, 0]);
  const seen = Buffer.alloc(10);
  assert.equal(seen.toString('utf8', 0, readSync(descriptor, seen, 0, 10, 0)), 'one');
});

test('what stays open is told by name, and goes on when it is closed', KNOWN, async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one', 'g.txt': 'one' });
  const files = [hold(t, b, 'd/f.txt', 'r+'), hold(t, b, 'g.txt', 'r+')];
  put(a, 'd/f.txt', 'two');
  unlinkSync(at(a, 'g.txt'));
  await inStep(a);
  await until('B has tried both', () => tries(b, 'd/f.txt') > 0 && tries(b, 'g.txt') > 0);
  await until('B tells of both', () => b.status().problemList.length === 2);
  assert.ok(tries(b, 'd/f.txt') > 3 && tries(b, 'g.txt') > 3, 'not before it has lasted a while');
  const told = b.status().problemList.map(({ path, code, sentence }) => [path, code, sentence]);
  assert.deepEqual(told.toSorted(), [
    ['d/f.txt', 'file-busy', 'd/f.txt is in use by another program. Tidemark tries again.'],
    ['g.txt', 'file-busy', 'g.txt is in use by another program. Tidemark tries again.'],
  ]);
  assert.deepEqual(tree(b), { 'd/': 'folder', 'd/f.txt': 'one', 'g.txt': 'one' });
  const waited = await b.wait(5);
  assert.equal(waited.done, false);
  for (const { close } of files) close();
  await until('both went on', () => text(b, 'd/f.txt') === 'two' && !has(b, 'g.txt'));
  await allHold(devices, { 'd/f.txt': 'two' });
  assert.deepEqual(b.status().problemList, []);
});
