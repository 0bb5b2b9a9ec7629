/** What the journal forgets and for whom it is kept; tombstones; and what devices and moments are told afterwards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlacesThen } from '../../server-stub/journal/places-then.ts';
import { floorOf } from '../../server-stub/retention/floor.ts';
import { setHold } from '../../server-stub/retention/policies.ts';
import { DAY } from '../../server-stub/retention/policy.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { holds } from '../property/seeded.ts';
import { HOUR, Keeper, RELEASE_GRACE_HOURS } from './keeper.ts';
import { eventOf, type Hand } from './metadata-world.ts';

const DEVICE_HOURS = 120;
const JOURNAL_HOURS = 24;
const limits = {
  ...SERVER_LIMITS,
  waits: {
    ...SERVER_LIMITS.waits,
    deviceHours: DEVICE_HOURS,
    journalHours: JOURNAL_HOURS,
    journalRows: 1,
    collectionHours: 6,
  },
};

class Keeping extends Keeper {
  constructor() {
    super(limits);
  }

  /** The device says that it is in step, as every request of one does. */
  async seen({ caller }: Hand): Promise<void> {
    const { metadata, db, clock } = this.world;
    await metadata.ackCursor(caller, await metadata.head(caller.namespace));
    await db.write(async (tx) => tx.touchDevice(caller.device, clock.now));
  }

  async floor({ caller }: Hand): Promise<number> {
    const row = await this.world.db.read(async (tx) => tx.namespace(caller.namespace));
    return row?.floorSeq ?? assert.fail('no namespace');
  }

  async head({ caller }: Hand): Promise<number> {
    return (await this.world.metadata.head(caller.namespace)).seq;
  }

  /** Time that all of these are seen in. */
  async liveWith(hours: number, ...hands: readonly Hand[]): Promise<void> {
    for (let hour = 0; hour < hours; hour += 12) {
      await this.live(12);
      for (const hand of hands) await this.seen(hand);
    }
  }
}

async function names({ world }: Keeping, { caller }: Hand, at: number): Promise<readonly string[] | string> {
  const question = { folder: ROOT_NODE, at, continuation: null, limit: 100 };
  const answer = await world.metadata.moment(caller, question);
  if (answer?.kind !== 'moment') return answer?.why ?? 'nothing';
  return answer.nodes.map(({ name }) => name).toSorted();
}

test('the floor never passes a device that is not expired, never goes back, and passes nothing that is young', (t) => {
  const stand = fc.record({ acked: fc.option(fc.nat(100)), unseenHours: fc.nat(40) });
  holds(
    t,
    fc.property(
      fc.array(stand, { maxLength: 5 }),
      fc.nat(50),
      fc.nat(50),
      fc.option(fc.nat(100)),
      (devices, floor, more, aged) => {
        const to = floorOf({ devices, floor, head: floor + more, aged, deviceHours: 20 });
        assert.ok(to >= floor && to <= floor + more);
        if (to === floor) return;
        assert.ok(aged !== null && to <= aged);
        for (const { acked, unseenHours } of devices) assert.ok(unseenHours > 20 || (acked ?? 0) >= to);
      },
    ),
    500,
  );
});

test('the journal is kept for the slowest device until that is expired, counted in hours that were lived', async () => {
  const keeper = new Keeping();
  const laptop = await keeper.world.device('laptop');
  const phone = await keeper.world.device('phone');
  for (const name of ['a', 'b', 'c']) await laptop.make(name, null);
  await keeper.seen(laptop);
  await keeper.seen(phone);
  const seen = await keeper.world.metadata.head(phone.caller.namespace);
  for (const name of ['d', 'e']) await laptop.make(name, null);
  await keeper.seen(laptop);
  await keeper.liveWith(JOURNAL_HOURS - 12, laptop);
  assert.equal(await keeper.floor(laptop), 0, 'all of it is young');
  await keeper.liveWith(24, laptop);
  assert.equal(await keeper.floor(laptop), seen.seq, 'no further than the phone is');
  keeper.skip(3650 * DAY);
  await keeper.liveWith(60, laptop);
  assert.equal(await keeper.floor(laptop), seen.seq, 'ten years on the clock are no hours lived');
  await keeper.liveWith(48, laptop);
  assert.equal(await keeper.floor(laptop), await keeper.head(laptop));
  const { caller } = phone;
  const late = await keeper.world.metadata.journal(caller, seen, 10);
  assert.deepEqual([late.kind, late.kind === 'resync' && late.why], ['resync', 'expired']);
  // It is back: from now on the journal is kept for it again.
  await keeper.world.db.write(async (tx) => tx.touchDevice(caller.device, keeper.world.clock.now));
  const floor = await keeper.floor(laptop);
  await laptop.make('f', null);
  await keeper.liveWith(JOURNAL_HOURS + 24, laptop);
  assert.equal(await keeper.floor(laptop), floor);
  await keeper.seen(phone);
  await keeper.liveWith(12, laptop, phone);
  assert.equal(await keeper.floor(laptop), await keeper.head(laptop));
  await keeper.world.close();
});

test('a device of an older history holds the journal down, a revoked one does not; a hold keeps it whole', async () => {
  const keeper = new Keeping();
  const laptop = await keeper.world.device('laptop');
  const phone = await keeper.world.device('phone');
  await laptop.make('a', null);
  await keeper.seen(phone);
  await keeper.world.metadata.beginEpoch(laptop.caller.namespace);
  await laptop.make('b', null);
  await keeper.liveWith(JOURNAL_HOURS + 24, laptop);
  assert.equal(await keeper.floor(laptop), 0);
  const { caller } = laptop;
  const hold = (why: string | null) =>
    keeper.world.db.write((tx) => setHold(tx, caller, { node: ROOT_NODE, why }, 1));
  await hold('a dispute');
  await keeper.world.db.write(async (tx) => tx.revokeDevice(phone.caller.device, 1));
  await keeper.liveWith(24, laptop);
  assert.equal(await keeper.floor(laptop), 0);
  await hold(null);
  await keeper.liveWith(12, laptop);
  assert.equal(await keeper.floor(laptop), await keeper.head(laptop));
  await keeper.world.close();
});

test('moments after the floor are told as before, those before it are too old; also over several floors', async () => {
  const keeper = new Keeping();
  const { world } = keeper;
  const laptop = await world.device('laptop');
  const told = new Map<number, readonly string[] | string>();
  const look = async () => {
    told.set(world.clock.now, await names(keeper, laptop, world.clock.now));
    world.clock.now += HOUR;
  };
  const seenOf = async (event: JournalEvent) =>
    (await world.journal(laptop)).findLast((each) => each.node === event.node) ?? event;
  const folder = await laptop.make('folder', null);
  const inside = await laptop.make('inside', 'text', folder.node);
  await laptop.make('deeper', null, folder.node);
  const other = await laptop.make('other', null);
  await look();
  const dead = eventOf(await laptop.one(laptop.remove(await seenOf(folder))));
  await look();
  await keeper.liveWith(JOURNAL_HOURS + 24, laptop);
  const first = await keeper.floor(laptop);
  assert.equal(first, await keeper.head(laptop));
  // What died before the floor returns after it, and something moves: the state at the floor is what it builds on.
  assert.equal((await laptop.one(laptop.undelete(dead.node))).kind, 'committed');
  await look();
  const { parent, rev } = inside.entry;
  assert.ok(parent);
  const moved = { node: inside.node, baseEntryRev: rev + 2, parent: other.node, name: 'moved' };
  assert.equal((await laptop.one(laptop.move(moved))).kind, 'committed');
  await look();
  const moments = [...told.keys()];
  const shown = async () => {
    const found: (readonly string[] | string)[] = [];
    for (const at of moments) found.push(await names(keeper, laptop, at));
    return found;
  };
  assert.deepEqual(await shown(), ['too-old', ...[...told.values()].slice(1)]);
  await keeper.liveWith(JOURNAL_HOURS + 24, laptop);
  assert.equal(await keeper.floor(laptop), first + 2);
  assert.deepEqual(await shown(), ['too-old', 'too-old', 'too-old', told.get(moments[3] ?? 0)]);
  assert.deepEqual(await names(keeper, laptop, world.clock.now), ['deeper', 'folder', 'moved', 'other']);
  await world.close();
});

test('what is folded on top of a state is what is folded from the beginning', async () => {
  const keeper = new Keeping();
  const laptop = await keeper.world.device('laptop');
  const folder = await laptop.make('folder', null);
  await laptop.make('file', 'text', folder.node);
  await laptop.one(laptop.remove(folder));
  await laptop.one(laptop.undelete(folder.node));
  const rows = await keeper.world.db.read(async (tx) => tx.placesAfter(laptop.caller.namespace, 0, 99));
  const whole = new PlacesThen();
  for (const row of rows) whole.fold(row);
  for (const cut of rows.keys()) {
    const before = new PlacesThen();
    for (const row of rows.slice(0, cut)) before.fold(row);
    const after = new PlacesThen(before.seq);
    for (const [node, place] of before.all) after.put(node, place);
    for (const row of rows.slice(cut)) after.fold(row);
    assert.deepEqual(new Map([...after.all].toSorted()), new Map([...whole.all].toSorted()));
  }
  await keeper.world.close();
});

test('a tombstone is forgotten when the trash let go of it and every device has seen it, and not before', async () => {
  const keeper = new Keeping();
  const { world } = keeper;
  const laptop = await world.device('laptop');
  const phone = await world.device('phone');
  const ns = laptop.caller.namespace;
  const folder = await laptop.make('folder', null);
  const [file, named] = [
    await laptop.make('file', 'text', folder.node),
    await laptop.make('named', 'text of it', folder.node),
  ];
  await world.db.write(async (tx) =>
    tx.setLabel(ns, { version: named.head!.version, name: 'as sent', device: laptop.caller.device, at: 1 }),
  );
  await keeper.seen(phone);
  await laptop.one(
    laptop.remove((await world.journal(laptop)).findLast((each) => each.node === folder.node)!),
  );
  const dead = async () => {
    const states = await world.db.read(async (tx) => tx.statesAfter(ns, false, null, 99));
    return states.map(({ node }) => node.name).toSorted();
  };
  const all = ['file', 'folder', 'named'];
  await keeper.liveWith(JOURNAL_HOURS + 12, laptop);
  assert.deepEqual(await dead(), all, 'it is in the trash');
  keeper.skip(31 * DAY);
  await keeper.liveWith(RELEASE_GRACE_HOURS + 48, laptop);
  assert.deepEqual(await dead(), all, 'the phone has not seen it');
  await keeper.seen(phone);
  await keeper.liveWith(24, laptop, phone);
  assert.deepEqual(await dead(), ['folder', 'named'], 'folders stay, and what has a label');
  // A claim about it is answered as before: its node is unknown, and whoever has the bytes makes a new one of them.
  const late = await phone.write(file, 'edited long after');
  assert.deepEqual([late.kind, late.kind === 'refused' && late.code], ['refused', 'unknown-node']);
  const inFolder = await phone.make('new', 'text', folder.node);
  assert.equal(
    inFolder.entry.parent,
    folder.node,
    'a folder that somebody still has returns for what is put into it',
  );
  const decided = await world.db.read(async (tx) => tx.decisions({ subject: `node ${file.node}` }, null, 5));
  assert.deepEqual(
    decided.map((each) => each.decision),
    ['tombstone forgotten'],
  );
  await world.close();
});
