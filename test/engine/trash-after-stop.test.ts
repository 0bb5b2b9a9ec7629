/** A stop between the trash and its list: what came into it is known afterwards, and a save goes back to its place. */
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Disk } from '../../src/engine/environment/disk.ts';
import type { Db } from '../../src/engine/state/database.ts';
import { meddling } from './disk-doubles.ts';
import {
  allHold,
  at,
  call,
  inStep,
  pause,
  put,
  Stage,
  type TestDevice,
  trashTexts,
  tree,
  until,
  value,
} from './stage.ts';

/** B is killed right after it moved what A deleted into its trash; `meanwhile` acts in front of that move. */
async function killedWhileRemoving(
  t: TestContext,
  meanwhile: (root: string) => void,
  whileStopped: (other: TestDevice) => Promise<void> = async () => undefined,
) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  put(a, 'kept.txt', 'kept');
  let armed = false;
  const removing = (real: Disk): Partial<Disk> => ({
    toTrash: async (items) => {
      if (!armed) return real.toTrash(items);
      meanwhile(b.root);
      await real.toTrash(items);
      return new Promise(() => undefined);
    },
  });
  const b = await stage.device('B', meddling(removing));
  await inStep(a, b);
  armed = true;
  unlinkSync(at(a, 'f.txt'));
  await inStep(a);
  await until('it is in the trash of B', () => readdirSync(at(b, '.tidemark/trash')).length > 0);
  await pause(50);
  stage.crash(b);
  await whileStopped(a);
  return { a, b: await stage.restart(b, { environment: (env) => env }) };
}

function listed(device: { readonly db: Db }): readonly unknown[] {
  return device.db.prepare('SELECT path, version IS NULL AS only_here FROM trash').all();
}

test('a stop right after a removal: what lies in the trash is listed there, as the version it is', async (t) => {
  const { a, b } = await killedWhileRemoving(t, () => undefined);
  await allHold([a, b], { 'kept.txt': 'kept' });
  assert.deepEqual(trashTexts(b), ['one']);
  assert.deepEqual(listed(b), [{ path: 'f.txt', only_here: 0 }]);
});

test('a stop right after a removal, of what lives again by then: it comes back, and nobody deletes it', async (t) => {
  const { a, b } = await killedWhileRemoving(
    t,
    () => undefined,
    async (other) => {
      const { items } = value(await other.control['trash.list']({}, call));
      value(await other.control['trash.restore']({ id: items[0]?.id ?? '' }, call));
      await inStep(other);
    },
  );
  await allHold([a, b], { 'f.txt': 'one', 'kept.txt': 'kept' });
});

test('a stop right after an empty folder was removed, which lives again by then: it comes back, and nobody deletes it', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'D/f.txt', 'one');
  put(a, 'kept.txt', 'kept');
  let removed = false;
  const b = await stage.device(
    'B',
    meddling((real) => ({
      removeFolder: async (path) => {
        await real.removeFolder(path);
        removed = true;
        return new Promise(() => undefined);
      },
    })),
  );
  await inStep(a, b);
  rmSync(at(a, 'D'), { recursive: true });
  await inStep(a);
  await until('B has removed the folder', () => removed);
  stage.crash(b);
  const { items } = value(await a.control['trash.list']({}, call));
  value(await a.control['trash.restore']({ id: items[0]?.id ?? '' }, call));
  await inStep(a);
  unlinkSync(at(a, 'D/f.txt'));
  await inStep(a);
  const again = await stage.restart(b, { environment: (env) => env });
  await allHold([a, again], { 'D/': 'folder', 'kept.txt': 'kept' });
  assert.deepEqual(again.engine.state.intents.open(), []);
});

test('a stop right after a removal that took a save along: the save goes back to its place and wins', async (t) => {
  const { a, b } = await killedWhileRemoving(t, (root) => appendFileSync(at(root, 'f.txt'), ' and more'));
  await allHold([a, b], { 'f.txt': 'one and more', 'kept.txt': 'kept' });
  assert.deepEqual(trashTexts(b), []);
  assert.deepEqual(listed(b), []);
});

test('a stop right after a removal, and the user writes the file anew: both are kept', async (t) => {
  const { a, b } = await killedWhileRemoving(t, (root) => {
    appendFileSync(at(root, 'f.txt'), ' and more');
    setTimeout(() => put(root, 'f.txt', 'written anew'), 30);
  });
  await inStep(a, b);
  assert.deepEqual(tree(a), tree(b));
  assert.equal(tree(b)['f.txt'], 'written anew');
  assert.deepEqual(trashTexts(b), ['one and more']);
  assert.deepEqual(listed(b), [{ path: 'f.txt', only_here: 1 }]);
});

test('what is listed in the trash and is not there any more leaves the list; what others put there is left alone', async (t) => {
  const stage = await Stage.open(t);
  const b = await stage.device('B');
  put(b, 'f.txt', 'one');
  await inStep(b);
  const node = '01a20353-2e19-7e71-842f-8abdb084dbb9';
  b.db
    .prepare(
      "INSERT INTO trash (name, node, path, kind, version, why, at) VALUES (?, ?, 'g', 'file', NULL, '', 1)",
    )
    .run(`abc-${node}`, node);
  put(b, '.tidemark/trash/notes of somebody', 'theirs');
  put(b, `.tidemark/trash/xyz-${node}`, 'of a node that is gone');
  const again = await stage.restart(b);
  await inStep(again);
  const kept = value(await again.control['trash.list']({}, call)).items.filter(
    (each) => each.where === 'here',
  );
  assert.equal(kept.length, 1);
  assert.deepEqual([...trashTexts(again)].sort(), ['of a node that is gone', 'theirs']);
});
