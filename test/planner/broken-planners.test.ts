/** Deliberately broken planners are caught, and what is printed of them is a test that runs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seed } from '../property/seeded.ts';
import { BROKEN } from './broken-planners.ts';
import { exhaust } from './exhaustive.ts';
import type { Planner } from './model-device.ts';
import { drawScheme } from './model-scheme.ts';
import { type Failure, shrink, tryScheme } from './model-shrink.ts';
import { scenarioOf } from './scenario.ts';

/** A broken planner is met within so many worlds. */
const WORLDS = 3000;

function firstFailure(planner: Planner): { readonly failure: Failure; readonly worlds: number } | null {
  for (let at = 0; at < WORLDS; at += 1) {
    const failure = tryScheme(drawScheme(seed + at), undefined, { planner });
    if (failure) return { failure, worlds: at + 1 };
  }
  return null;
}

for (const [what, planner] of Object.entries(BROKEN))
  test(`a planner that ${what} is caught`, (t) => {
    const found = firstFailure(planner);
    assert.ok(found, `not within ${WORLDS} worlds`);
    t.diagnostic(`after ${found.worlds} worlds: ${found.failure.message.split('\n')[0]}`);
  });

test('the space of all small worlds catches a planner that never sends an edit', () => {
  const planner = BROKEN['never sends an edit'];
  assert.throws(() => exhaust({ nodes: 1, operations: 1, stops: false }, { planner }), /user x/);
});

test('a failure shrinks to few actions, and pasted into a file it fails and passes as it should', async (t) => {
  const planner = BROKEN['deletes folders with what it never saw in them'];
  const found = firstFailure(planner);
  assert.ok(found);
  const small = shrink(found.failure, { planner });
  const { start, actions } = small.scheme;
  assert.ok(start.length + actions.length <= 4, `${start.length} and ${actions.length} actions are left`);
  const text = scenarioOf(small, { planner });
  const folder = await mkdtemp(join(tmpdir(), 'pasted-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const here = (module: string): string => JSON.stringify(new URL(module, import.meta.url).href);
  const sound = text.replace("'./scenario.ts'", here('./scenario.ts'));
  const unsound = text.replace(
    "import { play } from './scenario.ts'",
    `import { playUnseenDeletions as play } from ${here('./broken-planners.ts')}`,
  );
  assert.notEqual(sound, unsound);
  assert.equal(await runPasted(join(folder, 'sound.test.ts'), sound), 0, sound);
  assert.equal(await runPasted(join(folder, 'unsound.test.ts'), unsound), 1, unsound);
});

async function runPasted(file: string, text: string): Promise<number | null> {
  await writeFile(file, text);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, ['--test', file], { env, timeout: 60_000 }).status;
}
