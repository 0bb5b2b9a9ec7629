/** Catalogued failures of the app around the engine. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EngineKeeper } from '../../src/main/engine-keeper.ts';
import { openOwnChildren } from '../../src/main/own-children.ts';

test('F187: an engine that dies at every start is started ever more seldom, and each end is told', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tm-loop-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const state = join(folder, 'state');
  mkdirSync(state, { mode: 0o700 });
  const starts = join(folder, 'starts');
  const ends: string[] = [];
  const keeper = new EngineKeeper({
    program: { command: '/bin/sh', words: ['-c', `date +%s%3N >> '${starts}'; exit 3`] },
    state,
    logFile: join(folder, 'log'),
    children: openOwnChildren(join(folder, 'children.json')),
    onEvent: () => undefined,
    onUp: () => assert.fail('there is no engine'),
    onLost: (why) => ends.push(why),
  });
  keeper.start();
  const read = (): readonly number[] => {
    try {
      return readFileSync(starts, 'utf8').trim().split('\n').map(Number);
    } catch {
      return [];
    }
  };
  while (read().length < 4) await new Promise((resolve) => setTimeout(resolve, 50));
  await keeper.stop();
  const times = read();
  const pauses = times.slice(1).map((time, at) => time - (times[at] ?? time));
  for (const [at, least] of [300, 600, 1200].entries())
    assert.ok((pauses[at] ?? 0) >= least, `pauses of ${pauses.join(', ')} ms`);
  assert.ok(ends.length >= 3);
  for (const why of ends) assert.equal(why, 'it ended with code 3');
});
