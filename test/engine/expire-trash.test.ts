/** F043: a clock that is set ahead for a while takes nothing out of the trash; one that goes on saying so does. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { expireTrash, LOOKS } from '../../src/engine/expire-trash.ts';
import { at, inStep, put, Stage, trashTexts } from './stage.ts';

const YEAR = 365 * 86_400_000;

test('what is in the trash goes only when its time is over look after look', async (t) => {
  const stage = await Stage.open(t);
  let shift = 0;
  const a = await stage.device('A');
  const b = await stage.device('B', {
    environment: (env) => {
      const { clock } = env;
      return { ...env, clock: Object.create(clock, { now: { value: () => clock.now() + shift } }) };
    },
  });
  put(a, 'f.txt', 'kept');
  await inStep(a, b);
  rmSync(at(a, 'f.txt'));
  await inStep(a, b);
  const { context } = b.engine;
  const look = async (times: number) => {
    for (let i = 0; i < times; i += 1) await expireTrash(context);
    return trashTexts(b);
  };
  assert.deepEqual(await look(LOOKS * 2), ['kept'], 'its time is not over');
  shift = YEAR;
  assert.deepEqual(await look(LOOKS - 1), ['kept'], 'the clock may be wrong');
  shift = 0;
  assert.deepEqual(await look(1), ['kept'], 'it was');
  shift = YEAR;
  assert.deepEqual(await look(LOOKS - 1), ['kept'], 'the count began anew');
  assert.deepEqual(await look(1), [], 'it says so for a day');
});
