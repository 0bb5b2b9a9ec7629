import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireContent } from '../../src/protocol/claims.ts';
import { chunksOf, eventOf, file, World } from './metadata-world.ts';

async function twoDevices() {
  const world = new World();
  return { world, laptop: await world.device('laptop'), phone: await world.device('phone') };
}

test('RULES 1: a session says early what proceeds, what will fork, what is stale and what was answered', async () => {
  const { world, laptop, phone } = await twoDevices();
  const v1 = await laptop.make('a', 'base');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  const edit = (base: typeof v1, content: WireContent, onStale: 'fork' | 'reject' = 'fork') =>
    phone.edit({ node: v1.node, base: base.head!.version, content, onStale });
  const done = phone.create({ name: 'd', content: null });
  await phone.send(done);
  const { answers, missing } = await world.metadata.openSession(phone.caller, [
    edit(v2, file('fresh')),
    edit(v1, file('clash')),
    edit(v1, file('hopeless'), 'reject'),
    edit(v1, file('two')),
    done,
    phone.create({ name: 'n', content: file('new') }),
  ]);
  assert.deepEqual(
    answers.map(({ answer, current }) => [answer, current?.head?.version ?? null]),
    [
      ['proceed', null],
      ['will-fork', v2.head?.version],
      ['stale', v2.head?.version],
      ['proceed', null],
      ['answered', null],
      ['proceed', null],
    ],
  );
  const wanted = ['fresh', 'clash', 'new'].flatMap((text) => chunksOf(text).map((chunk) => chunk.id));
  assert.deepEqual([...missing].sort(), wanted.sort());
  assert.equal((await world.metadata.head(phone.caller.namespace)).seq, 3, 'nothing was committed');
  await world.close();
});

test('chunks of an open session are pinned until its claims are answered', async () => {
  const { world, laptop } = await twoDevices();
  const { tenant, namespace } = laptop.caller;
  await world.store('x', laptop.caller);
  const [chunk] = chunksOf('x');
  await world.db.write(async (tx) => tx.quarantineChunk({ tenant, id: chunk!.id }, 1, 1));
  const claim = laptop.create({ name: 'x', content: file('x') });
  const { missing } = await world.metadata.openSession(laptop.caller, [claim]);
  assert.deepEqual(missing, []);
  const pinned = () => world.db.read(async (tx) => tx.chunkPinned(tenant, chunk!.id, world.clock.now));
  assert.equal(await pinned(), true);
  assert.equal((await world.db.read(async (tx) => tx.chunk(tenant, chunk!.id)))?.quarantinedAt, null);
  const [session] = await world.db.read(async (tx) => tx.openSessions(namespace, world.clock.now));
  assert.deepEqual([session?.files, session?.bytes, session?.lastKey], [1, 1, claim.key]);
  await laptop.send(claim);
  assert.equal(await pinned(), false);
  await world.close();
});

test('pins of a session that nobody finishes expire', async () => {
  const { world, laptop } = await twoDevices();
  const claim = laptop.create({ name: 'x', content: file('x') });
  await world.metadata.openSession(laptop.caller, [claim]);
  const open = () => world.db.read(async (tx) => tx.openSessions(laptop.caller.namespace, world.clock.now));
  assert.equal((await open()).length, 1);
  world.clock.now += 25 * 60 * 60 * 1000;
  assert.equal((await open()).length, 0);
  await world.metadata.openSession(laptop.caller, []);
  world.clock.now -= 25 * 60 * 60 * 1000;
  assert.equal((await open()).length, 0, 'and are cleared away');
  await world.close();
});

test('a session asks nothing for a manifest that is not what its claim says', async () => {
  const { world, laptop } = await twoDevices();
  const claim = laptop.create({ name: 'x', content: { ...file('x'), size: 99 } });
  assert.deepEqual((await world.metadata.openSession(laptop.caller, [claim])).missing, []);
  await world.close();
});

test('chunks of another user count as missing, exactly like chunks of nobody', async () => {
  const { world, laptop } = await twoDevices();
  const stranger = await world.device('pc', 'bob');
  await world.store('theirs', stranger.caller);
  const claims = ['theirs', 'nobody'].map((text) => laptop.create({ name: text, content: file(text) }));
  const { answers, missing } = await world.metadata.openSession(laptop.caller, claims);
  assert.equal(missing.length, 2);
  assert.deepEqual(
    answers.map((row) => row.answer),
    ['proceed', 'proceed'],
  );
  await world.close();
});

test('RULES 7: a session knows a node by the id that the device proposed, until it is gone', async () => {
  const { world, laptop, phone } = await twoDevices();
  const made = await laptop.make('a', 'base');
  const proposed = world.nodeId();
  const merged = await phone.one(phone.create({ node: proposed, name: 'a', content: file('base') }));
  assert.equal(merged.node, made.node);
  const asked = async (node: typeof proposed) => {
    const claim = phone.edit({ node, base: made.head!.version, content: file('mine') });
    const { answers } = await world.metadata.openSession(phone.caller, [claim]);
    return [answers[0]?.answer, answers[0]?.current?.node];
  };
  assert.deepEqual(await asked(proposed), ['proceed', undefined]);
  await laptop.write(made, 'theirs');
  assert.deepEqual(await asked(proposed), ['will-fork', made.node]);
  assert.deepEqual(await asked(world.nodeId()), ['proceed', undefined], 'no such node');
  await world.close();
});

test('RULES 7: an id that a device proposed for a copy means the node that has it, as long as that lives', async () => {
  const { world, laptop, phone } = await twoDevices();
  const made = await laptop.make('a', 'base');
  await world.store('copy', phone.caller);
  const copy = await phone.one(phone.create({ node: made.node, name: 'b', content: file('copy') }));
  assert.notEqual(copy.node, made.node);
  await laptop.write(made, 'theirs');
  const claim = phone.edit({ node: made.node, base: made.head!.version, content: file('mine') });
  const { answers } = await world.metadata.openSession(phone.caller, [claim]);
  assert.deepEqual([answers[0]?.answer, answers[0]?.current?.node], ['will-fork', made.node]);
  await world.close();
});

test('while sessions are in quarantine none expires, and what they brought stays pinned', async () => {
  const { world, laptop } = await twoDevices();
  const { namespace } = laptop.caller;
  const quarantine = (on: boolean) =>
    world.db.write(async (tx) =>
      tx.setSwitch({ name: 'quarantine-sessions', on, by: 'operator', why: 'an incident', at: 1 }),
    );
  const claim = (name: string) => laptop.create({ name, content: file(name) });
  const sessions = () => world.db.read(async (tx) => (await tx.openSessions(namespace, 0)).length);
  await world.metadata.openSession(laptop.caller, [claim('x')]);
  await quarantine(true);
  world.clock.now += 48 * 3_600_000;
  await world.metadata.openSession(laptop.caller, [claim('y')]);
  assert.equal(await sessions(), 2);
  await quarantine(false);
  await world.metadata.openSession(laptop.caller, [claim('z')]);
  assert.equal(await sessions(), 2, 'x is over, y and z are not');
  await world.close();
});

test('of a full account no byte is asked for, and the claim says how full it is; what is stored already fits', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a', 'base');
  const { tenant } = laptop.caller;
  await world.db.write(async (tx) => tx.setQuota(tenant, 3, 'a test', 1));
  const more = laptop.create({ name: 'more', content: file('more') });
  const { missing } = await world.metadata.openSession(laptop.caller, [more]);
  assert.deepEqual(missing, []);
  const full = await laptop.one(more);
  assert(full.kind === 'refused' && full.code === 'quota');
  assert.match(full.detail, /^\d+ bytes of 3 bytes$/);
  assert.equal((await laptop.one(laptop.create({ name: 'again', content: file('base') }))).kind, 'committed');
  await world.db.write(async (tx) => tx.setQuota(tenant, 2048, 'a test', 2));
  const large = await laptop.one(laptop.create({ name: 'large', content: file('x'.repeat(4000)) }));
  assert.match(large.kind === 'refused' ? large.detail : '', /of 2\.0 KiB$/);
  await world.db.write(async (tx) => tx.setQuota(tenant, null, 'a test', 3));
  assert.equal((await laptop.write(v1, 'fits')).kind, 'committed');
  await world.close();
});
