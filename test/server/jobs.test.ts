/** Work behind requests: leases, fences, steps that go on after a crash. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { ServerClock } from '../../server-stub/exchange.ts';
import type { Job, Step } from '../../server-stub/jobs/job.ts';
import { JobRunner } from '../../server-stub/jobs/job-runner.ts';
import type { MetadataStore } from '../../server-stub/metadata/metadata-store.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';

const START = 1_760_000_000_000;
const HOUR = 3_600_000;

class HandClock implements ServerClock {
  at = START;
  now = () => this.at;
  monotonic = () => this.at;
  sleep = async () => {};
}

interface World {
  readonly store: MetadataStore;
  readonly clock: HandClock;
  readonly runner: (job: Job) => JobRunner;
}

async function inWorld(play: (world: World) => Promise<void>): Promise<void> {
  const store = openSqliteStore(':memory:');
  const clock = new HandClock();
  const random = { bytes: (count: number) => randomBytes(count), fraction: () => 0.5 };
  const runner = (job: Job) => new JobRunner({ store, clock, random, log: () => {} }, [job]);
  try {
    await play({ store, clock, runner });
  } finally {
    await store.close();
  }
}

function job(step: Job['step']): Job {
  return { name: 'sessions', everyMs: HOUR, step };
}

/** Counts to three, a step each, and leaves a decision for every number. */
const counting = job(async ({ write, decide }, state) => {
  const number = Number(state ?? '0') + 1;
  await write((tx) => decide(tx, `number ${number}`, 'counted', 'it came next'));
  const said = `${number} of 3`;
  return number === 3 ? { kind: 'done', said } : { kind: 'more', state: String(number), said };
});

const decided = (store: MetadataStore) =>
  store.read(async (tx) => (await tx.decisions({}, null, 100)).map((each) => each.subject));
const roundOf = (store: MetadataStore) => store.read(async (tx) => tx.jobRound('sessions'));

test('a round runs its steps to the end, leaves its decisions, and is not due again before its time', () =>
  inWorld(async ({ store, clock, runner }) => {
    const jobs = runner(counting);
    await jobs.runDue();
    assert.deepEqual(await decided(store), ['number 3', 'number 2', 'number 1']);
    assert.equal((await roundOf(store))?.said, '3 of 3');
    clock.at += HOUR - 1;
    await jobs.runDue();
    assert.equal((await decided(store)).length, 3);
    clock.at += 1;
    await jobs.runDue();
    assert.equal((await decided(store)).length, 6);
  }));

test('after a crash the next runner goes on where the last durable step ended, once the lease has run out', () =>
  inWorld(async ({ store, clock, runner }) => {
    const dies = job(async (context, state) => {
      // The power goes: not even the lease is given back.
      if (state === '2') return new Promise<Step>(() => undefined);
      return counting.step(context, state);
    });
    void runner(dies).runDue();
    for (let turns = 0; (await roundOf(store))?.state !== '2'; turns += 1) {
      assert.ok(turns < 1000, 'the first two steps are done');
      await new Promise((resolve) => setImmediate(resolve));
    }
    const next = runner(counting);
    assert.deepEqual(await next.runNow('sessions'), { kind: 'not-now', why: 'another runner does it' });
    clock.at += 61_000;
    await next.runDue();
    assert.deepEqual(await decided(store), ['number 3', 'number 2', 'number 1']);
  }));

test('a runner that was taken for dead writes nothing more', () =>
  inWorld(async ({ store, clock, runner }) => {
    const asleep = Promise.withResolvers<void>();
    const wakes = Promise.withResolvers<void>();
    const slow = job(async ({ write, decide }) => {
      asleep.resolve();
      await wakes.promise;
      await write((tx) => decide(tx, 'too late', 'written', 'by a runner whose lease is gone'));
      return { kind: 'done', said: 'late' };
    });
    const late = runner(slow).runNow('sessions');
    await asleep.promise;
    clock.at += 61_000;
    assert.deepEqual(await runner(counting).runNow('sessions'), { kind: 'done', said: '3 of 3' });
    wakes.resolve();
    assert.deepEqual(await late, { kind: 'not-now', why: 'another runner does sessions now' });
    assert.deepEqual(await decided(store), ['number 3', 'number 2', 'number 1']);
    assert.equal((await roundOf(store))?.said, '3 of 3');
  }));

test('shed background work waits between two steps, and goes on where it was when it is let run again', () =>
  inWorld(async ({ store, clock, runner }) => {
    const shed = (on: boolean) =>
      store.write(async (tx) =>
        tx.setSwitch({ name: 'shed-background', on, by: 'operator', why: 'an incident', at: clock.now() }),
      );
    const shedding = job(async (context, state) => {
      if (state === '1') await shed(true);
      return counting.step(context, state);
    });
    const jobs = runner(shedding);
    assert.deepEqual(await jobs.runNow('sessions'), { kind: 'not-now', why: 'background work is shed' });
    assert.equal((await roundOf(store))?.state, '2');
    await shed(false);
    await jobs.runDue();
    assert.deepEqual(await decided(store), ['number 3', 'number 2', 'number 1']);
  }));

test('a job that fails is tried again and does not keep others from running', () =>
  inWorld(async ({ store, runner }) => {
    let fails = true;
    const jobs = runner(
      job(async (context, state) => {
        if (fails) throw new Error('deliberate');
        return counting.step(context, state);
      }),
    );
    await jobs.runDue();
    assert.equal(await roundOf(store), null);
    fails = false;
    await jobs.runDue();
    assert.equal((await roundOf(store))?.said, '3 of 3');
  }));

test('a clock that was set ahead and back does not keep a job from running', () =>
  inWorld(async ({ store, clock, runner }) => {
    const jobs = runner(counting);
    clock.at += 1000 * HOUR;
    await jobs.runDue();
    clock.at = START;
    await jobs.runDue();
    assert.equal((await decided(store)).length, 6);
  }));

test('closing waits for the step under way and begins no other', () =>
  inWorld(async ({ store, runner }) => {
    const inStep = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    const jobs = runner(
      job(async (context, state) => {
        if (state === '1') {
          inStep.resolve();
          await goesOn.promise;
        }
        return counting.step(context, state);
      }),
    );
    jobs.start();
    await inStep.promise;
    const closed = jobs.close();
    goesOn.resolve();
    await closed;
    assert.deepEqual(await decided(store), ['number 2', 'number 1']);
    assert.equal((await roundOf(store))?.state, '2');
  }));
