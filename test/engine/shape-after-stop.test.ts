/** Renames and folders that arrive, and a stop between the disk and the record of them: nobody takes them for the user's. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Disk } from '../../src/engine/environment/disk.ts';
import { ShapingNotes } from '../../src/engine/state/shaping-notes.ts';
import { State } from '../../src/engine/state/state.ts';
import { type NodeId, parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { meddling } from './disk-doubles.ts';
import { afterBoot, allHold, at, cutPower, inStep, put, Stage, synced, until } from './stage.ts';

/** B is killed as soon as the disk did what `doing` tells; `meanwhile` A goes on, and B starts again. */
async function killedBetween(
  t: TestContext,
  call: 'move' | 'makeFolders' | 'unpark',
  first: (root: string) => void,
  meanwhile: (root: string) => void,
) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'a.txt', 'one');
  put(a, 'z.txt', 'two');
  let armed = false;
  let isDone = false;
  const hanging = (real: Disk): Partial<Disk> => {
    const hang = async <T>(done: Promise<T>): Promise<T> => {
      const outcome = await done;
      if (!armed) return outcome;
      isDone = true;
      return new Promise(() => undefined);
    };
    if (call === 'move') return { move: (items) => hang(real.move(items)) };
    if (call === 'unpark') return { unpark: (name, path) => hang(real.unpark(name, path)) };
    return { makeFolders: (paths) => hang(real.makeFolders(paths)) };
  };
  const b = await stage.device('B', meddling(hanging));
  await inStep(a, b);
  armed = true;
  first(a.root);
  await until('the disk did it', () => isDone);
  stage.crash(b);
  meanwhile(a.root);
  await inStep(a);
  const again = await stage.restart(b, { environment: (env) => env });
  await inStep(a, again);
  return { stage, a, b: again };
}

test('a rename that arrived just before a kill, and was followed by another, is not told as the user’s', async (t) => {
  const { a, b } = await killedBetween(
    t,
    'move',
    (root) => renameSync(at(root, 'a.txt'), at(root, 'b.txt')),
    (root) => renameSync(at(root, 'b.txt'), at(root, 'c.txt')),
  );
  await allHold([a, b], { 'c.txt': 'one', 'z.txt': 'two' });
  assert.equal(b.engine.state.shaping.open().length, 0);
});

test('the same, and it was taken back', async (t) => {
  const { a, b } = await killedBetween(
    t,
    'move',
    (root) => renameSync(at(root, 'a.txt'), at(root, 'b.txt')),
    (root) => renameSync(at(root, 'b.txt'), at(root, 'a.txt')),
  );
  await allHold([a, b], { 'a.txt': 'one', 'z.txt': 'two' });
});

test('a swap that a kill cut in two, and that was undone elsewhere, stays undone', async (t) => {
  const swap = (root: string): void => {
    renameSync(at(root, 'a.txt'), at(root, '.s'));
    renameSync(at(root, 'z.txt'), at(root, 'a.txt'));
    renameSync(at(root, '.s'), at(root, 'z.txt'));
  };
  const { a, b } = await killedBetween(t, 'unpark', swap, swap);
  await allHold([a, b], { 'a.txt': 'one', 'z.txt': 'two' });
});

test('a folder that arrived just before a kill, and was deleted meanwhile, does not come back', async (t) => {
  const { a, b } = await killedBetween(
    t,
    'makeFolders',
    (root) => mkdirSync(at(root, 'made')),
    (root) => rmdirSync(at(root, 'made')),
  );
  await allHold([a, b], { 'a.txt': 'one', 'z.txt': 'two' });
  for (const each of [a, b]) assert.ok(!existsSync(at(each, 'made')), each.name);
});

test('a rename that the power cut took back on the disk is done again, and not told as the user’s', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one' }, afterBoot('first boot'));
  const from = { parent: ROOT_NODE, name: 'a.txt', entryRev: 1 };
  renameSync(at(a, 'a.txt'), at(a, 'b.txt'));
  await inStep(a, b);
  await cutPower(stage, b, (db) => {
    const row = new State(db).local.at(ROOT_NODE, 'b.txt');
    assert.ok(row);
    const to = { parent: ROOT_NODE, name: 'b.txt', entryRev: 2 };
    new ShapingNotes(db).begin([{ node: row.node, fileId: row.fileId, from, to }]);
  });
  renameSync(at(b, 'b.txt'), at(b, 'a.txt'));
  const again = await stage.restart(b, afterBoot('second boot'));
  await inStep(again, a);
  await allHold([a, again], { 'b.txt': 'one' });
});

test('a folder that the power cut took back is made again, and not told as deleted', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one' }, afterBoot('first boot'));
  mkdirSync(at(a, 'made'));
  await inStep(a, b);
  await cutPower(stage, b, (db) => {
    const row = new State(db).local.at(ROOT_NODE, 'made');
    assert.ok(row);
    const to = { parent: ROOT_NODE, name: 'made', entryRev: 1 };
    new ShapingNotes(db).begin([{ node: row.node, fileId: null, from: null, to }]);
  });
  rmdirSync(at(b, 'made'));
  const again = await stage.restart(b, afterBoot('second boot'));
  await inStep(again, a);
  for (const each of [a, again]) assert.ok(existsSync(at(each, 'made')), each.name);
});

test('notes of what was done, undone or is no more are let go of, and nothing changes', async (t) => {
  const start = { 'a.txt': 'one', 'd/b.txt': 'two' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  await cutPower(stage, b, (db) => {
    const { local } = new State(db);
    const [file, folder] = [local.at(ROOT_NODE, 'a.txt'), local.at(ROOT_NODE, 'd')];
    assert.ok(file && folder);
    const nobody = parseNodeId('01990000-0000-7000-8000-00000000000a');
    const place = (name: string, parent: NodeId = ROOT_NODE) => ({ parent, name, entryRev: 1 });
    new ShapingNotes(db).begin([
      { node: folder.node, fileId: null, from: null, to: place('d') },
      { node: file.node, fileId: file.fileId, from: null, to: place('a.txt', nobody) },
      { node: nobody, fileId: null, from: null, to: place('d') },
      {
        node: parseNodeId('01990000-0000-7000-8000-00000000000b'),
        fileId: '1:1',
        from: place('a.txt'),
        to: place('z.txt'),
      },
    ]);
    new ShapingNotes(db).begin([{ node: nobody, fileId: null, from: null, to: place('z.txt') }]);
  });
  const again = await stage.restart(b, afterBoot('second boot'));
  await inStep(again, a);
  await allHold([a, again], start);
  assert.deepEqual(again.engine.state.shaping.open(), []);
});
