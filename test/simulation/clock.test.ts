import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimTime } from './clock.ts';
import { Stream, streamsOf } from './random.ts';

function timeOf(seed: number): SimTime {
  return new SimTime(streamsOf(seed).schedule);
}

test('sleepers wake in the order of their times, however long that is', async () => {
  const time = timeOf(1);
  const clock = time.domain('device');
  const woken: string[] = [];
  for (const [name, ms] of [
    ['day', 86_400_000],
    ['second', 1000],
    ['minute', 60_000],
  ] as const) {
    void clock.sleep(ms).then(() => woken.push(name));
  }
  await time.run(Number.POSITIVE_INFINITY);
  assert.deepEqual(woken, ['second', 'minute', 'day']);
  assert.equal(clock.monotonic(), 86_400_000);
});

test('the same seed orders the events of one instant the same way, another seed another way', async () => {
  const orderOf = async (seed: number): Promise<string> => {
    const time = timeOf(seed);
    const clock = time.domain('device');
    let order = '';
    for (let i = 0; i < 20; i += 1) clock.after(10, () => (order += `${i},`));
    await time.run(100);
    return order;
  };
  assert.equal(await orderOf(7), await orderOf(7));
  assert.notEqual(await orderOf(7), await orderOf(8));
});

test('promises run dry before the next event', async () => {
  const time = timeOf(3);
  const clock = time.domain('device');
  const seen: string[] = [];
  clock.after(1, () => {
    void (async () => {
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      seen.push('chain');
    })();
  });
  clock.after(1.001, () => seen.push('later'));
  await time.run(10);
  assert.deepEqual(seen, ['chain', 'later']);
});

test('nothing of a killed process goes on', async () => {
  const time = timeOf(4);
  const dying = time.domain('dying');
  const living = time.domain('living');
  const seen: string[] = [];
  void dying.sleep(10).then(() => seen.push('dying'));
  void living.sleep(10).then(() => seen.push('living'));
  living.after(5, () => dying.kill());
  await time.run(100);
  assert.deepEqual(seen, ['living']);
});

test('an aborted sleep ends at once and takes no time', async () => {
  const time = timeOf(5);
  const clock = time.domain('device');
  const abort = new AbortController();
  let wokenAt = -1;
  void clock.sleep(1000, abort.signal).then(() => (wokenAt = clock.monotonic()));
  clock.after(10, () => abort.abort());
  await time.run(50);
  assert.equal(wokenAt, 10);
});

test('a wait for work that never ends says so', async () => {
  const time = timeOf(6);
  await assert.rejects(time.drive(new Promise(() => undefined), 5000, 'the wait'), /did not end within 5 s/);
});

test('streams of one seed have nothing to do with each other', () => {
  const first = streamsOf(42);
  const second = streamsOf(42);
  for (let i = 0; i < 100; i += 1) second.faults.word();
  assert.deepEqual(
    Array.from({ length: 10 }, () => first.workload.word()),
    Array.from({ length: 10 }, () => second.workload.word()),
  );
  assert.notEqual(new Stream(1, 'a').word(), new Stream(1, 'b').word());
});

test('a weighted choice follows its weights', () => {
  const stream = new Stream(9, 'weights');
  const counts = { often: 0, seldom: 0, never: 0 };
  for (let i = 0; i < 4000; i += 1) counts[stream.weighted({ often: 9, seldom: 1, never: 0 })] += 1;
  assert.equal(counts.never, 0);
  assert.ok(counts.often > 3400 && counts.often < 3800, `often: ${counts.often}`);
});
