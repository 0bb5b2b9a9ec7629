import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { chunksOf, eventOf, file, World } from './metadata-world.ts';

const why = (outcome: Outcome) => (outcome.kind === 'dropped' ? outcome.why : outcome.kind);

async function twoDevices() {
  const world = new World();
  return { world, laptop: await world.device('laptop'), phone: await world.device('phone') };
}

test('an edit whose base is the head makes the next version', async () => {
  const { world, laptop } = await twoDevices();
  const made = await laptop.make('a.txt', 'one');
  const outcome = await laptop.write(made, 'two');
  const { head, entry, cause } = eventOf(outcome);
  assert.deepEqual(
    [outcome.kind, cause, head?.number, head?.base],
    ['committed', 'edit', 2, made.head?.version],
  );
  assert.deepEqual([entry.rev, entry.seq, head?.seq], [1, 1, 2]);
  await world.close();
});

test('RULES 2: going back to older bytes is a new version', async () => {
  const { world, laptop } = await twoDevices();
  const one = await laptop.make('a.txt', 'X');
  const two = eventOf(await laptop.write(one, 'Y'));
  const back = await laptop.write(two, 'X');
  assert.deepEqual([back.kind, eventOf(back).head?.number], ['committed', 3]);
  await world.close();
});

test('RULES 2: an edit that equals the head makes no version', async () => {
  const { world, laptop } = await twoDevices();
  const one = await laptop.make('a.txt', 'X');
  const outcome = await laptop.write(one, 'X');
  assert.deepEqual([outcome.kind, eventOf(outcome).seq], ['adopted', one.seq]);
  await world.close();
});

test('RULES 2: a stale edit that equals a version after its base makes none; an ancestor of its base does not count', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'A');
  const v2 = eventOf(await laptop.write(v1, 'B'));
  const v3 = eventOf(await laptop.write(v2, 'C'));
  eventOf(await laptop.write(v3, 'D'));
  assert.equal((await phone.write(v2, 'C')).kind, 'adopted');
  const back = await phone.write(v2, 'A');
  assert.equal(back.kind, 'forked');
  await world.close();
});

test('RULES 2: what equals its base is no edit, whatever came after it: a device that forgot the answer has no copy made', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await phone.make('a.txt', 'A');
  const v2 = eventOf(await phone.write(v1, 'B'));
  eventOf(await laptop.write(v2, 'C'));
  const again = await phone.write(v2, 'B');
  assert.deepEqual([again.kind, eventOf(again).head?.number], ['adopted', 3]);
  await world.close();
});

test('RULES 1: a stale edit is answered by its intent', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  const v2 = eventOf(await laptop.write(v1, 'laptop'));
  const rejected = await phone.write(v1, 'phone', 'reject');
  assert.deepEqual([why(rejected), eventOf(rejected).head?.version], ['newer-head', v2.head?.version]);
  const forked = await phone.write(v1, 'phone', 'fork');
  assert.equal(forked.kind, 'forked');
  await world.close();
});

test('while late edits are rejected one waits on its device without a trace; afterwards the very same becomes a copy', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  const v2 = eventOf(await laptop.write(v1, 'laptop'));
  const reject = (on: boolean) =>
    world.db.write(async (tx) =>
      tx.setSwitch({ name: 'reject-late-edits', on, by: 'operator', why: 'an incident', at: 1 }),
    );
  await reject(true);
  const claim = phone.edit({ node: v1.node, base: v1.head!.version, content: file('phone') });
  await world.store('phone', phone.caller);
  const held = await phone.one(claim);
  assert.deepEqual(held.kind === 'refused' && held.code, 'late-edit');
  const { seq } = await world.metadata.head(laptop.caller.namespace);
  assert.equal(seq, v2.seq, 'nothing was committed');
  assert.equal((await laptop.write(v2, 'in time')).kind, 'committed');
  await reject(false);
  assert.equal((await phone.one(claim)).kind, 'forked');
  await world.close();
});

test('a fork is a node of its own that points at its ancestor and carries the conflict', async () => {
  const { world, laptop, phone } = await twoDevices();
  const folder = await laptop.make('d', null);
  const v1 = await laptop.make('plan.md', 'base', folder.node);
  const v2 = eventOf(await laptop.write(v1, 'laptop'));
  const forked = await phone.write(v1, 'phone');
  const copy = eventOf(forked);
  assert.equal(copy.entry.name, 'plan (conflict - phone, ana, 2026-09-18 18.02, v1).md');
  assert.deepEqual([copy.entry.parent, copy.cause], [folder.node, 'fork']);
  assert.deepEqual([copy.head?.number, copy.head?.base], [1, v1.head?.version]);
  assert.deepEqual(forked.kind === 'forked' && [forked.original, forked.conflict], [
    v1.node,
    copy.conflict?.id,
  ]);
  const { conflict } = copy;
  assert.deepEqual(
    [
      conflict?.original,
      conflict?.copy,
      conflict?.ancestor,
      conflict?.originalVersion,
      conflict?.copyVersion,
    ],
    [v1.node, copy.node, v1.head?.version, v2.head?.version, copy.head?.version],
  );
  const { nodes } = await world.metadata.lookup(laptop.caller, 'd/plan.md');
  assert.equal(nodes[0]?.head?.version, v2.head?.version);
  const more = await phone.write(copy, 'phone again');
  assert.deepEqual([more.kind, eventOf(more).head?.number], ['committed', 2]);
  await world.close();
});

test('a fork stands beside the file as it is called and placed now, under a name that is free', async () => {
  const { world, laptop, phone } = await twoDevices();
  const folder = await laptop.make('d', null);
  const v1 = await laptop.make('a.txt', 'base');
  await laptop.write(v1, 'laptop');
  await laptop.send(laptop.move({ node: v1.node, baseEntryRev: 1, parent: folder.node, name: 'b.txt' }));
  const first = eventOf(await phone.write(v1, 'one'));
  const second = eventOf(await phone.write(v1, 'two'));
  assert.equal(first.entry.name, 'b (conflict - phone, ana, 2026-09-18 18.02, v1).txt');
  assert.equal(second.entry.name, 'b (conflict - phone, ana, 2026-09-18 18.02, v1) 2.txt');
  assert.equal(first.entry.parent, folder.node);
  await world.close();
});

test('the cause of a fork tells offline work, our lag and true concurrency apart', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  await laptop.write(v1, 'laptop');
  const superseded = world.clock.now;
  world.clock.now += 10 * 60_000;
  for (const text of ['1', '2', '3']) await world.store(text, phone.caller);
  const causes = [];
  for (const [text, editedAt] of [
    ['1', superseded - 1000],
    ['2', world.clock.now - 1000],
  ] as const) {
    const claim = phone.edit({ node: v1.node, base: v1.head!.version, content: file(text), editedAt });
    causes.push(eventOf(await phone.one(claim)).conflict?.cause);
  }
  world.clock.now = superseded + 500;
  const claim = phone.edit({
    node: v1.node,
    base: v1.head!.version,
    content: file('3'),
    editedAt: superseded,
  });
  causes.push(eventOf(await phone.one(claim)).conflict?.cause);
  assert.deepEqual(causes, ['offline', 'lag', 'concurrent']);
  await world.close();
});

test('an edit beats a delete: the same node returns on top of the deleted head, with its folders', async () => {
  const { world, laptop, phone } = await twoDevices();
  const folder = await laptop.make('d', null);
  const v1 = await laptop.make('a.txt', 'one', folder.node);
  const v2 = eventOf(await laptop.write(v1, 'two'));
  await laptop.send(laptop.remove(folder));
  const back = await phone.write(v1, 'mine');
  const event = eventOf(back);
  assert.deepEqual(
    [back.kind, back.node, event.entry.live, event.entry.deadSeq],
    ['committed', v1.node, true, null],
  );
  assert.deepEqual([event.head?.number, event.head?.base], [3, v2.head?.version]);
  assert.deepEqual(
    back.events.map((row) => [row.cause, row.node]),
    [
      ['revive', folder.node],
      ['edit', v1.node],
    ],
  );
  await world.close();
});

test('RULES 2: what equals a version after its base is no edit either when the file is deleted since: it stays deleted', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'one');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  const v3 = eventOf(await laptop.write(v2, 'three'));
  await laptop.send(laptop.remove(v3));
  for (const known of ['one', 'two', 'three']) {
    const outcome = await phone.write(v1, known);
    assert.deepEqual([outcome.kind, eventOf(outcome).entry.live], ['adopted', false], known);
  }
  // Of what came before its base nobody can say that: it is an edit.
  const back = await phone.write(v2, 'one');
  assert.deepEqual([back.kind, eventOf(back).entry.live, eventOf(back).head?.number], ['committed', true, 4]);
  await world.close();
});

test('an edit whose base is the deleted head, and that equals it, brings the file back without a new version', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'one');
  await laptop.send(laptop.remove(v1));
  const back = eventOf(await phone.write(v1, 'one'));
  assert.deepEqual([back.cause, back.entry.live, back.head?.number], ['revive', true, 1]);
  await world.close();
});

test('a file that returns to a taken name is renamed, attributed, and a conflict', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'one');
  await laptop.send(laptop.remove(v1));
  const taken = await laptop.make('a.txt', 'other');
  const back = await phone.write(v1, 'mine');
  const event = eventOf(back);
  assert.equal(back.kind, 'renamed');
  assert.deepEqual([event.conflict?.cause, event.conflict?.original], ['name-clash', taken.node]);
  assert.equal(event.entry.name, 'a (conflict - phone, ana, 2026-09-18 18.02).txt');
  await world.close();
});

test('a base that is not in the line never overwrites the head', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'one');
  const other = await laptop.make('b.txt', 'other');
  await world.store('mine', phone.caller);
  const edit = (content: string) =>
    phone.one(phone.edit({ node: v1.node, base: other.head!.version, content: file(content) }));
  const forked = await edit('mine');
  assert.deepEqual([forked.kind, eventOf(forked).conflict?.ancestor], ['forked', null]);
  assert.equal((await edit('one')).kind, 'adopted');
  await world.close();
});

test('folders, the root and unknown nodes have no content to edit', async () => {
  const { world, laptop } = await twoDevices();
  const folder = await laptop.make('d', null);
  const v1 = await laptop.make('a.txt', 'one');
  const codes = [];
  for (const node of [folder.node, world.nodeId()]) {
    const outcome = await laptop.one(laptop.edit({ node, base: v1.head!.version, content: file('one') }));
    codes.push(outcome.kind === 'refused' && outcome.code);
  }
  assert.deepEqual(codes, ['bad-request', 'unknown-node']);
  await world.close();
});

test('RULES 27: presence is asked at finalize, and a chunk that is used leaves quarantine', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'one');
  const [chunk] = chunksOf('one');
  const { tenant } = laptop.caller;
  await world.db.write(async (tx) => tx.quarantineChunk({ tenant, id: chunk!.id }, 5, 1));
  await laptop.make('b.txt', 'one');
  assert.equal((await world.db.read(async (tx) => tx.chunk(tenant, chunk!.id)))?.quarantinedAt, null);
  await world.db.write(async (tx) => tx.removeChunk(tenant, chunk!.id, `at-${chunk!.id}`));
  const claim = laptop.create({ name: 'c.txt', content: file('one') });
  assert.equal((await laptop.one(claim)).kind, 'missing-chunks');
  assert.equal(v1.head?.number, 1);
  await world.close();
});
