/** What history keeps, and the two steps in which the rest is let go: on real SQLite, with a clock set by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setHold } from '../../server-stub/retention/policies.ts';
import { DAY, RETENTION_DEFAULT } from '../../server-stub/retention/policy.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { HOUR, Keeper, RELEASE_GRACE_HOURS, written } from './keeper.ts';
import { eventOf } from './metadata-world.ts';

test('versions go in two steps, a day of lived hours apart; the last of the day stays', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 4);
  await keeper.live(20);
  assert.deepEqual(await keeper.due(laptop, event), [], 'younger than a day');
  await keeper.live(9);
  assert.deepEqual(await keeper.due(laptop, event), [3, 2, 1]);
  assert.deepEqual(await keeper.kept(laptop, event), [4, 3, 2, 1]);
  await keeper.live(RELEASE_GRACE_HOURS);
  assert.deepEqual(await keeper.kept(laptop, event), [4]);
  const version = (
    await keeper.world.db.read(async (tx) => tx.history(laptop.caller.namespace, event.node))
  ).at(-1);
  assert.ok(version, 'the row of what went stays, for lineage');
  const why = await keeper.world.db.read(async (tx) =>
    tx.decisions({ subject: `version ${version.version.id}` }, null, 10),
  );
  assert.deepEqual(
    why.map((each) => [each.decision, each.why]),
    [
      ['released', 'V1 was due for a day'],
      ['due', 'V2 came later in the same day'],
    ],
  );
  await keeper.world.close();
});

test('a clock that is set ahead by ten years lets nothing go before a day is lived', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 4);
  const gone = await laptop.make('gone.txt', 'was here');
  const dead = eventOf(await laptop.one(laptop.remove(gone)));
  keeper.skip(3650 * DAY);
  await keeper.live(RELEASE_GRACE_HOURS - 1);
  assert.deepEqual(await keeper.kept(laptop, event), [4, 3, 2, 1]);
  keeper.world.clock.now -= 3650 * DAY + 20 * HOUR;
  await keeper.live(2);
  assert.deepEqual(await keeper.due(laptop, event), [], 'the clock is right again: nothing is due any more');
  const back = await laptop.one(laptop.undelete(dead.node));
  assert.equal(back.kind, 'committed');
  await keeper.world.close();
});

test('a label keeps its version, also one that was due already', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 4);
  await keeper.live(30);
  const ns = laptop.caller.namespace;
  const [, , second] = await keeper.world.db.read(async (tx) => tx.keptVersions(ns, event.node));
  assert.equal(second?.dueHour === null, false);
  await keeper.world.db.write(async (tx) =>
    tx.setLabel(ns, {
      version: second!.id,
      name: 'as sent',
      device: laptop.caller.device,
      at: keeper.world.clock.now,
    }),
  );
  await keeper.live(RELEASE_GRACE_HOURS + 1);
  assert.deepEqual(await keeper.kept(laptop, event), [4, 2]);
  await keeper.world.close();
});

test('both sides and the ancestor of an open conflict stay until it is settled', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const phone = await keeper.world.device('phone');
  const event = await written(keeper, laptop, 3);
  const second = (await keeper.world.journal(laptop)).find((each) => each.head?.number === 2)!;
  const forked = await phone.write(second, 'from the phone');
  assert.equal(forked.kind, 'forked');
  await keeper.live(60);
  assert.deepEqual(await keeper.kept(laptop, event), [3, 2]);
  await keeper.world.close();
});

test('the trash keeps a side of a conflict, and what both were made from, until the conflict is settled', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const phone = await keeper.world.device('phone');
  const first = await laptop.make('text.txt', 'of both');
  const second = eventOf(await laptop.write(first, 'from the laptop'));
  assert.equal((await phone.write(first, 'from the phone')).kind, 'forked');
  await laptop.one(laptop.remove(second));
  keeper.skip(31 * DAY);
  await keeper.live(RELEASE_GRACE_HOURS + 2);
  assert.deepEqual(await keeper.kept(laptop, first), [2, 1]);
  assert.equal((await laptop.one(laptop.undelete(first.node))).kind, 'committed');
  await keeper.world.close();
});

test('a held namespace keeps everything, and so does every one while holds are widened', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 4);
  const ns = laptop.caller.namespace;
  const policy = (held: boolean) =>
    keeper.world.db.write(async (tx) =>
      tx.setRetentionPolicy(ns, { ...RETENTION_DEFAULT, held }, 'a lawyer', 1),
    );
  const widen = (on: boolean) =>
    keeper.world.db.write(async (tx) =>
      tx.setSwitch({ name: 'widen-holds', on, by: 'operator', why: 'an incident', at: 1 }),
    );
  await policy(true);
  await keeper.live(100);
  assert.deepEqual(await keeper.kept(laptop, event), [4, 3, 2, 1]);
  await policy(false);
  await widen(true);
  await keeper.live(100);
  assert.deepEqual(await keeper.kept(laptop, event), [4, 3, 2, 1]);
  await widen(false);
  await keeper.live(10);
  await widen(true);
  await keeper.live(50);
  assert.deepEqual(await keeper.kept(laptop, event), [4, 3, 2, 1], 'what was due is taken back');
  await widen(false);
  await keeper.live(RELEASE_GRACE_HOURS + 2);
  assert.deepEqual(await keeper.kept(laptop, event), [4]);
  await keeper.world.close();
});

test('what was deleted can be brought back for a month, and then is gone from the trash as one batch', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const folder = await laptop.make('folder', null);
  const inside = await laptop.make('inside.txt', 'bytes', folder.node);
  await laptop.one(laptop.remove(folder));
  const { caller } = laptop;
  const trash = async () =>
    (await keeper.world.metadata.trash(caller, 10)).items.map((each) => each.event.node);
  keeper.skip(29 * DAY);
  await keeper.live(RELEASE_GRACE_HOURS);
  assert.deepEqual(await trash(), [folder.node]);
  assert.equal((await laptop.one(laptop.undelete(folder.node))).kind, 'committed');
  const seen = (await keeper.world.journal(laptop)).findLast((each) => each.node === folder.node)!;
  await laptop.one(laptop.remove(seen));
  keeper.skip(31 * DAY);
  await keeper.live(RELEASE_GRACE_HOURS + 2);
  assert.deepEqual(await trash(), []);
  const back = await laptop.one(laptop.undelete(folder.node));
  assert.deepEqual([back.kind, back.kind === 'refused' && back.code], ['refused', 'unknown-node']);
  // A device that slept all the while and still has the file: its edit is not one of a node whose bytes are gone.
  const late = await laptop.write(inside, 'edited long after');
  assert.deepEqual([late.kind, late.kind === 'refused' && late.code], ['refused', 'unknown-node']);
  await keeper.world.close();
});

test('a held folder keeps every version and every deletion below it, also what was due; the others go', async () => {
  const keeper = new Keeper();
  const { world } = keeper;
  const laptop = await world.device('laptop');
  const ns = laptop.caller.namespace;
  const folder = await laptop.make('case', null);
  const deeper = await laptop.make('files', null, folder.node);
  const twice = async (name: string, parent?: NodeId) => {
    const first = await laptop.make(name, `${name} 1`, parent);
    return eventOf(await laptop.write(first, `${name} 2`));
  };
  const [inside, outside] = [await twice('in.txt', deeper.node), await twice('out.txt')];
  const gone = await laptop.make('gone.txt', 'was in it', deeper.node);
  await laptop.one(laptop.remove(gone));
  const other = await laptop.make('other.txt', 'was beside it');
  await laptop.one(laptop.remove(other));
  keeper.skip(31 * DAY);
  await keeper.live(2);
  assert.deepEqual(await keeper.due(laptop, inside), [1], 'due before it is held');
  const { caller } = laptop;
  const hold = (why: string | null) =>
    world.db.write((tx) => setHold(tx, caller, { node: folder.node, why }, world.clock.now));
  assert.equal(await hold('a dispute'), null);
  await keeper.live(RELEASE_GRACE_HOURS + 2);
  assert.deepEqual([await keeper.kept(laptop, inside), await keeper.kept(laptop, outside)], [[2, 1], [2]]);
  const trash = async () =>
    (await world.metadata.trash(caller, 10)).items.map(({ event }) => event.entry.name);
  assert.deepEqual(await trash(), ['gone.txt']);
  // The whole folder dies while it is held: that deletion is held, too.
  const seen = (await world.journal(laptop)).findLast((each) => each.node === folder.node)!;
  await laptop.one(laptop.remove(seen));
  keeper.skip(40 * DAY);
  await keeper.live(RELEASE_GRACE_HOURS + 2);
  assert.deepEqual(await trash(), ['case', 'gone.txt']);
  assert.equal(await hold(null), null);
  await keeper.live(RELEASE_GRACE_HOURS + 3);
  assert.deepEqual(await trash(), []);
  assert.deepEqual(await world.db.read(async (tx) => tx.holds(ns)), []);
  const decided = await world.db.read(async (tx) =>
    tx.decisions({ subject: `node ${folder.node}` }, null, 9),
  );
  assert.deepEqual(
    decided.map((each) => [each.decision, each.why]),
    [
      ['hold released', 'ana: released'],
      ['held', 'ana: a dispute'],
    ],
  );
  await world.close();
});

test('a folder that returns after the trash let go of it returns alone: what died with it has no bytes any more', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const folder = await laptop.make('folder', null);
  const inside = await laptop.make('inside.txt', 'bytes', folder.node);
  const dead = eventOf(await laptop.one(laptop.remove(folder)));
  keeper.skip(31 * DAY);
  await keeper.live(RELEASE_GRACE_HOURS + 2);
  const { parent, rev } = dead.entry;
  const back = await laptop.one(
    laptop.move({ node: folder.node, baseEntryRev: rev, parent: parent ?? ROOT_NODE, name: 'back' }),
  );
  assert.equal(back.kind, 'committed');
  const ns = laptop.caller.namespace;
  const [above, below] = await keeper.world.db.read(async (tx) => [
    await tx.node(ns, folder.node),
    await tx.node(ns, inside.node),
  ]);
  assert.deepEqual([above?.live, below?.live], [true, false]);
  assert.equal(eventOf(back).subtree, null, 'and no device is told otherwise');
  await keeper.world.close();
});
