/** What the user is told that happened, on real devices: who, what, from where; and taking it back for everybody. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import type { Activity, EngineEvent } from '../../src/ipc/events.ts';
import {
  allHold,
  apart,
  at,
  call,
  inStep,
  put,
  refusal,
  synced,
  type TestDevice,
  together,
  until,
  value,
  versions,
} from './stage.ts';

async function activities(device: TestDevice, path?: string): Promise<readonly Activity[]> {
  const params = path === undefined ? {} : { path };
  return value(await device.control['activity.list'](params, call)).activities;
}

/** Newest first: "received edited f.txt by A V2". */
async function said(device: TestDevice, path?: string): Promise<readonly string[]> {
  return (await activities(device, path)).map(
    ({ direction, verb, path, from, device: by, number, undoable }) =>
      `${direction} ${verb} ${from === null ? '' : `${from} → `}${path} by ${by}${number === null ? '' : ` V${number}`}${undoable ? ' ↶' : ''}`,
  );
}

async function newest(device: TestDevice, verb: Activity['verb']): Promise<Activity> {
  const found = (await activities(device)).find((each) => each.verb === verb);
  assert.ok(found, verb);
  return found;
}

test('each side is told what happened, who did it on which device, and from where a move came', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  put(b, 'd/f.txt', 'three');
  await inStep(a, b);
  renameSync(at(a, 'd/f.txt'), at(a, 'g.txt'));
  await inStep(a, b);
  rmSync(at(b, 'd'), { recursive: true });
  await inStep(a, b);
  assert.deepEqual(await said(a), [
    'received deleted d by B ↶',
    // The folder it came from is gone: it cannot go back there.
    'sent moved d/f.txt → g.txt by A',
    'received edited d/f.txt by B V2 ↶',
    'sent created d/f.txt by A V1',
    'sent created d by A',
  ]);
  assert.deepEqual(await said(b), [
    'sent deleted d by B ↶',
    'received moved d/f.txt → g.txt by A',
    'sent edited d/f.txt by B V2 ↶',
    'received created d/f.txt by A V1',
    'received created d by A',
  ]);
  const [, moved] = await activities(b);
  assert.equal(moved?.user, a.engine.parts.account.user);
  assert.equal((await activities(a)).find((each) => each.verb === 'edited')?.size, 5);
  assert.match(moved?.sentence ?? '', /on A moved d\/f\.txt to g\.txt\.$/);
});

test('the list comes in pages, and of one path with all its names', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one', 'other.txt': 'x' });
  for (const content of ['two', 'three']) {
    put(a, 'f.txt', content);
    await inStep(a);
  }
  renameSync(at(a, 'f.txt'), at(a, 'g.txt'));
  await inStep(a);
  const all = await activities(a);
  const paged: Activity[] = [];
  let after: string | null = null;
  do {
    const page: { activities: Activity[]; next: string | null } = value(
      await a.control['activity.list'](after === null ? { limit: 2 } : { limit: 2, after }, call),
    );
    assert.ok(page.activities.length <= 2);
    paged.push(...page.activities);
    after = page.next;
  } while (after !== null);
  assert.deepEqual(paged, all);
  assert.deepEqual(
    (await activities(a, 'g.txt')).map((each) => each.verb),
    ['moved', 'edited', 'edited', 'created'],
  );
  assert.deepEqual(
    (await activities(a, 'other.txt')).map((each) => each.verb),
    ['created'],
  );
});

test('a folder deleted elsewhere with much in it is one activity', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`d/e/${i}.txt`, `${i}`]));
  const { a, b } = await synced(t, ['A', 'B'], files);
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(a, b);
  const deleted = (await activities(b)).filter((each) => each.verb === 'deleted');
  assert.deepEqual(
    deleted.map((each) => [each.path, each.device]),
    [['d', 'A']],
  );
});

test('an offline clash is told as a conflict on both devices', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(b);
  put(a, 'f.txt', 'from A');
  await inStep(a);
  put(b, 'f.txt', 'from B');
  await until('B has read its edit', () => b.status().pendingUploads > 0);
  together(b);
  await inStep(a, b);
  assert.equal((await newest(b, 'conflict')).direction, 'sent');
  const seen = await newest(a, 'conflict');
  assert.equal(seen.direction, 'received');
  assert.equal(seen.device, 'B');
  assert.match(seen.path, /^f \(conflict - B, /);
});

test('live events are the very rows of the list', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  const events: EngineEvent[] = [];
  t.after(b.control.onEvent((event) => events.push(event)));
  put(a, 'f.txt', 'three');
  await inStep(a, b);
  await until('the event', () => events.some((each) => each.kind === 'activity'));
  const [row] = await activities(b);
  assert.deepEqual(
    events.filter((each) => each.kind === 'activity'),
    [row],
  );
});

test('undo of an edit puts the version from before on top, on all devices', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  put(a, 'f.txt', 'three');
  await inStep(...devices);
  const edit = await newest(b, 'edited');
  value(await b.control['activity.undo']({ id: edit.id }, call));
  await allHold(devices, { 'f.txt': 'one' });
  assert.deepEqual(await versions(a, 'f.txt'), ['one', 'three', 'one']);
  assert.equal((await newest(b, 'restored')).direction, 'sent');
  const back = await newest(a, 'restored');
  assert.deepEqual([back.direction, back.device, back.number], ['received', 'B', 3]);
  // Things moved on: the same edit cannot be taken back twice, but the undo can.
  assert.equal(refusal(await b.control['activity.undo']({ id: edit.id }, call)), 'changed-since');
  value(await a.control['activity.undo']({ id: back.id }, call));
  await allHold(devices, { 'f.txt': 'three' });
});

test('undo of a deletion brings back everything that went with it; of a move, the place before', async (t) => {
  const start = { 'd/f.txt': 'f', 'd/e/g.txt': 'g', 'h.txt': 'h' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(...devices);
  const gone = await newest(b, 'deleted');
  value(await b.control['activity.undo']({ id: gone.id }, call));
  await allHold(devices, start);
  assert.equal(refusal(await b.control['activity.undo']({ id: gone.id }, call)), 'changed-since');
  mkdirSync(at(b, 'k'));
  renameSync(at(b, 'h.txt'), at(b, 'k/i.txt'));
  await inStep(...devices);
  const moved = await newest(a, 'moved');
  value(await a.control['activity.undo']({ id: moved.id }, call));
  await allHold(devices, { ...start, 'k/': 'folder' });
});

test('what was changed again since, and what never could be, is refused with a code; nothing is changed', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'd/g.txt': 'g' });
  put(a, 'f.txt', 'three');
  renameSync(at(a, 'd/g.txt'), at(a, 'g.txt'));
  await inStep(...devices);
  const edit = await newest(b, 'edited');
  const move = await newest(b, 'moved');
  put(a, 'f.txt', 'and on');
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(...devices);
  assert.equal((await activities(b)).find((each) => each.id === edit.id)?.undoable, false);
  assert.equal(refusal(await b.control['activity.undo']({ id: edit.id }, call)), 'changed-since');
  assert.equal(refusal(await b.control['activity.undo']({ id: move.id }, call)), 'changed-since');
  const created = await newest(b, 'created');
  assert.equal(created.undoable, false);
  assert.equal(refusal(await b.control['activity.undo']({ id: created.id }, call)), 'not-undoable');
  assert.equal(refusal(await b.control['activity.undo']({ id: 1e9 }, call)), 'not-found');
  await allHold(devices, { 'f.txt': 'and on', 'g.txt': 'g' });
});
