import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJournal } from '../../server-stub/journal/read-journal.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent, SnapshotPage } from '../../src/protocol/journal.ts';
import { checkTree, fold, foldEvent, type Tree } from './metadata-fold.ts';
import { eventOf, type Hand, World } from './metadata-world.ts';

async function page(hand: Hand, cursor: Cursor | null, limit = 2000) {
  const read = await hand.world.metadata.journal(hand.caller, cursor, limit);
  assert.ok(read.kind === 'page', `resync ${read.kind === 'resync' && read.why}`);
  return read;
}

async function resync(hand: Hand, cursor: Cursor | null) {
  const read = await hand.world.metadata.journal(hand.caller, cursor, 10);
  assert.ok(read.kind === 'resync', 'a page');
  return read;
}

/** Reads a snapshot in small pages, with something happening between them. */
async function snapshot(
  hand: Hand,
  limit: number,
  between: (pages: number) => Promise<void> = async () => {},
) {
  const events: JournalEvent[] = [];
  let continuation: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const read: SnapshotPage | null = await hand.world.metadata.snapshot(hand.caller, continuation, limit);
    assert.ok(read !== null);
    events.push(...read.events);
    continuation = read.continuation;
    if (continuation === null) return { events, at: read.at, pages };
    await between(pages);
  }
}

const places = (tree: Tree) =>
  [...tree.values()]
    .map(({ node, entry, head }) => [node, { ...entry }, head?.version ?? null] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

test('pages are dense and come with a cursor that continues them', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const empty = await page(laptop, null);
  assert.deepEqual([empty.events.length, empty.next.seq, empty.hasMore], [0, 0, false]);
  for (let i = 0; i < 5; i += 1) await laptop.make(`f${i}`, `${i}`);
  const first = await page(laptop, empty.next, 2);
  const second = await page(laptop, first.next, 2);
  const third = await page(laptop, second.next, 2);
  const seqs = [first, second, third].map((read) => read.events.map((event) => event.seq));
  assert.deepEqual(seqs, [[1, 2], [3, 4], [5]]);
  assert.deepEqual([first.hasMore, third.hasMore, third.head], [true, false, 5]);
  assert.deepEqual(third.next, await world.metadata.head(laptop.caller.namespace));
  assert.deepEqual((await page(laptop, third.next)).events, []);
  await world.close();
});

test('an event is the state as it was at its seq', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const v1 = await laptop.make('a', 'one');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  const { node } = v1;
  await laptop.send(laptop.move({ node, baseEntryRev: 1, parent: ROOT_NODE, name: 'b' }));
  const [first, second, third] = await world.journal(laptop);
  assert.deepEqual(first, v1);
  assert.deepEqual(second, v2);
  assert.deepEqual([third?.entry.name, third?.head?.version], ['b', v2.head?.version]);
  await world.close();
});

test('RULES 25: a device that has seen more than the server has makes it begin a new epoch', async () => {
  const world = new World();
  const [laptop, phone] = [await world.device('laptop'), await world.device('phone')];
  const made = await laptop.make('a', 'x');
  const head = await world.metadata.head(laptop.caller.namespace);
  const lost = { ...head, seq: head.seq + 7 };
  const answer = await resync(phone, lost);
  assert.equal(answer.why, 'other-epoch');
  assert.notEqual(answer.epoch, head.epoch);
  assert.deepEqual(await resync(phone, lost), answer, 'and only once');
  assert.equal((await resync(laptop, head)).epoch, answer.epoch);
  const v2 = eventOf(await laptop.write(made, 'y'));
  assert.ok(v2.head?.version.startsWith(`${answer.epoch}.`));
  assert.equal(v2.seq, made.seq + 1, 'seqs go on');
  await world.close();
});

test('RULES 25: a restored backup shows in the hash though its seqs have been passed again', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  for (const name of ['a', 'b', 'c']) await laptop.make(name, null);
  const { next } = await page(laptop, null, 2);
  const forged = { ...next, hash: 'f'.repeat(16) };
  assert.equal((await resync(laptop, forged)).why, 'other-epoch');
  await world.close();
});

test('RULES 25: claims from a history that is not the server’s are refused and not remembered', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const d = await laptop.make('d', null);
  const cursor = await world.metadata.head(laptop.caller.namespace);
  await world.metadata.beginEpoch(laptop.caller.namespace);
  const claim = laptop.remove(d);
  const [refused] = await laptop.sendWith({ cursor }, claim);
  assert.equal(refused?.kind === 'refused' && refused.code, 'unknown-node');
  const now = await world.metadata.head(laptop.caller.namespace);
  const [done] = await laptop.sendWith({ cursor: now }, claim);
  assert.equal(done?.kind, 'committed');
  await world.close();
});

test('a cursor older than what is kept is answered as expired, and the snapshot helps', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  for (const name of ['a', 'b', 'c']) await laptop.make(name, null);
  const { next } = await page(laptop, null, 1);
  const middle = (await page(laptop, null, 2)).next;
  const ns = laptop.caller.namespace;
  await world.db.write(async (tx) => tx.setJournalFloor(ns, middle.seq, middle.hash, null));
  assert.equal((await resync(laptop, next)).why, 'expired');
  assert.equal((await resync(laptop, null)).why, 'far-behind');
  assert.deepEqual((await page(laptop, middle)).events.length, 1);
  const { events, at } = await snapshot(laptop, 2);
  assert.deepEqual([events.length, at.seq], [3, 3]);
  await world.close();
});

test('a device that is far behind is sent to the snapshot if that is shorter', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  await laptop.make('a', null);
  const ns = laptop.caller.namespace;
  const row = await world.db.read(async (tx) => tx.namespace(ns));
  const read = (headSeq: number, nodeCount: number) =>
    world.db.read((tx) => {
      const far = { ...tx, namespace: () => ({ ...row!, headSeq, nodeCount }) };
      return readJournal(far, ns, null, 10);
    });
  assert.deepEqual((await read(30_000, 100)).kind, 'resync');
  assert.deepEqual((await read(30_000, 40_000)).kind, 'page');
  assert.deepEqual((await read(20_000, 100)).kind, 'page');
  await world.close();
});

test('what a device acknowledged never goes back', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  for (const name of ['a', 'b', 'c']) await laptop.make(name, null);
  const early = (await page(laptop, null, 1)).next;
  const late = await world.metadata.head(laptop.caller.namespace);
  const { device, namespace } = laptop.caller;
  const acked = async () => (await world.db.read(async (tx) => tx.ackedCursor(device, namespace)))?.seq;
  await world.metadata.ackCursor(laptop.caller, late);
  await world.metadata.ackCursor(laptop.caller, early);
  assert.equal(await acked(), 3);
  await world.metadata.ackCursor(laptop.caller, { ...late, seq: 99 });
  assert.equal(await acked(), 3);
  await world.close();
});

test('RULES 16: a snapshot has parents before children, then tombstones, and is the state of its last page', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const child = await laptop.make('child', 'x');
  const late = await laptop.make('late', null);
  await laptop.send(laptop.move({ node: child.node, baseEntryRev: 1, parent: late.node, name: 'child' }));
  const dead = await laptop.make('dead', null);
  await laptop.make('below', 'y', dead.node);
  await laptop.send(laptop.remove(dead));
  const { events } = await snapshot(laptop, 1);
  const lives = events.map((event) => event.entry.live);
  assert.deepEqual(lives, [...lives].sort().reverse(), 'live ones first');
  const seen = new Set<NodeId>([ROOT_NODE]);
  for (const event of events) {
    assert.ok(seen.has(event.entry.parent!), `${event.entry.name} before its folder`);
    seen.add(event.node);
  }
  assert.deepEqual(places(fold(events)), places(fold(await world.journal(laptop))));
  await world.close();
});

test('RULES 16: a folder told ahead of its turn comes after its own folder, whose turn lies between', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  // Ids are ordered by time.
  const child = await laptop.make('child', 'x');
  world.clock.now += 1;
  const outer = await laptop.make('outer', null);
  world.clock.now += 1;
  const inner = await laptop.make('inner', null);
  await laptop.send(laptop.move({ node: inner.node, baseEntryRev: 1, parent: outer.node, name: 'inner' }));
  await laptop.send(laptop.move({ node: child.node, baseEntryRev: 1, parent: inner.node, name: 'child' }));
  for (const limit of [1, 100]) {
    const { events } = await snapshot(laptop, limit);
    const first = [...new Set(events.map((event) => event.entry.name))];
    assert.deepEqual(first, ['outer', 'inner', 'child'], `pages of ${limit}`);
  }
  await world.close();
});

test('RULES 16: what moves, dies and returns while a snapshot is read is in it as it stands at the end', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const top = await laptop.make('top', null);
  const a = await laptop.make('a', null, top.node);
  for (let i = 0; i < 6; i += 1) await laptop.make(`f${i}`, `${i}`, a.node);
  const gone = await laptop.make('gone', null);
  await laptop.make('inside', 'z', gone.node);
  await laptop.send(laptop.remove(gone));
  const steps = [
    async () => void (await laptop.make('b', null)),
    async () => void (await laptop.send(laptop.undelete(gone.node))),
    async () => {
      const { nodes } = await world.metadata.lookup(laptop.caller, 'top/a');
      await laptop.send(
        laptop.move({ node: a.node, baseEntryRev: nodes[0]!.entry.rev, parent: gone.node, name: 'a' }),
      );
    },
    async () => void (await laptop.send(laptop.remove(top))),
    async () => {
      const { nodes } = await world.metadata.lookup(laptop.caller, 'gone/a/f3');
      await laptop.write(nodes[0]!, 'edited meanwhile');
    },
    async () => {
      const { nodes } = await world.metadata.lookup(laptop.caller, 'gone/a');
      await laptop.send(laptop.remove(nodes[0]!));
    },
  ];
  const { events, at } = await snapshot(laptop, 2, async (pages) => steps[pages - 1]?.());
  assert.deepEqual(at, await world.metadata.head(laptop.caller.namespace));
  const tree = fold(events);
  checkTree(tree);
  const journal = await world.journal(laptop);
  assert.deepEqual(places(tree), places(fold(journal)));
  // Whoever replays what happened since the first page changes nothing by it.
  for (const event of journal) foldEvent(tree, event);
  assert.deepEqual(places(tree), places(fold(journal)));
  await world.close();
});

test('RULES 16: an edit of what a page has told already is in the snapshot too', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  for (const name of ['a', 'b', 'c']) await laptop.make(name, name);
  const first = await world.metadata.snapshot(laptop.caller, null, 1);
  const [told] = first!.events;
  const edited = eventOf(await laptop.write(told!, 'edited after it was told'));
  const rest = await world.metadata.snapshot(laptop.caller, first!.continuation, 100);
  assert.equal(rest?.continuation, null);
  assert.equal(
    fold([...first!.events, ...rest!.events]).get(told!.node)?.head?.version,
    edited.head?.version,
  );
  await world.close();
});

test('a continuation that is not of this namespace and epoch is refused', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  for (const name of ['a', 'b', 'c']) await laptop.make(name, null);
  const first = await world.metadata.snapshot(laptop.caller, null, 1);
  const { continuation } = first!;
  for (const forged of ['', 'x', `${continuation}x`, continuation!.replace(/^.{12}/, '0'.repeat(12))]) {
    assert.equal(await world.metadata.snapshot(laptop.caller, forged, 1), null, forged);
  }
  await world.metadata.beginEpoch(laptop.caller.namespace);
  assert.equal(await world.metadata.snapshot(laptop.caller, continuation, 1), null);
  await world.close();
});

test('a path is looked up among what stands there and what died there, live first', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const old = await laptop.make('d', null);
  const dead = await laptop.make('f', 'x', old.node);
  await laptop.send(laptop.remove(old));
  const d = await laptop.make('d', null);
  const live = await laptop.make('f', 'y', d.node);
  const { nodes } = await world.metadata.lookup(laptop.caller, '/d/f/');
  assert.deepEqual(
    nodes.map((event) => [event.node, event.entry.live]),
    [
      [live.node, true],
      [dead.node, false],
    ],
  );
  assert.deepEqual((await world.metadata.lookup(laptop.caller, 'd/nothing')).nodes, []);
  assert.deepEqual((await world.metadata.lookup(laptop.caller, '')).nodes, []);
  await world.close();
});

test('the history of a file is its versions, newest first', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const v1 = await laptop.make('a', 'one');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  const answer = await world.metadata.history(laptop.caller, v1.node);
  assert.deepEqual(answer?.versions, [v2.head, v1.head]);
  assert.equal(answer?.current?.head?.number, 2);
  assert.equal(await world.metadata.history(laptop.caller, world.nodeId()), null);
  await world.close();
});
