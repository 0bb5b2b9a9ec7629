import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { moveTo, twoDevices, why } from './metadata-claims.ts';
import { fold, paths } from './metadata-fold.ts';
import { eventOf } from './metadata-world.ts';

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
