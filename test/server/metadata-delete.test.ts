import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveTo, twoDevices } from './metadata-claims.ts';
import { foldRows, paths } from './metadata-fold.ts';
import { eventOf } from './metadata-world.ts';

test('deleting a folder is one event however much is below it', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  for (let i = 0; i < 20; i += 1) await laptop.make(`f${i}`, 'x', sub.node);
  const gone = await laptop.one(laptop.remove(d, { approved: true }));
  assert.equal(gone.events.length, 1);
  const [event] = gone.events;
  assert.deepEqual([event?.subtree, event?.approved, event?.entry.deadSeq], ['dead', true, 23]);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {});
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
  const gone = await laptop.one(laptop.remove(d, { observedSeq }));
  assert.ok(gone.kind === 'committed');
  assert.deepEqual([...gone.survivors].sort(), [d.node, keep.node, fresh.node, edited.node].sort());
  assert.deepEqual(
    gone.events.filter((event) => !event.entry.live).map((event) => [event.entry.name, event.subtree]),
    [
      ['drop', 'dead'],
      ['old', null],
    ],
  );
  assert.equal(eventOf(gone).node, d.node);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    d: 'folder',
    'd/keep': 'folder',
    'd/keep/edited': 'V2',
    'd/keep/fresh': 'V1',
  });
  assert.equal(old.entry.live, true);
  await world.close();
});

test('RULES 10: own rows that the claiming device does not say it has seen are unseen like any other', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const old = await laptop.make('old', 'x', d.node);
  const mine = await laptop.make('mine', 'x', d.node);
  const gone = await laptop.one(laptop.remove(d, { observedSeq: old.seq }));
  assert.ok(gone.kind === 'committed');
  assert.deepEqual([...gone.survivors], [d.node, mine.node]);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), { d: 'folder', 'd/mine': 'V1' });
  const seen = await laptop.one(laptop.remove(d, { observedSeq: mine.seq }));
  assert.ok(seen.kind === 'committed' && seen.survivors.length === 0);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {});
  await world.close();
});

test('RULES 10: everything in a folder that another device renamed or brought there lives on with it', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const renamed = await laptop.make('renamed', null, d.node);
  const inside = await laptop.make('inside', 'x', renamed.node);
  const deep = await laptop.make('deep', null, renamed.node);
  const deeper = await laptop.make('deeper', 'x', deep.node);
  await laptop.make('seen', 'x', d.node);
  const outside = await laptop.make('outside', null);
  const brought = await laptop.make('brought', 'x', outside.node);
  await phone.send(moveTo(phone, renamed, d, 'renamed by phone'), moveTo(phone, outside, d, 'from outside'));
  const gone = await laptop.one(laptop.remove(d, { observedSeq: brought.seq }));
  assert.ok(gone.kind === 'committed');
  assert.deepEqual(
    [...gone.survivors].sort(),
    [d, renamed, inside, deep, deeper, outside, brought].map(({ node }) => node).sort(),
  );
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    d: 'folder',
    'd/from outside': 'folder',
    'd/from outside/brought': 'V1',
    'd/renamed by phone': 'folder',
    'd/renamed by phone/deep': 'folder',
    'd/renamed by phone/deep/deeper': 'V1',
    'd/renamed by phone/inside': 'V1',
  });
  await world.close();
});

test('RULES 10: a folder that was never applied keeps what is in it, and of those above it only the folders', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const held = await laptop.make('held', null, sub.node);
  await laptop.make('kept', 'x', held.node);
  await laptop.make('beside', 'x', sub.node);
  await laptop.make('dies', null, d.node);
  const gone = await phone.one(phone.remove(d, { unapplied: [held.node] }));
  assert.ok(gone.kind === 'committed' && gone.survivors.length === 4);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    d: 'folder',
    'd/sub': 'folder',
    'd/sub/held': 'folder',
    'd/sub/held/kept': 'V1',
  });
  await world.close();
});

test('RULES 10: a folder that is itself named as never applied stays as it is', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  await laptop.make('f', 'x', d.node);
  const kept = await phone.one(phone.remove(d, { unapplied: [d.node] }));
  assert.ok(kept.kind === 'committed' && kept.survivors.length === 2);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), { d: 'folder', 'd/f': 'V1' });
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
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
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
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), { rescued: 'V1' });
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
