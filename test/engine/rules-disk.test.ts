/** RULES 18–22 on real folders: what is done to the disk, and when it may be believed. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { test } from 'node:test';
import type { Disk } from '../../src/engine/environment/disk.ts';
import { Gate, meddling } from './disk-doubles.ts';
import {
  allHold,
  apart,
  at,
  call,
  faults,
  inStep,
  pause,
  put,
  Stage,
  synced,
  text,
  together,
  trashTexts,
  tree,
  until,
  value,
  versions,
} from './stage.ts';

/** B applies what A did, with `meddle` between B and its disk. */
async function receiving(
  t: Parameters<typeof Stage.open>[0],
  start: Readonly<Record<string, string>>,
  meddle: Parameters<typeof meddling>[0],
  forceFallback = false,
) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  for (const [path, content] of Object.entries(start)) put(a, path, content);
  const b = await stage.device('B', { ...meddling(meddle), forceFallback });
  await inStep(a, b);
  assert.deepEqual(tree(b), tree(a));
  return { stage, a, b, devices: [a, b] };
}

for (const forceFallback of [false, true])
  test(`RULES 18 (a): a descriptor opened just before the exchange, that writes after it, keeps its text in the trash (${forceFallback ? 'fallback' : 'helper'})`, async (t) => {
    let descriptor = -1;
    const opening = (real: Disk): Partial<Disk> => ({
      place: async (items) => {
        if (items.some((each) => each.mode === 'exchange')) descriptor = openSync(at(b, 'f.txt'), 'r+');
        return real.place(items);
      },
    });
    const { a, b } = await receiving(t, { 'f.txt': 'one' }, opening, forceFallback);
    put(a, 'f.txt', 'two, longer than before');
    await inStep(a, b);
    assert.equal(text(b, 'f.txt'), 'two, longer than before');
    writeSync(descriptor, 'written late', 0);
    closeSync(descriptor);
    await inStep(a, b);
    assert.equal(text(b, 'f.txt'), 'two, longer than before');
    assert.deepEqual(trashTexts(b), ['written late']);
    const kept = value(await b.control['trash.list']({}, call)).items.filter((each) => each.where === 'here');
    assert.deepEqual(
      kept.map((each) => each.path),
      ['f.txt'],
    );
  });
test('RULES 18 (b): an exchange changes ctimes, and that is no edit', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  for (const version of ['two', 'three', 'four']) {
    put(a, 'f.txt', version);
    await inStep(...devices);
  }
  await b.engine.scanner.scanAll();
  await inStep(...devices);
  assert.deepEqual(await versions(b, 'f.txt'), ['four', 'three', 'two', 'one']);
  assert.deepEqual(trashTexts(b), []);
  const events = b.engine.state.ledger.recent(50).map((each) => each.verb);
  assert.ok(!events.includes('uploaded'), events.join());
});

for (const [when, crashed] of [
  ['before the exchange', 'before'],
  ['after the exchange', 'after'],
] as const)
  test(`RULES 18 (c): a stop ${when}: staging holds our copy or the old one, and neither is taken for an edit`, async (t) => {
    let armed = false;
    const { stage, a, b, devices } = await receiving(t, { 'f.txt': 'one' }, (real) => ({
      place: async (items) => {
        if (!armed) return real.place(items);
        if (crashed === 'after') await real.place(items);
        return new Promise(() => undefined);
      },
    }));
    armed = true;
    put(a, 'f.txt', 'two');
    await inStep(a);
    await until(
      'B is in the middle of it',
      () => b.db.prepare('SELECT count(*) FROM intents').pluck().get() === 1,
    );
    await pause(50);
    stage.crash(b);
    const again = await stage.restart(b, { environment: (env) => env });
    await allHold([devices[0] ?? a, again], { 'f.txt': 'two' });
    assert.deepEqual(await versions(a, 'f.txt'), ['two', 'one']);
    assert.deepEqual(trashTexts(again), []);
    assert.deepEqual(readdirSync(at(again, '.tidemark/staging')), []);
  });
test("RULES 18 (c): a stop after an exchange that took the user's save out: the save is put back and is an edit", async (t) => {
  let armed = false;
  const { stage, a, b } = await receiving(t, { 'f.txt': 'one' }, (real) => ({
    place: async (items) => {
      if (!armed) return real.place(items);
      writeFileSync(at(b, 'f.txt'), 'saved by the user of B');
      await real.place(items);
      return new Promise(() => undefined);
    },
  }));
  armed = true;
  put(a, 'f.txt', 'two');
  await inStep(a);
  await until(
    'B is in the middle of it',
    () => b.db.prepare('SELECT count(*) FROM intents').pluck().get() === 1,
  );
  await pause(50);
  assert.equal(text(b, 'f.txt'), 'two');
  stage.crash(b);
  const again = await stage.restart(b, { environment: (env) => env });
  await inStep(a, again);
  assert.deepEqual(Object.values(tree(again)).sort(), ['saved by the user of B', 'two']);
  assert.deepEqual(tree(a), tree(again));
});
test('RULES 18 (c): what cannot be read in staging after a stop is kept, not erased', async (t) => {
  let armed = false;
  const { stage, a, b } = await receiving(t, { 'f.txt': 'one' }, (real) => ({
    place: async (items) => {
      if (!armed) return real.place(items);
      writeFileSync(at(b, 'f.txt'), 'saved by the user of B');
      await real.place(items);
      return new Promise(() => undefined);
    },
  }));
  armed = true;
  put(a, 'f.txt', 'two');
  await inStep(a);
  await until(
    'B is in the middle of it',
    () => b.db.prepare('SELECT count(*) FROM intents').pluck().get() === 1,
  );
  await pause(50);
  stage.crash(b);
  const again = await stage.restart(
    b,
    meddling(() => ({
      fingerprintReserved: () =>
        Promise.resolve({ kind: 'failed', trouble: 'input-output', detail: 'EIO' } as const),
    })),
  );
  await inStep(a, again);
  assert.equal(text(again, 'f.txt'), 'two');
  assert.deepEqual(trashTexts(again), ['saved by the user of B']);
});
test('RULES 18 (d): a save between the exchange and our look at it is an edit', async (t) => {
  let armed = false;
  const { a, b, devices } = await receiving(t, { 'f.txt': 'one' }, (real) => ({
    place: async (items) => {
      const placed = await real.place(items);
      if (!armed) return placed;
      armed = false;
      writeFileSync(at(b, 'f.txt'), 'saved by the user of B');
      const looks = await real.lookMany(items.map((each) => each.path));
      return placed.map((each, i) => {
        const look = looks[i];
        return each.kind === 'placed' && look?.kind === 'found' ? { ...each, stamp: look.stamp } : each;
      });
    },
  }));
  armed = true;
  put(a, 'f.txt', 'two');
  await allHold(devices, { 'f.txt': 'saved by the user of B' });
  assert.deepEqual(await versions(a, 'f.txt'), ['saved by the user of B', 'two', 'one']);
});
test('RULES 18: a save just before the exchange comes back to its path and is an edit on the old base', async (t) => {
  let armed = false;
  const { a, b } = await receiving(t, { 'f.txt': 'one' }, (real) => ({
    place: async (items) => {
      if (armed) {
        armed = false;
        writeFileSync(at(b, 'f.txt'), 'saved by the user of B');
      }
      return real.place(items);
    },
  }));
  armed = true;
  put(a, 'f.txt', 'two');
  await inStep(a, b);
  assert.deepEqual(Object.values(tree(b)).sort(), ['saved by the user of B', 'two']);
  assert.deepEqual(tree(a), tree(b));
});
test('RULES 18: a save that keeps size and time, just before the exchange, is not lost', async (t) => {
  let armed = false;
  const { a, b } = await receiving(t, { 'f.txt': 'one' }, (real) => ({
    place: async (items) => {
      if (armed) {
        armed = false;
        const before = statSync(at(b, 'f.txt'));
        writeFileSync(at(b, 'new'), 'eno');
        renameSync(at(b, 'new'), at(b, 'f.txt'));
        utimesSync(at(b, 'f.txt'), before.atime, before.mtime);
      }
      return real.place(items);
    },
  }));
  armed = true;
  put(a, 'f.txt', 'two');
  await inStep(a, b);
  assert.deepEqual(Object.values(tree(b)).sort(), ['eno', 'two']);
});
test('RULES 18: a delete from elsewhere meets a save of that moment: the save stays', async (t) => {
  let armed = false;
  const { a, b, devices } = await receiving(t, { 'f.txt': 'one', 'g.txt': 'g' }, (real) => ({
    toTrash: async (items) => {
      if (armed) {
        armed = false;
        appendFileSync(at(b, 'f.txt'), ' and more');
      }
      return real.toTrash(items);
    },
  }));
  armed = true;
  const { unlinkSync } = await import('node:fs');
  unlinkSync(at(a, 'f.txt'));
  await allHold(devices, { 'f.txt': 'one and more', 'g.txt': 'g' });
});
test('RULES 18: the name of a download is taken in the last moment: both are there', async (t) => {
  let armed = true;
  const { a, b } = await receiving(t, { 'g.txt': 'g' }, (real) => ({
    place: async (items) => {
      if (armed && items.some((each) => each.path === 'f.txt')) {
        armed = false;
        writeFileSync(at(b, 'f.txt'), 'made by B');
      }
      return real.place(items);
    },
  }));
  put(a, 'f.txt', 'made by A');
  await inStep(a, b);
  assert.deepEqual(Object.values(tree(b)).sort(), ['g', 'made by A', 'made by B']);
  assert.deepEqual(tree(a), tree(b));
});
test('RULES 19: a scan in the middle of a swap tells nobody of the temporary name', async (t) => {
  const gate = new Gate();
  let armed = false;
  const { a, b, devices } = await receiving(t, { 'a.txt': 'was a', 'b.txt': 'was b' }, (real) => ({
    unpark: async (name, path) => {
      if (armed) await gate.pass();
      return real.unpark(name, path);
    },
  }));
  armed = true;
  gate.shut();
  renameSync(at(a, 'a.txt'), at(a, 'hop'));
  renameSync(at(a, 'b.txt'), at(a, 'a.txt'));
  renameSync(at(a, 'hop'), at(a, 'b.txt'));
  await inStep(a);
  await until('B holds one of them aside', () => gate.waiting > 0);
  assert.equal(Object.keys(tree(b)).length, 1);
  await b.engine.scanner.scanAll();
  await pause(250);
  const head = a.engine.journal.serverHead;
  await inStep(a);
  assert.equal(a.engine.journal.serverHead, head, 'B told nobody anything');
  armed = false;
  gate.lift();
  await allHold(devices, { 'a.txt': 'was b', 'b.txt': 'was a' });
});
test('RULES 19: a stop in the middle of a swap is settled before the first scan', async (t) => {
  let armed = false;
  const { stage, a, b } = await receiving(t, { 'a.txt': 'was a', 'b.txt': 'was b' }, (real) => ({
    unpark: async (name, path) => (armed ? new Promise(() => undefined) : real.unpark(name, path)),
  }));
  armed = true;
  renameSync(at(a, 'a.txt'), at(a, 'hop'));
  renameSync(at(a, 'b.txt'), at(a, 'a.txt'));
  renameSync(at(a, 'hop'), at(a, 'b.txt'));
  await inStep(a);
  await until('B holds one of them aside', () => readdirSync(at(b, '.tidemark/parked')).length > 0);
  await pause(50);
  stage.crash(b);
  const again = await stage.restart(b, { environment: (env) => env });
  await allHold([a, again], { 'a.txt': 'was b', 'b.txt': 'was a' });
  assert.deepEqual(await versions(a, 'a.txt'), ['was b']);
});
test('RULES 20: a claim is durable before its first send', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one' });
  let unrecorded = 0;
  let sent = 0;
  const undo = faults.add({
    fault: { kind: 'delay', ms: 0 },
    route: ['open', 'finalize', 'commit'],
    when: () => {
      sent += 1;
      if (a.engine.state.claims.unanswered().length === 0) unrecorded += 1;
      return false;
    },
  });
  t.after(undo);
  put(a, 'f.txt', 'two');
  put(a, 'd/g.txt', 'three');
  await inStep(a);
  assert.ok(sent > 0);
  assert.equal(unrecorded, 0);
});
test('RULES 20: an upload is only recorded once the file was flushed', async (t) => {
  const gate = new Gate();
  const stage = await Stage.open(t);
  const a = await stage.device(
    'A',
    meddling((real) => ({
      flushFiles: async (paths) => {
        await gate.pass();
        return real.flushFiles(paths);
      },
    })),
  );
  put(a, 'f.txt', 'one');
  await inStep(a);
  const node = a.engine.state.nodeAt('f.txt');
  assert.ok(node);
  const before = a.engine.state.synced.get(node)?.version;
  gate.shut();
  put(a, 'f.txt', 'two');
  await until('the flush is waited for', () => gate.waiting > 0);
  await pause(200);
  assert.equal(a.engine.state.synced.get(node)?.version, before, 'recorded before it was durable');
  gate.lift();
  await inStep(a);
  assert.notEqual(a.engine.state.synced.get(node)?.version, before);
});
test('RULES 21: few files are flushed one by one, and folders after them', async (t) => {
  const calls: string[] = [];
  const { a, devices } = await receiving(t, {}, (real) => ({
    flushStaged: async (names) => {
      calls.push('staged');
      return real.flushStaged(names);
    },
    place: async (items) => {
      calls.push('place');
      return real.place(items);
    },
    flushFolders: async (folders) => {
      calls.push('folders');
      return real.flushFolders(folders);
    },
  }));
  calls.length = 0;
  put(a, 'f.txt', 'one');
  await allHold(devices, { 'f.txt': 'one' });
  assert.deepEqual(calls.slice(0, 3), ['staged', 'place', 'folders']);
});
test('RULES 22: a file with a time in the future is read once, not for ever', async (t) => {
  let reads = 0;
  const stage = await Stage.open(t);
  const a = await stage.device('A', {
    environment: (env) => ({
      ...env,
      hashing: {
        backend: env.hashing.backend,
        blake3: (bytes) => env.hashing.blake3(bytes),
        close: () => env.hashing.close(),
        fingerprint: (requests) => {
          reads += requests.filter((each) => each.path === 'future.txt').length;
          return env.hashing.fingerprint(requests);
        },
      },
    }),
  });
  put(a, 'future.txt', 'from 2040');
  utimesSync(at(a, 'future.txt'), 2_209_000_000, 2_209_000_000);
  await inStep(a);
  for (let i = 0; i < 3; i += 1) await a.engine.scanner.scanAll();
  await inStep(a);
  await until('it is up to date', () => a.status().state === 'up-to-date');
  assert.ok(reads <= 2, `${reads} reads`);
});

test('RULES 22: a log that never rests goes up now and then, whole as it was at some moment', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'log.txt': 'line 0\n' });
  let line = 0;
  const writer = setInterval(() => {
    line += 1;
    appendFileSync(at(a, 'log.txt'), `line ${line}\n`);
  }, 20);
  t.after(() => clearInterval(writer));
  await until('a part of it has arrived', () => text(b, 'log.txt').length > 10, 12_000);
  clearInterval(writer);
  const seen = text(b, 'log.txt');
  assert.ok(text(a, 'log.txt').startsWith(seen));
  assert.ok(seen.endsWith('\n'));
  await inStep(a, b);
  assert.equal(text(b, 'log.txt'), text(a, 'log.txt'));
});

test('an edit that was made while the engine did not run goes up, one that arrives then comes down', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'g.txt': 'one', 'h/i.txt': 'one' });
  await stage.stop(a);
  put(a, 'f.txt', 'two');
  put(b, 'g.txt', 'two');
  renameSync(at(a, 'h'), at(a, 'j'));
  await inStep(b);
  const again = await stage.restart(a);
  await allHold([again, b], { 'f.txt': 'two', 'g.txt': 'two', 'j/i.txt': 'one' });
});

test('an edit while the same file is being sent: what is committed is a text the file had', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(a);
  together(a);
  for (let i = 0; i < 20; i += 1) {
    put(a, 'f.txt', `text ${i} ${'x'.repeat(i * 100)}`);
    await pause(15);
  }
  await allHold(devices, { 'f.txt': `text 19 ${'x'.repeat(1900)}` });
  for (const each of await versions(a, 'f.txt'))
    assert.ok(each === 'one' || /^text (\d+) x*$/.test(each), each.slice(0, 40));
});
