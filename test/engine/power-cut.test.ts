/** RULES 20, last part: the power was cut, and files may be shorter than what was agreed on. */
import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DiskFailure } from '../../src/engine/environment/disk.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { Hashing } from '../../src/engine/environment/hashing.ts';
import { unflushedFiles } from '../../src/engine/executor/unflushed-files.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { meddling } from './disk-doubles.ts';
import {
  afterBoot,
  allHold,
  at,
  call,
  cutPower,
  faults,
  inStep,
  put,
  Stage,
  synced,
  text,
  trashTexts,
  tree,
  until,
  value,
  versions,
} from './stage.ts';

test('RULES 20: after a power cut an empty or shortened file is fetched, never uploaded, and what is there is kept', async (t) => {
  const start = { 'd/f.txt': 'a long text', 'g.txt': 'another text', 'h.txt': 'h', 'i.txt': 'also long' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  await cutPower(stage, a);
  writeFileSync(at(a, 'd/f.txt'), '');
  writeFileSync(at(a, 'g.txt'), 'another');
  writeFileSync(at(a, 'h.txt'), 'h, edited and longer');
  writeFileSync(at(a, 'i.txt~'), 'also');
  renameSync(at(a, 'i.txt~'), at(a, 'i.txt'));
  const again = await stage.restart(a, afterBoot('second boot'));
  await allHold([again, b], { ...start, 'h.txt': 'h, edited and longer' });
  for (const path of ['d/f.txt', 'g.txt', 'i.txt']) assert.equal((await versions(b, path)).length, 1);
  assert.deepEqual([...trashTexts(again)].sort(), ['', 'also', 'another']);
  const kept = value(await again.control['trash.list']({}, call)).items.filter(
    (each) => each.where === 'here',
  );
  assert.deepEqual(kept.map((each) => each.path).sort(), ['d/f.txt', 'g.txt', 'i.txt']);
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

test('RULES 20: what is saved between the look at a torn file and its move to the trash goes back to its place', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'a long text' }, afterBoot('first boot'));
  await cutPower(stage, a);
  writeFileSync(at(a, 'f.txt'), 'a long');
  let saved = false;
  const saving = meddling((real) => ({
    toTrash: (items) => {
      if (!saved) writeFileSync(at(a, 'f.txt'), 'saved');
      saved = true;
      return real.toTrash(items);
    },
  }));
  const again = await stage.restart(a, {
    environment: (env: Environment) => ({ ...saving.environment(env), bootId: () => 'second boot' }),
  });
  await allHold([again, b], { 'f.txt': 'saved' });
  assert.ok(saved);
  assert.deepEqual(trashTexts(again), []);
});

const denied: DiskFailure = { kind: 'failed', trouble: 'denied', detail: 'EACCES' };

test('RULES 20: what cannot be looked at on the start after a cut is judged before it is read, however late', async (t) => {
  const start = { 'd/f.txt': 'a long text', 'g.txt': 'g' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  await cutPower(stage, a);
  writeFileSync(at(a, 'd/f.txt'), 'a long');
  const blind = meddling((real) => ({
    list: (path) => (path === 'd' ? Promise.resolve(denied) : real.list(path)),
    lookMany: async (paths) => {
      const looks = await real.lookMany(paths);
      return looks.map((look, i) => (paths[i] === 'd/f.txt' ? denied : look));
    },
  }));
  let again = a;
  for (let starts = 0; starts < 2; starts += 1) {
    again = await stage.restart(again, {
      environment: (env: Environment) => ({ ...blind.environment(env), bootId: () => 'second boot' }),
    });
    put(again, 'g.txt', `g after start ${starts}`);
    await until('it came to the other one', () => tree(b)['g.txt'] === `g after start ${starts}`);
    assert.equal(text(b, 'd/f.txt'), 'a long text');
  }
  const seeing = await stage.restart(again, afterBoot('second boot'));
  await allHold([seeing, b], { ...start, 'g.txt': 'g after start 1' });
  assert.equal((await versions(b, 'd/f.txt')).length, 1);
  assert.deepEqual(trashTexts(seeing), ['a long']);
});

/** Some files cannot be read for a while. */
function lateReading(real: Hashing, fails: (path: string) => boolean): Hashing {
  const fingerprint: Hashing['fingerprint'] = async (files) => {
    const prints = await real.fingerprint(files);
    return prints.map((print, i) => (fails(files[i]?.path ?? '') ? denied : print));
  };
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = name === 'fingerprint' ? fingerprint : Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('RULES 20: an edit that was read before the cut and is torn under its stamp is no edit, also where it is read late', async (t) => {
  const start = { 'f.txt': 'agreed on', 'late.txt': 'agreed on', 'other.txt': 'what was saved' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  const undo = faults.add({ fault: { kind: 'refuse', code: 'unavailable' } });
  t.after(undo);
  for (const path of ['f.txt', 'late.txt']) put(a, path, 'what was t\0\0\0');
  const { state } = a.engine;
  const isRead = (path: string) => {
    const row = state.local.get(state.nodeAt(path) ?? ROOT_NODE);
    return row?.size === 13 && row.content !== null;
  };
  await until('both were read', () => isRead('f.txt') && isRead('late.txt'));
  // As if it was something else that was read there: stamps of this disk cannot be kept over a change.
  await cutPower(stage, a, (db) =>
    db.exec(
      "UPDATE local SET manifest = (SELECT manifest FROM local WHERE name = 'other.txt') WHERE size = 13",
    ),
  );
  undo();
  let failing = true;
  const again = await stage.restart(a, {
    environment: (env: Environment) => ({
      ...env,
      bootId: () => 'second boot',
      hashing: lateReading(env.hashing, (path) => failing && path === 'late.txt'),
    }),
  });
  await until('one is whole again', () => tree(again)['f.txt'] === 'agreed on');
  await until('the other one is told', () => again.engine.state.problems.count() > 0);
  failing = false;
  again.engine.scanner.lookAt(ROOT_NODE, 'late.txt');
  await until('nothing is told of it any more', () => again.engine.state.problems.count() === 0);
  await allHold([again, b], start);
  for (const path of ['f.txt', 'late.txt']) assert.equal((await versions(b, path)).length, 1);
  assert.deepEqual(trashTexts(again), ['what was t\0\0\0', 'what was t\0\0\0']);
});

test('RULES 20: of two files that were swapped before the cut, the one it shortened is fetched, and the other stays what it is', async (t) => {
  const start = { 'f.txt': 'of f, a long text', 'g.txt': 'of g, a long text, too' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start, afterBoot('first boot'));
  const nodeOfG = a.engine.state.nodeAt('g.txt');
  await cutPower(stage, a);
  renameSync(at(a, 'g.txt'), at(a, 'aside'));
  renameSync(at(a, 'f.txt'), at(a, 'g.txt'));
  renameSync(at(a, 'aside'), at(a, 'f.txt'));
  writeFileSync(at(a, 'g.txt'), 'of f');
  const again = await stage.restart(a, afterBoot('second boot'));
  await inStep(again, b);
  assert.deepEqual(tree(again), tree(b));
  assert.deepEqual(Object.values(tree(b)).sort(), Object.values(start).sort());
  assert.deepEqual(trashTexts(again), ['of f']);
  for (const path of Object.keys(tree(b))) assert.equal((await versions(b, path)).length, 1);
  assert.equal(tree(b)[b.engine.state.pathOf(nodeOfG ?? ROOT_NODE) ?? ''], start['g.txt']);
});

test('RULES 20: what was placed just before a cut, and stands there untouched, is no new file, however late it can be read', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const hanging = meddling((real) => ({
    place: async (items) => {
      await real.place(items);
      return new Promise(() => undefined);
    },
  }));
  const b = await stage.device('B', {
    environment: (env: Environment) => ({ ...hanging.environment(env), bootId: () => 'first boot' }),
  });
  put(a, 'f.txt', 'from A');
  await until('it is placed', () => tree(b)['f.txt'] === 'from A');
  const node = a.engine.state.nodeAt('f.txt');
  stage.crash(b);
  renameSync(at(a, 'f.txt'), at(a, 'g.txt'));
  await inStep(a);
  put(a, 'g.txt', 'from A, edited');
  put(a, 'f.txt', 'another');
  await inStep(a);
  let failing = true;
  const again = await stage.restart(b, {
    environment: (env: Environment) => ({
      ...env,
      bootId: () => 'second boot',
      hashing: lateReading(env.hashing, (path) => failing && path === 'f.txt'),
    }),
  });
  const { remote } = again.engine.state;
  await until('it knows of the edit', () => remote.get(node ?? ROOT_NODE)?.head?.number === 2);
  failing = false;
  again.engine.scanner.lookAt(ROOT_NODE, 'f.txt');
  await until('it was read', () => again.engine.state.problems.count() === 0);
  await allHold([a, again], { 'f.txt': 'another', 'g.txt': 'from A, edited' });
  assert.deepEqual(await versions(a, 'g.txt'), ['from A, edited', 'from A']);
});
