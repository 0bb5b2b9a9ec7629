/** Pauses with a reason and an end, on a real engine: what the status says, what moves, what a restart keeps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../src/engine/environment/environment.ts';
import { Pauses } from '../../src/engine/pauses.ts';
import { openState } from '../../src/engine/state/database.ts';
import { MetaTable } from '../../src/engine/state/meta.ts';
import { allHold, call, has, put, refusal, Stage, synced, until, value } from './stage.ts';

const NEVER = () => () => undefined;

function meta(): MetaTable {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  return new MetaTable(opened.db);
}

test('pauses for different reasons are independent, and the one of the user is told first', () => {
  const clock = { now: () => 1000, monotonic: () => 0, sleep: () => Promise.resolve(), after: NEVER };
  const pauses = new Pauses(meta(), clock, false);
  assert.deepEqual([pauses.any, pauses.reason, pauses.untilMs], [false, null, null]);
  pauses.begin('battery', null);
  pauses.begin('user', 5000);
  assert.deepEqual([pauses.reason, pauses.untilMs], ['user', null], 'the battery waits for somebody');
  pauses.end('battery');
  assert.deepEqual([pauses.reason, pauses.untilMs], ['user', 5000]);
  pauses.begin('metered', 9000);
  assert.equal(pauses.untilMs, 9000, 'when the last of them ends');
  pauses.end('user');
  assert.deepEqual([pauses.any, pauses.reason], [true, 'metered']);
  pauses.end();
  assert.equal(pauses.any, false);
});

test('a pause ends by itself once its time is over, however long the computer slept', () => {
  let now = 0;
  let fire: () => void = () => undefined;
  const clock = {
    now: () => now,
    monotonic: () => 0,
    sleep: () => Promise.resolve(),
    after: (_: number, fn: () => void) => {
      fire = fn;
      return () => undefined;
    },
  };
  const ended: boolean[] = [];
  const pauses = new Pauses(meta(), clock, false);
  pauses.onEnd = (over) => ended.push(over);
  pauses.begin('user', 60_000);
  pauses.begin('metered', null);
  fire();
  assert.deepEqual([ended, pauses.reason], [[], 'user']);
  now = 3_600_000;
  fire();
  assert.deepEqual([ended, pauses.reason], [[false], 'metered']);
});

test('the pause of the user outlives a restart; one that is over by then, and those of the app, do not', () => {
  const kept = meta();
  const at = (now: number) => ({
    now: () => now,
    monotonic: () => 0,
    sleep: () => Promise.resolve(),
    after: NEVER,
  });
  const first = new Pauses(kept, at(0), false);
  first.begin('user', 5000);
  first.begin('battery', null);
  const second = new Pauses(kept, at(4000), false);
  assert.deepEqual([second.reason, second.untilMs], ['user', 5000]);
  second.end('user');
  assert.equal(second.any, false);
  second.begin('user', 5000);
  assert.equal(new Pauses(kept, at(5000), false).any, false);
  assert.equal(new Pauses(kept, at(0), false).any, false, 'it is over for good');
  assert.deepEqual([new Pauses(kept, at(0), true).reason], ['user']);
});

test('while paused nothing moves and the status says why and until when; then it goes on', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  const until14 = new Date();
  until14.setDate(until14.getDate() + 1);
  until14.setHours(14, 30, 0, 0);
  const paused = value(await b.control.pause({ until: until14.getTime() }, call));
  assert.deepEqual(
    [paused.state, paused.pausedReason, paused.pausedUntil],
    ['paused', 'user', until14.getTime()],
  );
  assert.match(paused.sentence, /^Paused by you until \d{4}-\d\d-\d\d 14:30\. Nothing waits\.$/);
  value(await b.control.pause({ reason: 'metered' }, call));
  put(b, 'g.txt', 'g');
  await until('it is seen', () => b.status().pendingUploads === 1);
  assert.match(b.status().sentence, /^Paused by you\. 1 change waits\.$/);
  assert.equal(value(await b.control.resume({ reason: 'user' }, call)).pausedReason, 'metered');
  assert.match(b.status().sentence, /^Paused while the network is metered\./);
  assert.equal(has(a, 'g.txt'), false);
  const asked = await b.control.history({ path: 'f.txt' }, call);
  assert.equal(refusal(asked), 'paused', 'nobody who paused on purpose is told of a broken line');
  value(await b.control.pause({ until: until14.getTime() }, call));
  const again = await stage.restart(b);
  assert.deepEqual([again.status().state, again.status().pausedUntil], ['paused', until14.getTime()]);
  value(await again.control.resume({}, call));
  await allHold([a, again], { 'f.txt': 'one', 'g.txt': 'g' });
});

test('a burst of work is told as so many of so many, until all is in step', async (t) => {
  const stage = await Stage.open(t);
  const held: (() => void)[] = [];
  let holds = false;
  const slow = (env: Environment): Environment => ({
    ...env,
    transport: {
      get bytesSent() {
        return env.transport.bytesSent;
      },
      get bytesReceived() {
        return env.transport.bytesReceived;
      },
      close: () => env.transport.close(),
      exchange: async (request) => {
        if (holds && request.path === '/v1/commit') await new Promise<void>((go) => held.push(go));
        return env.transport.exchange(request);
      },
    },
  });
  const a = await stage.device('A', { environment: slow });
  await a.wait();
  assert.equal(a.status().progress, null);
  holds = true;
  for (let i = 0; i < 5; i += 1) put(a, `${i}.txt`, `${i}`);
  await until('all five are seen', () => a.status().progress?.total === 5);
  const { state, sentence, oldest, delayed } = a.status();
  assert.deepEqual([state, sentence, delayed], ['syncing', 'Syncing 0 of 5.', false]);
  assert.match(oldest?.path ?? '', /^\d\.txt$/);
  holds = false;
  for (const go of held) go();
  await allHold([a], { '0.txt': '0', '1.txt': '1', '2.txt': '2', '3.txt': '3', '4.txt': '4' });
  assert.deepEqual([a.status().progress, a.status().oldest], [null, null]);
});
