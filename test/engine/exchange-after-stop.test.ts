/** A stop after the new version was agreed on, with the old one still in staging: the old one never comes back. */
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Disk } from '../../src/engine/environment/disk.ts';
import { meddling } from './disk-doubles.ts';
import { allHold, at, inStep, pause, put, Stage, trashTexts, until, versions } from './stage.ts';

/** B is killed when it is about to erase what an exchange brought out; `meanwhile` acts on that. */
async function killedBeforeErasing(
  t: TestContext,
  make: (root: string, version: string) => void,
  meanwhile: (staged: string) => void = () => undefined,
) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  make(a.root, 'one');
  let armed = false;
  let isReached = false;
  const erasing = (real: Disk): Partial<Disk> => ({
    eraseStaged: (names) => {
      if (!armed || names.length === 0) return real.eraseStaged(names);
      isReached = true;
      return new Promise(() => undefined);
    },
  });
  const b = await stage.device('B', meddling(erasing));
  await inStep(a, b);
  armed = true;
  make(a.root, 'two');
  await inStep(a);
  await until('B has exchanged', () => isReached);
  await pause(30);
  const [staged] = readdirSync(at(b, '.tidemark/staging'));
  assert.ok(staged);
  meanwhile(at(b, `.tidemark/staging/${staged}`));
  stage.crash(b);
  const again = await stage.restart(b, { environment: (env) => env });
  await inStep(a, again);
  assert.deepEqual(readdirSync(at(again, '.tidemark/staging')), []);
  return { a, b: again };
}

test('a stop before the old version is erased: it is not taken for a save, and the update stands', async (t) => {
  const { a, b } = await killedBeforeErasing(t, (root, version) => put(root, 'f.txt', version));
  await allHold([a, b], { 'f.txt': 'two' });
  assert.deepEqual(await versions(a, 'f.txt'), ['two', 'one']);
  assert.deepEqual(trashTexts(b), []);
});

test('the same with a link: the old one leaves no trace in the trash', async (t) => {
  const link = (root: string, target: string): void => {
    symlinkSync(target, at(root, 'l~'));
    renameSync(at(root, 'l~'), at(root, 'l'));
  };
  const { a, b } = await killedBeforeErasing(t, link);
  for (const each of [a, b]) assert.equal(readlinkSync(at(each, 'l')), 'two');
  assert.deepEqual(readdirSync(at(b, '.tidemark/trash')), []);
});

test('the same, and another program wrote to the old version through its open descriptor: that is kept in the trash', async (t) => {
  const { a, b } = await killedBeforeErasing(
    t,
    (root, version) => put(root, 'f.txt', version),
    (staged) => writeFileSync(staged, 'written late'),
  );
  await allHold([a, b], { 'f.txt': 'two' });
  assert.deepEqual(trashTexts(b), ['written late']);
});

test('the same, and the old version was only touched: its bytes are kept in the trash', async (t) => {
  const { a, b } = await killedBeforeErasing(
    t,
    (root, version) => put(root, 'f.txt', version),
    (staged) => utimesSync(staged, 1, 1),
  );
  await allHold([a, b], { 'f.txt': 'two' });
  assert.deepEqual(trashTexts(b), ['one']);
});
