/** Hints are told late on a busy machine: what is decided from one half of a rename would be a deletion. */
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { Hint } from '../../src/engine/environment/watch.ts';
import { at, pause, put, Stage, serverTree, until, versions } from './stage.ts';

/** Hints that name `child` are held back until somebody wants to know them all. */
function heldBack(child: string): (env: Environment) => Environment {
  return (env) => {
    const held: Hint[] = [];
    let tell: (hints: readonly Hint[]) => void = () => undefined;
    const isHeld = (hint: Hint): boolean => hint.kind === 'look' && hint.child === child;
    return {
      ...env,
      watch: {
        start: (onHints) => {
          tell = onHints;
          return env.watch.start((hints) => {
            held.push(...hints.filter(isHeld));
            onHints(hints.filter((hint) => !isHeld(hint)));
          });
        },
        addFolders: () => undefined,
        removeFolders: () => undefined,
        flush: () => {
          tell(held.splice(0));
          return Promise.resolve();
        },
        health: () => env.watch.health(),
        close: () => env.watch.close(),
      },
    };
  };
}

test('F002: a rename whose second half is told late is still the same file, and nothing is deleted meanwhile', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A', { environment: heldBack('new.txt') });
  put(a, 'old.txt', 'one');
  await until('the first version', async () => (await serverTree(a))['old.txt'] === 'one');
  put(a, 'old.txt', 'another one');
  await until('the second version', async () => (await serverTree(a))['old.txt'] === 'another one');
  await pause(100);
  const before = await versions(a, 'old.txt');
  renameSync(at(a, 'old.txt'), at(a, 'new.txt'));
  await until('the rename is told', async () => (await serverTree(a))['new.txt'] === 'another one');
  assert.deepEqual(await versions(a, 'new.txt'), before);
  assert.equal(before.length, 2);
});
