/** A program that deletes and makes files without a rest: its deletions are still decided, and scans and `wait` end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitUntilInStep } from '../../src/engine/verbs/wait.ts';
import type { Machine } from './machine.ts';
import { treeOf } from './sim-user.ts';
import { World } from './world.ts';

const KEPT = 20;
const CALL = { signal: new AbortController().signal } as const;

interface Restless {
  readonly world: World;
  readonly a: Machine;
  readonly b: Machine;
  /** Files made so far: the newest twenty of them exist. */
  made(): number;
  stop(): Promise<void>;
}

/** Two machines in step; on one of them a cache that makes a file and deletes the oldest, over and over. */
async function restless(seed: number, everyMs: number): Promise<Restless> {
  const world = new World(seed);
  await world.open();
  const [a, b] = [world.add('A'), world.add('B')];
  for (const machine of [a, b]) {
    await machine.link();
    machine.start();
  }
  let made = 0;
  const make = async () => {
    await a.act({ do: 'write', path: `cache/${made}`, text: `content ${made}` });
    made += 1;
  };
  const domain = world.time.domain('the program');
  await world.time.drive(a.act({ do: 'mkdir', path: 'cache' }), 1000, 'making the folder');
  for (let i = 0; i < KEPT; i += 1) await world.time.drive(make(), 1000, 'planting');
  await world.settle();
  let running = true;
  const run = async () => {
    while (running) {
      await make();
      await a.act({ do: 'remove', path: `cache/${made - KEPT - 1}` });
      await domain.sleep(everyMs);
    }
  };
  const program = run();
  return {
    world,
    a,
    b,
    made: () => made,
    stop: () => {
      running = false;
      return world.time.drive(program, 1000, 'the program');
    },
  };
}

for (const everyMs of [20, 130]) {
  test(`a file deleted every ${everyMs} ms: others hear of it within seconds, and nothing starves`, async () => {
    const { world, a, b, made, stop } = await restless(everyMs, everyMs);
    const { time } = world;
    const engine = a.device?.engine;
    assert.ok(engine);
    await time.run(10_000);
    const before = made();
    await time.run(6000);
    const held = [...treeOf(b.volume).keys()].filter((path) => path.startsWith('cache/'));
    const oldest = Math.min(...held.map((path) => Number(path.slice('cache/'.length))));
    assert.ok(oldest >= before - KEPT, `${oldest} is still on B, though it was deleted before ${before}`);
    await time.drive(engine.scanner.scanAll(), 10_000, 'a scan');
    await time.drive(a.act({ do: 'write', path: 'saved', text: 'saved before waiting' }), 1000, 'a save');
    await time.run(200);
    const waited = await time.drive(waitUntilInStep(engine, 30, CALL), 31_000, 'waiting');
    assert.equal(waited.reason, 'done', JSON.stringify(waited));
    await world.auditor.read();
    assert.ok(world.auditor.fold.liveAt('saved'), 'what was saved before is on the server');
    await stop();
    await world.settle();
    assert.deepEqual(await world.trueAtRest(), []);
    assert.deepEqual(treeOf(b.volume), treeOf(a.volume));
    await world.close();
  });
}
