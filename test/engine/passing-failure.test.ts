/** A disk that failed for a moment: what was not seen then is seen soon, without a hint, a full scan or anybody's help. */
import assert from 'node:assert/strict';
import { renameSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { Disk, DiskFailure } from '../../src/engine/environment/disk.ts';
import type { Clock } from '../../src/engine/environment/environment.ts';
import { Operations } from '../../src/engine/executor/operations.ts';
import { UnreadFolders } from '../../src/engine/local/unread-folders.ts';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import { parseNodeId } from '../../src/protocol/ids.ts';
import { meddling } from './disk-doubles.ts';
import { at, has, inStep, put, Stage, text, until } from './stage.ts';

const FAILED: DiskFailure = { kind: 'failed', trouble: 'input-output', detail: 'EIO' };
const NODE = parseNodeId('018f0000-0000-7000-8000-000000000007');

/** Time that the test moves; timers that it rings. */
class HandClock implements Clock {
  at = 0;
  readonly timers: { readonly ms: number; readonly ring: () => void }[] = [];
  now = (): number => this.at;
  monotonic = (): number => this.at;
  sleep = (): Promise<void> => Promise.reject(new Error('nothing sleeps here'));
  after = (ms: number, ring: () => void): (() => void) => {
    const timer = { ms, ring };
    this.timers.push(timer);
    return () => void this.timers.splice(this.timers.indexOf(timer), 1);
  };
}

test('a node that rests is decided about when its timer rings, also when that is a little early', () => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  const { frontier } = new State(opened.db);
  const clock = new HandClock();
  const operations = new Operations(clock, frontier);
  operations.defer(NODE);
  frontier.take(10);
  assert.equal(operations.isDeferred(NODE), true);
  const [timer] = clock.timers;
  assert.ok(timer);
  clock.at += timer.ms - 7;
  timer.ring();
  assert.deepEqual(frontier.take(10), [NODE]);
  assert.equal(operations.isDeferred(NODE), false, 'nobody would ask again');
  assert.equal(operations.triesOf(NODE), 1, 'the next rest is longer all the same');
});

test('the timer of an earlier rest does not end a later one', () => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  const clock = new HandClock();
  const operations = new Operations(clock, new State(opened.db).frontier);
  operations.defer(NODE);
  operations.defer(NODE, 60_000);
  clock.timers[0]?.ring();
  assert.equal(operations.isDeferred(NODE), true);
});

test('a folder that cannot be listed is tried again after growing pauses, until it can be', () => {
  const clock = new HandClock();
  const asked: string[] = [];
  const unread = new UnreadFolders(clock, (folder) => void asked.push(folder));
  const pauses: number[] = [];
  for (let tries = 0; tries < 12; tries += 1) {
    unread.failed(NODE);
    const [timer] = clock.timers.splice(0);
    assert.ok(timer);
    pauses.push(timer.ms);
    timer.ring();
  }
  assert.deepEqual(pauses.slice(0, 4), [1000, 2000, 4000, 8000]);
  assert.equal(Math.max(...pauses), 300_000);
  assert.equal(asked.length, 12);
  unread.failed(NODE);
  unread.succeeded(NODE);
  assert.equal(clock.timers.length, 0);
});

test('a look that fails once does not lose what there was to see', async (t) => {
  const stage = await Stage.open(t);
  let failing = 0;
  const a = await stage.device(
    'A',
    meddling((real: Disk) => ({
      lookMany: async (paths) => {
        const looks = await real.lookMany(paths);
        return looks.map((each, i) => {
          if (failing === 0 || !paths[i]?.startsWith('d/')) return each;
          failing -= 1;
          return FAILED;
        });
      },
    })),
  );
  const b = await stage.device('B');
  put(a, 'd/x.txt', 'one');
  await inStep(a, b);
  failing = 1;
  // Aside first and then into place: one hint, and no second one.
  put(a, 'new', 'two');
  renameSync(at(a, 'new'), at(a, 'd/new.txt'));
  await until('it was seen', () => has(b, 'd/new.txt') && text(b, 'd/new.txt') === 'two', 8000);
});

test('a folder whose listing fails once is read again without a hint', async (t) => {
  const stage = await Stage.open(t);
  let failing = false;
  const a = await stage.device(
    'A',
    meddling((real: Disk) => ({
      list: (folder) => (failing && folder === 'd' ? Promise.resolve(FAILED) : real.list(folder)),
    })),
  );
  put(a, 'd/x.txt', 'one');
  await inStep(a);
  failing = true;
  await a.engine.scanner.scanAll();
  assert.equal(a.status().unseen, 1);
  failing = false;
  await until('it is read again', () => a.status().unseen === 0 && a.status().problems === 0, 8000);
});

test('a deletion is told although the disk failed when it was to be believed', async (t) => {
  const stage = await Stage.open(t);
  let failing = 0;
  const a = await stage.device(
    'A',
    meddling((real: Disk) => ({
      readControl: async (name) => {
        if (failing === 0 || name !== 'root.json') return real.readControl(name);
        failing -= 1;
        return FAILED;
      },
    })),
  );
  const b = await stage.device('B');
  put(a, 'd/x.txt', 'one');
  put(a, 'd/y.txt', 'two');
  await inStep(a, b);
  failing = 1;
  unlinkSync(at(a, 'd/x.txt'));
  await until('it is gone there too', () => !has(b, 'd/x.txt'), 8000);
  assert.equal(failing, 0);
  assert.equal(text(b, 'd/y.txt'), 'two');
});
