import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetadata } from '../../server-stub/metadata/rules.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { eventOf, file, type Hand, World } from './metadata-world.ts';

const code = (outcome: Outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind);

async function twoDevices() {
  const world = new World();
  return { world, laptop: await world.device('laptop'), phone: await world.device('phone') };
}

/** Sends a claim and loses the answer. */
async function lost(hand: Hand, claim: Claim): Promise<void> {
  await hand.send(claim);
}

test('I4: the same claim gets the same answer and has one effect', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'one');
  await laptop.write(v1, 'two');
  for (const text of ['mine', 'x']) await world.store(text, phone.caller);
  const claims = [
    phone.create({ name: 'd', content: null }),
    phone.create({ name: 'x', content: file('x') }),
    phone.create({ name: 'a.txt', content: file('x') }),
    phone.edit({ node: v1.node, base: v1.head!.version, content: file('mine') }),
    phone.edit({ node: v1.node, base: v1.head!.version, content: file('x'), onStale: 'reject' }),
    phone.remove(v1),
  ];
  const first = await phone.send(...claims);
  assert.deepEqual(
    first.map((outcome) => outcome.kind),
    ['committed', 'committed', 'renamed', 'forked', 'dropped', 'dropped'],
  );
  const head = await world.metadata.head(phone.caller.namespace);
  assert.deepEqual(await phone.send(...claims), first);
  assert.deepEqual(await phone.send(...claims.toReversed()), first.toReversed());
  assert.deepEqual(await world.metadata.head(phone.caller.namespace), head);
  await world.close();
});

test('I4: another claim under a used key is refused, and a key belongs to its device', async () => {
  const { world, laptop, phone } = await twoDevices();
  const claim = laptop.create({ name: 'd', content: null, key: 7 });
  await laptop.send(claim);
  const other = await laptop.one(laptop.create({ name: 'e', content: null, key: 7 }));
  assert.equal(code(other), 'key-reused');
  assert.equal(code(await phone.one(phone.create({ name: 'e', content: null, key: 7 }))), 'committed');
  await world.close();
});

test('the digest covers the claim and not the bytes of its manifest', async () => {
  const { world, laptop } = await twoDevices();
  await world.store('x', laptop.caller);
  const content = file('x');
  const claim = laptop.create({ name: 'x', content, key: 1 });
  const first = await laptop.one(claim);
  assert.ok(claim.op === 'create');
  const same = { ...claim, content: { ...content, encoded: '' } };
  assert.deepEqual(await laptop.one(same), first);
  await world.close();
});

test('RULES 9: outcomes stay until the device settles them, and a settled key can never commit', async () => {
  const { world, laptop } = await twoDevices();
  const [one, two] = [
    laptop.create({ name: 'a', content: null }),
    laptop.create({ name: 'b', content: null }),
  ];
  await laptop.send(one);
  await laptop.sendWith({ settledBelow: two.key }, two);
  assert.equal(code(await laptop.one(one)), 'key-burned');
  assert.equal(code(await laptop.one(two)), 'committed');
  const late = await laptop.one(laptop.create({ name: 'c', content: null, key: one.key }));
  assert.equal(code(late), 'key-burned');
  await world.close();
});

test('RULES 5: a lost reply, then another edit, is no conflict with oneself', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  for (const text of ['a', 'b']) await world.store(text, laptop.caller);
  const base = v1.head!.version;
  const k1 = laptop.edit({ node: v1.node, base, content: file('a') });
  await lost(laptop, k1);
  const k2 = laptop.edit({ node: v1.node, base, content: file('b'), unanswered: [k1.key] });
  const outcome = await laptop.one(k2);
  assert.deepEqual([outcome.kind, eventOf(outcome).head?.number], ['committed', 3]);
  await world.close();
});

test('RULES 5: a key that never came is burned by the claim that lists it', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  for (const text of ['a', 'b']) await world.store(text, laptop.caller);
  const base = v1.head!.version;
  const k1 = laptop.edit({ node: v1.node, base, content: file('a') });
  const k2 = laptop.edit({ node: v1.node, base, content: file('b'), unanswered: [k1.key] });
  assert.equal(eventOf(await laptop.one(k2)).head?.number, 2);
  assert.equal(code(await laptop.one(k1)), 'key-burned');
  assert.equal(code(await laptop.one(k2)), 'committed');
  await world.close();
});

test('RULES 5: what others made on top of a lost commit is still theirs', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  for (const text of ['a', 'b']) await world.store(text, laptop.caller);
  const base = v1.head!.version;
  const k1 = laptop.edit({ node: v1.node, base, content: file('a') });
  const v2 = eventOf(await laptop.one(k1));
  await phone.write(v2, 'phone');
  const k2 = laptop.edit({ node: v1.node, base, content: file('b'), unanswered: [k1.key] });
  const outcome = await laptop.one(k2);
  assert.deepEqual([outcome.kind, eventOf(outcome).head?.base], ['forked', v2.head?.version]);
  await world.close();
});

test('RULES 5, 6: after a lost fork, a further edit is one of the conflict copy', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  await phone.write(v1, 'phone');
  for (const text of ['a', 'b']) await world.store(text, laptop.caller);
  const base = v1.head!.version;
  const k1 = laptop.edit({ node: v1.node, base, content: file('a') });
  const forked = await laptop.one(k1);
  const k2 = laptop.edit({ node: v1.node, base, content: file('b'), unanswered: [k1.key] });
  const outcome = await laptop.one(k2);
  assert.deepEqual([outcome.kind, outcome.node, eventOf(outcome).head?.number], ['forked', forked.node, 2]);
  assert.equal(outcome.kind === 'forked' && outcome.original, v1.node);
  const { conflicts } = await world.metadata.conflicts(laptop.caller);
  assert.equal(conflicts.length, 1);
  await world.close();
});

test('RULES 5: a create after a lost create is an edit of the node it made, and a move if it was renamed', async () => {
  const { world, laptop } = await twoDevices();
  for (const text of ['a', 'b']) await world.store(text, laptop.caller);
  const node = world.nodeId();
  const k1 = laptop.create({ node, name: 'a.txt', content: file('a') });
  await lost(laptop, k1);
  const k2 = laptop.create({ node, name: 'b.txt', content: file('b'), unanswered: [k1.key] });
  const outcome = await laptop.one(k2);
  const { entry, head } = eventOf(outcome);
  assert.deepEqual([outcome.kind, outcome.node, entry.name, head?.number], ['committed', node, 'b.txt', 2]);
  assert.equal((await world.journal(laptop)).length, 3);
  await world.close();
});

test('RULES 5: a create after a lost create that was taken over edits the node that was there', async () => {
  const { world, laptop, phone } = await twoDevices();
  const there = await phone.make('a.txt', 'a');
  await world.store('b', laptop.caller);
  const node = world.nodeId();
  const k1 = laptop.create({ node, name: 'a.txt', content: file('a') });
  await lost(laptop, k1);
  const k2 = laptop.create({ node, name: 'a.txt', content: file('b'), unanswered: [k1.key] });
  const outcome = await laptop.one(k2);
  assert.deepEqual([outcome.node, eventOf(outcome).head?.number], [there.node, 2]);
  await world.close();
});

test('RULES 5: a create after a lost create that was renamed keeps the name it got', async () => {
  const { world, laptop, phone } = await twoDevices();
  await phone.make('a.txt', 'phone');
  for (const text of ['a', 'b']) await world.store(text, laptop.caller);
  const node = world.nodeId();
  const k1 = laptop.create({ node, name: 'a.txt', content: file('a') });
  const renamed = eventOf(await laptop.one(k1));
  const k2 = laptop.create({ node, name: 'a.txt', content: file('b'), unanswered: [k1.key] });
  const outcome = await laptop.one(k2);
  const { entry, head } = eventOf(outcome);
  assert.deepEqual([outcome.kind, entry.name, head?.number], ['renamed', renamed.entry.name, 2]);
  await world.close();
});

test('RULES 5: moves and deletes start from what a lost move or edit made', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  await world.store('a', laptop.caller);
  const { node } = v1;
  const k1 = laptop.move({ node, baseEntryRev: 1, parent: ROOT_NODE, name: 'b.txt' });
  await lost(laptop, k1);
  const k2 = laptop.move({ node, baseEntryRev: 1, parent: ROOT_NODE, name: 'c.txt', unanswered: [k1.key] });
  assert.equal(code(await laptop.one(k2)), 'committed');
  const k3 = laptop.edit({ node, base: v1.head!.version, content: file('a') });
  await lost(laptop, k3);
  const stale = await laptop.one(laptop.remove(v1));
  assert.equal(code(stale), 'dropped');
  const k4 = laptop.remove(v1, { unanswered: [k1.key, k2.key, k3.key] });
  assert.equal(code(await laptop.one(k4)), 'committed');
  await world.close();
});

test('RULES 5: a move of somebody else is not taken for the effect of a lost edit', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a.txt', 'base');
  await world.store('a', laptop.caller);
  const { node } = v1;
  await phone.send(phone.move({ node, baseEntryRev: 1, parent: ROOT_NODE, name: 'phone.txt' }));
  const k1 = laptop.edit({ node, base: v1.head!.version, content: file('a') });
  await lost(laptop, k1);
  const k2 = laptop.move({
    node,
    baseEntryRev: 1,
    parent: ROOT_NODE,
    name: 'mine.txt',
    unanswered: [k1.key],
  });
  const outcome = await laptop.one(k2);
  assert.equal(outcome.kind === 'dropped' && outcome.why, 'moved-elsewhere');
  await world.close();
});

test('RULES 8: a batch is one transaction; a claim that the server stumbles over has no effect and holds up nobody', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const before = await laptop.make('before', 'x');
  let stumble = true;
  const faulty = {
    ...world.effects,
    blake3: (bytes: Uint8Array) => {
      if (stumble && Buffer.from(bytes).includes('poison')) throw new Error('deliberate');
      return world.effects.blake3(bytes);
    },
  };
  const metadata = createMetadata(world.db, faulty);
  const claims = [
    laptop.create({ name: 'one', content: null }),
    laptop.create({ name: 'poison', content: null }),
    laptop.create({ name: 'three', content: null }),
  ];
  const request = { claims, settledBelow: 0, cursor: null };
  const first = await metadata.finalize(laptop.caller, request);
  assert.deepEqual(first.outcomes.map(code), ['committed', 'internal', 'committed']);
  assert.equal(world.faults.length, 1);
  stumble = false;
  const second = await metadata.finalize(laptop.caller, request);
  assert.deepEqual(second.outcomes.map(code), ['committed', 'committed', 'committed']);
  const journal = await world.journal(laptop);
  assert.deepEqual(
    journal.map((event) => [event.seq, event.entry.name]),
    [
      [1, before.entry.name],
      [2, 'one'],
      [3, 'three'],
      [4, 'poison'],
    ],
  );
  await world.close();
});

test('RULES 5: a device whose state was put back hears above which keys it may go on', async () => {
  const { world, laptop, phone } = await twoDevices();
  assert.equal(await world.metadata.keysBelow(laptop.caller), 0);
  await laptop.make('a.txt', 'one');
  await laptop.send(laptop.create({ name: 'd', content: null, key: 7, unanswered: [9] }));
  assert.equal(await world.metadata.keysBelow(laptop.caller), 8);
  await laptop.send(laptop.create({ name: 'e', content: null, key: 12, unanswered: [10] }));
  assert.equal(await world.metadata.keysBelow(laptop.caller), 13);
  await laptop.sendWith({ settledBelow: 40 });
  assert.equal(await world.metadata.keysBelow(laptop.caller), 40);
  assert.equal(await world.metadata.keysBelow(phone.caller), 0);
  await world.close();
});
