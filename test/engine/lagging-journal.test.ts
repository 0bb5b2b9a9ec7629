/** What a server answers to claims is newer than the journal it shows, or tells of a history that ended. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRequest } from '../../server-stub/faults.ts';
import { type Reading, readyToFold } from '../../src/engine/executor/outcomes.ts';
import { OwnRows } from '../../src/engine/executor/own-rows.ts';
import { parseDeviceId, parseEpoch, parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Cursor } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { allHold, apart, at, call, faults, inStep, put, snapshot, synced, together, until } from './stage.ts';

test('an answer about a folder deleted elsewhere waits for the journal that tells what was below', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'D/f.txt': 'f', 'keep.txt': 'k' });
  const { remote, synced: agreed } = a.engine.state;
  const [folder, file] = ['D', 'D/f.txt'].map((path) => a.engine.state.remoteNodeAt(path));
  assert.ok(folder && file);
  apart(a);
  rmSync(at(b, 'D'), { recursive: true });
  await inStep(b);
  let answers = 0;
  const fromA = ({ headers }: FaultRequest): boolean =>
    headers['authorization'] === `Bearer ${a.engine.token}`;
  const lag = faults.add({ fault: { kind: 'journal-lag' }, route: ['journal', 'notify'], when: fromA });
  t.after(lag);
  const count = faults.add({
    fault: { kind: 'delay', ms: 0 },
    route: 'finalize',
    when: (request) => {
      if (fromA(request)) answers += 1;
      return false;
    },
  });
  t.after(count);
  rmSync(at(a, 'D'), { recursive: true });
  together(a);
  const isHalf = (): boolean =>
    (agreed.get(folder) === null && agreed.get(file) !== null) ||
    (remote.get(folder)?.live === false && remote.get(file)?.live === true);
  // Answers that cannot be folded yet are asked for again.
  await until('A has its answer', () => isHalf() || answers > 1);
  assert.ok(!isHalf(), 'the folder is gone from the trees, and what lay in it is not');
  lag();
  await allHold(devices, { 'keep.txt': 'k' });
});

test('what the user asked for by name is asked for again when its answer was ahead of the journal', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  put(a, 'f.txt', 'two');
  await inStep(a, b);
  const fromA = ({ headers }: FaultRequest): boolean =>
    headers['authorization'] === `Bearer ${a.engine.token}`;
  const lag = faults.add({ fault: { kind: 'journal-lag' }, route: ['journal', 'notify'], when: fromA });
  t.after(lag);
  put(b, 'g.txt', 'of another');
  await inStep(b);
  const answer = await a.control.restore({ path: 'f.txt', version: 1 }, call);
  assert.equal(answer.kind === 'refused' ? answer.code : answer.kind, 'unreachable');
  lag();
  await until('its claim is answered', () => a.engine.state.claims.unanswered().length === 0);
  await allHold(devices, { 'f.txt': 'one', 'g.txt': 'of another' });
});

const NODE = parseNodeId('01a0b5ae-b564-772d-93a3-07e49df4aafd');
const MINE = parseDeviceId('01a0b5ae-0000-7000-8000-00000000000a');
const OTHER = parseDeviceId('01a0b5ae-0000-7000-8000-00000000000b');
const [FIRST, SECOND] = [parseEpoch('4445ff584cba'), parseEpoch('4445ff584cbb')];

function cursorAt(seq: number, epoch = FIRST): Cursor {
  return { epoch, seq, hash: '0000000000000000' };
}

/** An answer that tells of the change at `seq`, which `device` made. */
function answer(kind: 'committed' | 'dropped', seq: number, device = MINE): Outcome {
  const entry = {
    parent: ROOT_NODE,
    name: 'D',
    live: false,
    rev: 2,
    seq,
    deadSeq: seq,
    successor: null,
  };
  const event = {
    ...{ seq, node: NODE, kind: 'folder' as const, cause: 'delete' as const, entry, head: null },
    ...{ subtree: null, revivedBatch: null, approved: false, conflict: null },
    ...{ device, deviceName: 'D', user: 'u', at: 1 },
  };
  const base = { key: 1, node: NODE, events: [event] };
  return kind === 'committed'
    ? { kind, ...base, survivors: [] }
    : { kind, ...base, why: 'already-dead' as const };
}

/** A device at `cursor`; asking for more takes it to `next`. */
function reading(cursor: Cursor, next: Cursor): Reading & { asked: number } {
  let now = cursor;
  const device = {
    asked: 0,
    self: { deviceId: MINE, device: 'A', user: 'u' },
    ownRows: new OwnRows(),
    state: { meta: { cursor: () => now } },
    catchUp: () => {
      device.asked += 1;
      now = next;
      return Promise.resolve(true);
    },
  };
  return device;
}

test('what we made right after the cursor is folded without asking, what others made is read first', async () => {
  const own = reading(cursorAt(3), cursorAt(3));
  assert.equal(await readyToFold(own, cursorAt(3), [answer('committed', 4)]), true);
  assert.equal(own.asked, 0);
  const foreign = reading(cursorAt(3), cursorAt(4));
  assert.equal(await readyToFold(foreign, cursorAt(3), [answer('dropped', 4, OTHER)]), true);
  assert.equal(foreign.asked, 1);
  // Of ours, but told by an answer that made nothing: its row says more than that answer does.
  const earlier = reading(cursorAt(3), cursorAt(4));
  assert.equal(await readyToFold(earlier, cursorAt(3), [answer('dropped', 4)]), true);
  assert.equal(earlier.asked, 1);
});

test('a journal that says it was all, and is older than the answers, is not believed', async () => {
  for (const told of [answer('dropped', 4, OTHER), answer('committed', 5)])
    assert.equal(await readyToFold(reading(cursorAt(3), cursorAt(3)), cursorAt(3), [told]), false);
});

test('RULES 25: answers of a history that ended meanwhile are not folded into the next one', async () => {
  const restored = reading(cursorAt(3), cursorAt(9, SECOND));
  assert.equal(await readyToFold(restored, cursorAt(3), [answer('committed', 5)]), false);
  const known = reading(cursorAt(9, SECOND), cursorAt(9, SECOND));
  assert.equal(await readyToFold(known, cursorAt(3), [answer('committed', 5)]), false);
});

test('a device that was told of a change and cannot read it yet does not call itself up to date', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  const slow = faults.add({
    fault: { kind: 'delay', ms: 60_000 },
    route: 'journal',
    when: ({ headers }) => headers['authorization'] === `Bearer ${b.engine.token}`,
  });
  t.after(slow);
  put(a, 'f.txt', 'two');
  await until('B knows that there is news', () => b.status().state === 'syncing');
  assert.equal(readFileSync(at(b, 'f.txt'), 'utf8'), 'one');
  apart(b);
  slow();
  together(b);
  await allHold(devices, { 'f.txt': 'two' });
});

test('a version says when its content came to stand on the disk, however late it is sent', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(b);
  put(b, 'f.txt', 'two');
  put(b, 'g.txt', 'new');
  const changed = ['f.txt', 'g.txt'].map((name) => Math.floor(statSync(at(b, name)).ctimeMs));
  await sleep(50);
  together(b);
  await allHold(devices, { 'f.txt': 'two', 'g.txt': 'new' });
  const events = await snapshot(a);
  for (const [index, name] of ['f.txt', 'g.txt'].entries()) {
    const event = events.find(({ entry }) => entry.name === name);
    assert.equal(event?.head?.editedAt, changed[index], name);
  }
});
