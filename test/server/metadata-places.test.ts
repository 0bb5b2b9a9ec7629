import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claim } from '../../src/protocol/claims.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { fold, paths } from './metadata-fold.ts';
import { eventOf, type Hand, World } from './metadata-world.ts';

const why = (outcome: Outcome) =>
  outcome.kind === 'dropped' ? outcome.why : outcome.kind === 'refused' ? outcome.code : outcome.kind;
const moveTo = (hand: Hand, seen: JournalEvent, parent: JournalEvent | null, name: string): Claim =>
  hand.move({ node: seen.node, baseEntryRev: seen.entry.rev, parent: parent?.node ?? ROOT_NODE, name });

async function twoDevices() {
  const world = new World();
  return { world, laptop: await world.device('laptop'), phone: await world.device('phone') };
}

test('a move changes the place and not the content, whatever happened to the content meanwhile', async () => {
  const { world, laptop, phone } = await twoDevices();
  const folder = await laptop.make('d', null);
  const v1 = await laptop.make('a', 'one');
  const v2 = eventOf(await phone.write(v1, 'two'));
  const moved = await laptop.one(moveTo(laptop, v1, folder, 'b'));
  const { entry, head, cause } = eventOf(moved);
  assert.deepEqual(
    [moved.kind, cause, entry.parent, entry.name, entry.rev],
    ['committed', 'move', folder.node, 'b', 2],
  );
  assert.equal(head?.version, v2.head?.version);
  await world.close();
});

test('of two moves of one node the first wins, and the node is in one place', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', 'x');
  await laptop.send(moveTo(laptop, a, null, 'b'));
  const second = await phone.one(moveTo(phone, a, null, 'c'));
  assert.deepEqual([why(second), eventOf(second).entry.name], ['moved-elsewhere', 'b']);
  const same = await phone.one(moveTo(phone, a, null, 'b'));
  assert.equal(same.kind, 'adopted');
  assert.deepEqual(paths(fold(await world.journal(laptop))), { b: 'V1' });
  await world.close();
});

test('moves that would make a cycle are dropped, also by way of the dead', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', null);
  const b = await laptop.make('b', null);
  const below = eventOf(await laptop.one(moveTo(laptop, b, a, 'b')));
  assert.equal(why(await phone.one(moveTo(phone, a, b, 'a'))), 'cycle');
  assert.equal(why(await phone.one(moveTo(phone, a, a, 'a'))), 'cycle');
  await laptop.send(laptop.remove(a));
  assert.equal(why(await phone.one(moveTo(phone, a, below, 'a'))), 'cycle');
  await world.close();
});

test('a move to a taken name is renamed, attributed; two files make a conflict of it', async () => {
  const { world, laptop } = await twoDevices();
  const [a, b, d] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('d', null)];
  const clash = await laptop.one(moveTo(laptop, a, null, 'b'));
  assert.deepEqual([clash.kind, eventOf(clash).conflict?.original], ['renamed', b.node]);
  const folder = await laptop.one(moveTo(laptop, d, null, 'b'));
  assert.deepEqual([folder.kind, eventOf(folder).conflict], ['renamed', null]);
  const twin = await laptop.one(moveTo(laptop, b, null, 'B'));
  assert.deepEqual([twin.kind, eventOf(twin).entry.name], ['committed', 'B']);
  await world.close();
});

test('RULES 14: a node may change the bytes of its name though the name stays the same', async () => {
  const { world, laptop } = await twoDevices();
  const a = await laptop.make('\u00e9', 'x');
  const renamed = await laptop.one(moveTo(laptop, a, null, 'e\u0301'));
  assert.deepEqual([renamed.kind, eventOf(renamed).entry.name], ['committed', 'e\u0301']);
  await world.close();
});

test('RULES 11: a move beats a delete, and the folder returns with what died with it', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  await laptop.make('early', 'x', d.node);
  const sub = await laptop.make('sub', null, d.node);
  await laptop.make('late', 'y', sub.node);
  const early = await world.metadata.lookup(laptop.caller, 'd/early');
  await laptop.send(laptop.remove(early.nodes[0]!));
  await laptop.send(laptop.remove(d));
  const moved = await phone.one(moveTo(phone, d, null, 'archive'));
  const event = eventOf(moved);
  assert.deepEqual([event.subtree, event.revivedBatch, event.entry.live], ['revived', 6, true]);
  assert.deepEqual(paths(fold(await world.journal(laptop))), {
    archive: 'folder',
    'archive/sub': 'folder',
    'archive/sub/late': 'V1',
  });
  const { nodes } = await world.metadata.lookup(laptop.caller, 'archive/sub/late');
  assert.deepEqual([nodes[0]?.entry.live, nodes[0]?.entry.rev], [true, 3]);
  await world.close();
});

test('RULES 11: a delete of what moved meanwhile, or of a newer head, is dropped; of what is dead, adopted', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', 'one');
  const moved = eventOf(await laptop.one(moveTo(laptop, a, null, 'b')));
  assert.equal(why(await phone.one(phone.remove(a))), 'moved-elsewhere');
  const edited = eventOf(await laptop.write(moved, 'two'));
  assert.equal(why(await phone.one(phone.remove(moved))), 'newer-head');
  assert.equal(why(await phone.one(phone.remove(edited))), 'committed');
  const again = await laptop.one(laptop.remove(edited));
  assert.deepEqual([why(again), eventOf(again).entry.live], ['already-dead', false]);
  await world.close();
});

test('a move into a folder that is gone brings the folder back', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const a = await laptop.make('a', 'x');
  await laptop.send(laptop.remove(d));
  const moved = await phone.one(moveTo(phone, a, d, 'a'));
  assert.deepEqual(
    moved.events.map((event) => [event.cause, event.entry.name]),
    [
      ['revive', 'd'],
      ['move', 'a'],
    ],
  );
  await world.close();
});

test('the root is never moved, deleted or edited', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const root = { ...d, node: ROOT_NODE, entry: { ...d.entry, rev: 0 } };
  assert.equal(why(await laptop.one(moveTo(laptop, root, d, 'x'))), 'bad-request');
  assert.equal(why(await laptop.one(laptop.remove(root))), 'bad-request');
  assert.equal(why(await laptop.one(laptop.undelete(ROOT_NODE))), 'adopted');
  await world.close();
});

test('deleting a folder is one event however much is below it', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  for (let i = 0; i < 20; i += 1) await laptop.make(`f${i}`, 'x', sub.node);
  const gone = await laptop.one(laptop.remove(d, { approved: true }));
  assert.equal(gone.events.length, 1);
  const [event] = gone.events;
  assert.deepEqual([event?.subtree, event?.approved, event?.entry.deadSeq], ['dead', true, 23]);
  assert.deepEqual(paths(fold(await world.journal(laptop))), {});
  await world.close();
});

test('RULES 10: what others changed since the observed seq survives a folder delete, with its folders', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const [keep, drop] = [await laptop.make('keep', null, d.node), await laptop.make('drop', null, d.node)];
  await laptop.make('f', 'x', drop.node);
  const old = await laptop.make('old', 'x', keep.node);
  const edited = await laptop.make('edited', 'x', keep.node);
  const observedSeq = edited.seq;
  const fresh = await phone.make('fresh', 'x', keep.node);
  await phone.write(edited, 'changed');
  await laptop.make('mine', 'x', keep.node);
  const gone = await laptop.one(laptop.remove(d, { observedSeq }));
  assert.ok(gone.kind === 'committed');
  assert.deepEqual([...gone.survivors].sort(), [d.node, keep.node, fresh.node, edited.node].sort());
  assert.deepEqual(
    gone.events.filter((event) => !event.entry.live).map((event) => [event.entry.name, event.subtree]),
    [
      ['drop', 'dead'],
      ['mine', null],
      ['old', null],
    ],
  );
  assert.equal(eventOf(gone).node, d.node);
  assert.deepEqual(paths(fold(await world.journal(laptop))), {
    d: 'folder',
    'd/keep': 'folder',
    'd/keep/edited': 'V2',
    'd/keep/fresh': 'V1',
  });
  assert.equal(old.entry.live, true);
  await world.close();
});

test('RULES 10: what was never applied on the deleting disk survives by name', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const held = await laptop.make('held', 'x', sub.node);
  const elsewhere = await laptop.make('elsewhere', 'x');
  await laptop.make('seen', 'x', d.node);
  const gone = await phone.one(phone.remove(d, { unapplied: [held.node, elsewhere.node, world.nodeId()] }));
  assert.ok(gone.kind === 'committed');
  assert.deepEqual([...gone.survivors].sort(), [d.node, sub.node, held.node].sort());
  assert.deepEqual(paths(fold(await world.journal(laptop))), {
    d: 'folder',
    'd/sub': 'folder',
    'd/sub/held': 'V1',
    elsewhere: 'V1',
  });
  await world.close();
});

test('RULES 10: a move out of the folder by another device rescues what it moved', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const f = await laptop.make('f', 'x', d.node);
  await phone.send(moveTo(phone, f, null, 'rescued'));
  const gone = await laptop.one(laptop.remove(d, { observedSeq: f.seq }));
  assert.ok(gone.kind === 'committed' && gone.survivors.length === 0);
  assert.deepEqual(paths(fold(await world.journal(laptop))), { rescued: 'V1' });
  await world.close();
});

test('RULES 13: a delete records the node that took its place', async () => {
  const { world, laptop } = await twoDevices();
  const [temp, target] = [await laptop.make('temp', 'new'), await laptop.make('target', 'old')];
  await laptop.write(target, 'new');
  const gone = await laptop.one(laptop.remove(temp, { successor: target.node }));
  assert.equal(eventOf(gone).entry.successor, target.node);
  const { items } = await world.metadata.trash(laptop.caller, 10);
  assert.deepEqual(items, []);
  await world.close();
});

type Step = Extract<Claim, { op: 'rearrange' }>['steps'][number];

const step = (seen: JournalEvent, parent: JournalEvent | null, name: string): Step => ({
  op: 'move',
  node: seen.node,
  baseEntryRev: seen.entry.rev,
  parent: parent?.node ?? ROOT_NODE,
  name,
});
const removal = (seen: JournalEvent, observedSeq = Number.MAX_SAFE_INTEGER): Step => ({
  op: 'delete',
  node: seen.node,
  base: seen.head?.version ?? null,
  baseEntryRev: seen.entry.rev,
  observedSeq,
  unapplied: [],
  successor: null,
});

test('a swap and a ring of renames are one rearrangement', async () => {
  const { world, laptop } = await twoDevices();
  const [a, b, c] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('c', 'c')];
  const ring = laptop.rearrange({
    node: a.node,
    steps: [step(a, null, 'b'), step(b, null, 'c'), step(c, null, 'a')],
  });
  const done = await laptop.one(ring);
  assert.deepEqual(
    [done.kind, done.events.map((event) => [event.node, event.entry.name])],
    [
      'committed',
      [
        [a.node, 'b'],
        [b.node, 'c'],
        [c.node, 'a'],
      ],
    ],
  );
  const page = await world.metadata.journal(laptop.caller, null, 4);
  assert.equal(page.kind === 'page' && page.events.length, 6, 'a page does not end inside a rearrangement');
  await world.close();
});

test('folders swap places with their contents, and a file takes the name of the folder it left', async () => {
  const { world, laptop } = await twoDevices();
  const outer = await laptop.make('outer', null);
  const inner = await laptop.make('inner', null, outer.node);
  const f = await laptop.make('f', 'x', inner.node);
  const inverted = await laptop.one(
    laptop.rearrange({ node: outer.node, steps: [step(outer, inner, 'inner'), step(inner, null, 'outer')] }),
  );
  assert.equal(inverted.kind, 'committed');
  assert.deepEqual(paths(fold(await world.journal(laptop))), {
    outer: 'folder',
    'outer/f': 'V1',
    'outer/inner': 'folder',
  });
  const now = eventOf(inverted);
  const top = inverted.events.find((event) => event.node === inner.node)!;
  const replaced = await laptop.one(
    laptop.rearrange({ node: f.node, steps: [removal(top), step(f, null, 'outer')] }),
  );
  assert.equal(replaced.kind, 'committed');
  assert.deepEqual(paths(fold(await world.journal(laptop))), { outer: 'V1' });
  assert.equal(now.entry.rev, 2);
  await world.close();
});

test('a rearrangement is all or nothing', async () => {
  const { world, laptop, phone } = await twoDevices();
  const [a, b, d] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('d', null)];
  const taken = await laptop.make('taken', 'x');
  const moved = eventOf(await phone.one(moveTo(phone, b, null, 'b2')));
  const head = await world.metadata.head(laptop.caller.namespace);
  const answers = [];
  for (const steps of [
    [step(a, null, 'b'), step(b, null, 'a')],
    [step(a, null, 'taken')],
    [step(a, null, 'same'), step(moved, null, 'same')],
    [step(a, d, 'a'), removal(d)],
    [step(d, d, 'd')],
    [step(a, null, '..')],
    [step(a, null, 'x'), step(a, null, 'y')],
    [removal({ ...taken, head: a.head })],
  ]) {
    const outcome = await laptop.one(laptop.rearrange({ node: a.node, steps }));
    assert.equal(outcome.node, a.node);
    answers.push(why(outcome));
  }
  assert.deepEqual(answers, [
    'steps-stale',
    'steps-stale',
    'steps-stale',
    'steps-stale',
    'cycle',
    'bad-name',
    'bad-request',
    'steps-stale',
  ]);
  assert.deepEqual(await world.metadata.head(laptop.caller.namespace), head);
  await world.close();
});

test('RULES 10: a rearrangement deletes a folder only if nothing unseen stays in it', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const unseen = await phone.make('unseen', 'x', sub.node);
  const stale = await laptop.one(laptop.rearrange({ node: d.node, steps: [removal(d, sub.seq)] }));
  assert.equal(why(stale), 'steps-stale');
  const leaves = await laptop.one(
    laptop.rearrange({ node: d.node, steps: [step(sub, null, 'sub'), removal(d, sub.seq)] }),
  );
  assert.equal(leaves.kind, 'committed');
  assert.deepEqual(paths(fold(await world.journal(laptop))), { sub: 'folder', 'sub/unseen': 'V1' });
  assert.equal(unseen.entry.live, true);
  await world.close();
});
