/** A state that was put back from a copy, and had only received since: it made no claim that would betray it. */
import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { allHold, at, call, inStep, put, synced, until, value } from './stage.ts';

test('what went by our own hand after the copy, and lives again, is not told as deleted', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  mkdirSync(at(a, 'empty'));
  await inStep(a, b);
  const copy = b.engine.state.db.serialize();
  rmdirSync(at(a, 'empty'));
  await inStep(a, b);
  // What was applied is told with what is asked next.
  let tries = 0;
  await until('B has told that it is gone there too', async () => {
    tries += 1;
    put(a, 'later.txt', `${tries}`);
    await inStep(a, b);
    const { devices } = value(await a.control['devices.list']({}, call));
    return tries > 1 && devices.every(({ behind }) => behind <= 1);
  });
  await stage.stop(b);
  const { items } = value(await a.control['trash.list']({}, call));
  const gone = items.find(({ path }) => path === 'empty');
  assert.ok(gone);
  value(await a.control['trash.restore']({ id: gone.id }, call));
  await inStep(a);
  for (const ending of ['-wal', '-shm']) rmSync(`${b.statePath}${ending}`, { force: true });
  writeFileSync(b.statePath, copy);
  const again = await stage.restart(b);
  await inStep(a, again);
  await allHold([a, again], { 'f.txt': 'one', 'later.txt': `${tries}`, 'empty/': 'folder' });
});
