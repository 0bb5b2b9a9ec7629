/** RULES 20, last part: the power was cut, and files may be shorter than what was agreed on. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  allHold,
  at,
  call,
  faults,
  put,
  type Stage,
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
