/** RULES 20, last part: the power was cut, and files may be shorter than what was agreed on. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DiskFailure } from '../../src/engine/environment/disk.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import { unflushedFiles } from '../../src/engine/executor/unflushed-files.ts';
import { meddling } from './disk-doubles.ts';
import {
  allHold,
  at,
  call,
  faults,
  inStep,
  put,
  Stage,
  synced,
  trashTexts,
  until,
  value,
  versions,
} from './stage.ts';

/** What a power cut leaves: no clean stop was noted, and the machine starts anew. */
async function cutPower(stage: Stage, device: Awaited<ReturnType<Stage['device']>>) {
  await stage.stop(device);
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(device.statePath);
  db.prepare("UPDATE meta SET value = 'no' WHERE key = 'clean-stop'").run();
  db.close();
}
const afterBoot = (id: string) => ({
  environment: <E extends object>(env: E): E => ({ ...env, bootId: () => id }),
});

test('RULES 20: after a power cut an empty or shortened file is fetched, never uploaded, and what is there is kept', async (t) => {
  const start = { 'd/f.txt': 'a long text', 'g.txt': 'another text', 'h.txt': 'h' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  await cutPower(stage, a);
  writeFileSync(at(a, 'd/f.txt'), '');
  writeFileSync(at(a, 'g.txt'), 'another');
  writeFileSync(at(a, 'h.txt'), 'h, edited and longer');
  const again = await stage.restart(a, afterBoot('second boot'));
  await allHold([again, b], { ...start, 'h.txt': 'h, edited and longer' });
  for (const path of ['d/f.txt', 'g.txt']) assert.equal((await versions(b, path)).length, 1);
  assert.deepEqual([...trashTexts(again)].sort(), ['', 'another']);
  const kept = value(await again.control['trash.list']({}, call)).items.filter(
    (each) => each.where === 'here',
  );
  assert.deepEqual(kept.map((each) => each.path).sort(), ['d/f.txt', 'g.txt']);
});

test('RULES 20: a shorter file after a clean stop, or after a kill of the engine alone, is an edit', async (t) => {
  const start = { 'f.txt': 'a long text', 'g.txt': 'another text' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  await stage.stop(a);
  writeFileSync(at(a, 'f.txt'), 'a');
  const second = await stage.restart(a, afterBoot('second boot'));
  await allHold([second, b], { ...start, 'f.txt': 'a' });
  await cutPower(stage, second);
  writeFileSync(at(a, 'g.txt'), '');
  const third = await stage.restart(second, afterBoot('second boot'));
  await allHold([third, b], { 'f.txt': 'a', 'g.txt': '' });
});

test('RULES 20: an edit that made a file shorter and was read before the power cut is not undone', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'a long text' }, afterBoot('first boot'));
  const undo = faults.add({ fault: { kind: 'refuse', code: 'unavailable' } });
  t.after(undo);
  put(a, 'f.txt', 'short');
  const node = a.engine.state.nodeAt('f.txt');
  assert.ok(node);
  await until('it was read', () => {
    const row = a.engine.state.local.get(node);
    return row?.size === 5 && row.content !== null;
  });
  await cutPower(stage, a);
  undo();
  const again = await stage.restart(a, afterBoot('second boot'));
  await allHold([again, b], { 'f.txt': 'short' });
});

/** Both at once: a boot of that name, and a disk whose flushes of files fail while `failing` says so. */
function failingFlush(boot: string, failing: () => boolean) {
  const failed: DiskFailure = { kind: 'failed', trouble: 'input-output', detail: 'EIO' };
  const disk = meddling((real) => ({
    flushFiles: (paths) => (failing() ? Promise.resolve(failed) : real.flushFiles(paths)),
  }));
  return { environment: (env: Environment) => ({ ...disk.environment(env), bootId: () => boot }) };
}

test('RULES 20: what the disk failed to flush as it was sent is fetched after a power cut, whatever it looks like', async (t) => {
  let failing = false;
  const stage = await Stage.open(t);
  const a = await stage.device(
    'A',
    failingFlush('first boot', () => failing),
  );
  const b = await stage.device('B');
  put(a, 'f.txt', 'version one');
  put(a, 'g.txt', 'version one');
  await inStep(a, b);
  failing = true;
  put(a, 'f.txt', 'version two, longer');
  put(a, 'g.txt', 'version two, longer');
  await inStep(a, b);
  failing = false;
  put(a, 'g.txt', 'version three');
  await inStep(a, b);
  assert.deepEqual([...unflushedFiles(a.engine)], [a.engine.state.nodeAt('f.txt')]);
  await cutPower(stage, a);
  // As long as what was agreed on, and older: no length tells that it is torn.
  writeFileSync(at(a, 'f.txt'), 'version one\0\0\0\0\0\0\0\0');
  const again = await stage.restart(
    a,
    failingFlush('second boot', () => failing),
  );
  await allHold([again, b], { 'f.txt': 'version two, longer', 'g.txt': 'version three' });
  assert.equal((await versions(b, 'f.txt')).length, 2);
  assert.deepEqual(trashTexts(again), ['version one\0\0\0\0\0\0\0\0']);
  assert.equal(unflushedFiles(again.engine).size, 0);
});
