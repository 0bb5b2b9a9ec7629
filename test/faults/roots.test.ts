/** Folders that are not ours, cannot be written, or are on a full disk: one sentence, and not a byte changes. */
import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import type { DiskFailure } from '../../src/engine/environment/disk.ts';
import { meddling } from '../engine/disk-doubles.ts';
import { allHold, at, everything, inStep, pause, put, Stage, synced, text, until } from '../engine/stage.ts';

test('the folder of another device stands where ours was: stopped, and nothing in it changes', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one' });
  await stage.stop(a);
  await stage.stop(b);
  renameSync(a.root, `${a.root}-away`);
  renameSync(b.root, a.root);
  const before = everything(a.root);
  const again = await stage.restart(a);
  assert.equal(again.status().halted?.code, 'root-foreign');
  assert.match(
    again.status().sentence,
    /^The folder .*\/A belongs to another Tidemark device\. Nothing was changed\./,
  );
  await pause(200);
  assert.deepEqual(everything(a.root), before);
  renameSync(a.root, b.root);
  renameSync(`${a.root}-away`, a.root);
  await until('it goes on', () => again.engine.halted === null, 6000);
  await allHold([again, await stage.restart(b)], { 'a.txt': 'one' });
});

const TROUBLES: readonly [trouble: DiskFailure['trouble'], code: string, sentence: RegExp][] = [
  ['full', 'root-full', /^The disk of .*\/A is full\. Syncing stops until there is room on it/],
  ['denied', 'root-unwritable', /^Tidemark may not write in .*\/A\./],
  [
    'input-output',
    'disk-error',
    /^The disk reports an error at .*\/A \(EIO here\)\. Nothing is taken for deleted/,
  ],
];

for (const [trouble, code, sentence] of TROUBLES)
  test(`the disk of the folder is "${trouble}" at the start: said once, nothing changed, in step when it has passed`, async (t) => {
    const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one', 'd/b.txt': 'two' });
    let broken = true;
    const failure: DiskFailure = { kind: 'failed', trouble, detail: 'EIO here' };
    await stage.stop(a);
    put(b, 'a.txt', 'edited elsewhere');
    const before = everything(a.root);
    const again = await stage.restart(
      a,
      meddling((real) => ({
        prepare: () => (broken ? Promise.resolve(failure) : real.prepare()),
        writeControl: (name, bytes) => (broken ? Promise.resolve(failure) : real.writeControl(name, bytes)),
      })),
    );
    assert.equal(again.status().halted?.code, code);
    assert.match(again.status().sentence, sentence);
    // It looks again every two seconds; the generation that never reached the marker is not counted.
    await pause(4500);
    assert.deepEqual(everything(a.root), before);
    broken = false;
    await until('it goes on', () => again.engine.halted === null, 6000);
    assert.equal(again.status().problemList.length, 0, 'nothing is taken for an older copy');
    await allHold([again, b], { 'a.txt': 'edited elsewhere', 'd/b.txt': 'two' });
  });

test('a disk that fills up in the middle of a large download keeps no part of it', async (t) => {
  const stage = await Stage.open(t);
  let full = false;
  const failure: DiskFailure = { kind: 'failed', trouble: 'full', detail: 'ENOSPC' };
  const a = await stage.device('A');
  const b = await stage.device(
    'B',
    meddling((real) => ({
      stageOpen: async (name) => {
        const opened = await real.stageOpen(name);
        if (opened.kind !== 'opened') return opened;
        const { writer } = opened;
        let written = 0;
        return {
          kind: 'opened',
          writer: {
            write: (offset, bytes) => {
              written += bytes.length;
              return full && written > 2_000_000 ? Promise.resolve(failure) : writer.write(offset, bytes);
            },
            copyFrom: (path, from, to, length) => writer.copyFrom(path, from, to, length),
            read: (offset, length, into) => writer.read(offset, length, into),
            finish: (size, meta) => writer.finish(size, meta),
            abandon: () => writer.abandon(),
          },
        };
      },
    })),
  );
  put(a, 'large.bin', 'the agreed bytes');
  await inStep(a, b);
  full = true;
  const large = Buffer.alloc(9_000_000, 'x');
  for (let i = 0; i < large.length; i += 97) large[i] = i % 251;
  put(a, 'large.bin', large);
  await inStep(a);
  await until('it is told', () => b.status().problems > 0);
  assert.match(b.status().problemList[0]?.sentence ?? '', /^There is no room on the disk for large\.bin\./);
  assert.equal(text(b, 'large.bin'), 'the agreed bytes');
  assert.deepEqual(readdirSync(at(b, '.tidemark/staging')), []);
  full = false;
  await until('it is fetched', () => b.status().problems === 0);
  await allHold([a, b], { 'large.bin': large.toString('latin1') });
});
