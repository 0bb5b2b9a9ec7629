import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { fold, paths } from './metadata-fold.ts';
import { chunksOf, eventOf, type Hand, World } from './metadata-world.ts';

const why = (outcome: Outcome) =>
  outcome.kind === 'dropped' ? outcome.why : outcome.kind === 'refused' ? outcome.code : outcome.kind;
const restore = (hand: Hand, now: JournalEvent, then: JournalEvent) =>
  hand.restore({ node: now.node, base: now.head?.version ?? null, version: then.head!.version });

async function twoDevices() {
  const world = new World();
  return { world, laptop: await world.device('laptop'), phone: await world.device('phone') };
}

test('an old version returns as a new one on top, also of a deleted file', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a', 'one');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  assert.equal(why(await phone.one(restore(phone, v1, v1))), 'newer-head');
  const v3 = await phone.one(restore(phone, v2, v1));
  const event = eventOf(v3);
  assert.deepEqual([event.cause, event.head?.number, event.head?.base], ['restore', 3, v2.head?.version]);
  assert.deepEqual(event.head?.content, v1.head?.content);
  assert.equal((await phone.one(restore(phone, event, v1))).kind, 'adopted');
  await laptop.send(laptop.remove(event));
  const back = await phone.one(phone.restore({ node: v1.node, base: null, version: v2.head!.version }));
  assert.deepEqual([back.kind, eventOf(back).entry.live, eventOf(back).head?.number], ['committed', true, 4]);
  await world.close();
});

test('a version that is not of the file, or whose bytes are gone, is not restored', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a', 'one');
  const other = await laptop.make('b', 'other');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  assert.equal(why(await laptop.one(restore(laptop, v2, other))), 'unknown-version');
  const [chunk] = chunksOf('one');
  await world.db.write(async (tx) => tx.removeChunk(laptop.caller.tenant, chunk!.id, `at-${chunk!.id}`));
  assert.equal(why(await laptop.one(restore(laptop, v2, v1))), 'unknown-version');
  await world.close();
});

test('what a delete took returns with one event, to its old place', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  await laptop.make('f', 'x', d.node);
  const gone = eventOf(await laptop.one(laptop.remove(d)));
  const back = await laptop.one(laptop.undelete(d.node));
  const event = eventOf(back);
  assert.deepEqual([back.events.length, event.subtree, event.revivedBatch], [1, 'revived', gone.seq]);
  assert.deepEqual(paths(fold(await world.journal(laptop))), { d: 'folder', 'd/f': 'V1' });
  assert.equal((await laptop.one(laptop.undelete(d.node))).kind, 'adopted');
  await world.close();
});

test('what was deleted below a folder that is gone returns to the nearest that lives', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const f = await laptop.make('f', 'x', sub.node);
  await laptop.send(laptop.remove(sub));
  await laptop.make('f', 'taken', d.node);
  const back = await laptop.one(laptop.undelete(f.node));
  const event = eventOf(back);
  assert.deepEqual([back.kind, event.entry.parent], ['renamed', d.node]);
  assert.equal(event.entry.name, 'f (conflict - laptop, ana, 2026-09-18 18.02)');
  await world.close();
});

test('the trash lists what was deleted, newest first, with its path and how much went with it', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const f = await laptop.make('f', 'x', sub.node);
  await laptop.make('g', 'y', sub.node);
  await laptop.send(laptop.remove(f));
  await laptop.send(laptop.remove(d));
  const { items, hasMore } = await world.metadata.trash(laptop.caller, 10);
  assert.deepEqual(
    items.map((item) => [item.path, item.below]),
    [
      ['d', 2],
      ['d/sub/f', 0],
    ],
  );
  assert.equal(hasMore, false);
  const first = await world.metadata.trash(laptop.caller, 1);
  assert.deepEqual([first.items.length, first.hasMore], [1, true]);
  const second = await world.metadata.trash(laptop.caller, 1, first.items[0]!.event.entry.deadSeq!);
  assert.equal(second.items[0]?.path, 'd/sub/f');
  await world.close();
});

async function conflicted() {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a', 'base');
  const original = eventOf(await laptop.write(v1, 'laptop'));
  const copy = eventOf(await phone.write(v1, 'phone'));
  const resolution = (keep: 'both' | 'mine' | 'theirs', seen = original) =>
    laptop.resolve({
      node: copy.node,
      conflict: copy.conflict!.id,
      keep,
      seenOriginal: seen.head!.version,
      seenCopy: copy.head!.version,
    });
  return { world, laptop, phone, v1, original, copy, resolution };
}

test('open conflicts are listed with where both sides stand', async () => {
  const { world, laptop, original, copy } = await conflicted();
  const { conflicts } = await world.metadata.conflicts(laptop.caller);
  assert.deepEqual(
    conflicts.map((row) => [row.originalPath, row.copyPath, row.conflict.device, row.conflict.user]),
    [['a', copy.entry.name, 'phone', 'ana']],
  );
  assert.equal(original.entry.name, 'a');
  await world.close();
});

test('keeping theirs takes the copy away, and everybody is told', async () => {
  const { world, laptop, copy, resolution } = await conflicted();
  const done = await laptop.one(resolution('theirs'));
  const event = eventOf(done);
  assert.deepEqual([event.cause, event.entry.live, event.conflict?.status], ['resolve', false, 'resolved']);
  assert.deepEqual(paths(fold(await world.journal(laptop))), { a: 'V2' });
  assert.equal((await world.metadata.conflicts(laptop.caller)).conflicts.length, 0);
  const undone = await laptop.one(laptop.undelete(copy.node));
  assert.equal(undone.kind, 'committed');
  await world.close();
});

test('keeping mine makes the copy a version of the original, which returns for it if it was deleted', async () => {
  const { world, laptop, original, copy, resolution } = await conflicted();
  await laptop.send(laptop.remove(original));
  const done = await laptop.one(resolution('mine'));
  assert.deepEqual(
    done.events.map((event) => [event.node, event.entry.live, event.conflict?.resolution]),
    [
      [original.node, true, 'mine'],
      [copy.node, false, 'mine'],
    ],
  );
  assert.equal(done.events[1]?.entry.successor, original.node);
  const now = done.events[0];
  assert.deepEqual([now?.head?.number, now?.head?.base], [3, original.head?.version]);
  assert.deepEqual(now?.head?.content, copy.head?.content);
  await world.close();
});

test('keeping both moves nothing and settles the conflict', async () => {
  const { world, laptop, copy, resolution } = await conflicted();
  const claim = resolution('both');
  const done = await laptop.one(claim);
  assert.deepEqual(
    done.events.map((event) => [event.node, event.entry.rev, event.conflict?.status]),
    [[copy.node, 1, 'resolved']],
  );
  assert.equal((await laptop.one(resolution('mine'))).kind, 'adopted');
  assert.deepEqual(await laptop.one(claim), done);
  await world.close();
});

test('a resolution decided on older heads is dropped', async () => {
  const { world, laptop, phone, v1, original, resolution } = await conflicted();
  assert.equal(why(await laptop.one(resolution('theirs', v1))), 'newer-head');
  await phone.write(original, 'newer still');
  assert.equal(why(await laptop.one(resolution('mine'))), 'newer-head');
  const stranger = await world.device('pc', 'bob');
  const claim = resolution('both');
  assert.equal(why(await stranger.one(claim)), 'not-found');
  await world.close();
});
