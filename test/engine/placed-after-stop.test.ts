/** A kill between the moment a file of ours is placed and the moment the state knows: whoever saves over it then knew it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Disk } from '../../src/engine/environment/disk.ts';
import { meddling } from './disk-doubles.ts';
import { allHold, at, inStep, put, Stage, until, versions } from './stage.ts';

/** B is killed as soon as what A makes stands on its disk; what B saves over it is an edit of it, and no conflict. */
async function savedOver(t: TestContext, before: string | null): Promise<void> {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'other.txt', 'other');
  if (before !== null) put(a, 'f.txt', before);
  let armed = false;
  const hanging = (real: Disk): Partial<Disk> => ({
    place: async (items) => {
      const placed = await real.place(items);
      return armed ? new Promise(() => undefined) : placed;
    },
  });
  const b = await stage.device('B', meddling(hanging));
  await inStep(a, b);
  armed = true;
  put(a, 'f.txt', 'from A');
  const shown = at(b, 'f.txt');
  await until('it is placed', () => existsSync(shown) && readFileSync(shown, 'utf8') === 'from A');
  stage.crash(b);
  put(b, 'f.txt', 'saved over it');
  const again = await stage.restart(b, { environment: (env) => env });
  await inStep(a, again);
  await allHold([a, again], { 'f.txt': 'saved over it', 'other.txt': 'other' });
  const older = before === null ? [] : [before];
  assert.deepEqual(await versions(a, 'f.txt'), ['saved over it', 'from A', ...older]);
}

test('a save over a new file that was placed just before a kill is an edit of it', (t) => savedOver(t, null));
test('a save over a new version that was placed just before a kill is an edit of it', (t) =>
  savedOver(t, 'one'));
