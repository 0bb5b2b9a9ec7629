/** Several stores as one, and each of them alone: every one must do what a chunk store does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { reachableStore } from '../../server-stub/chunks/reachable-store.ts';
import { alwaysThere, chunkSites, siteOf, withinSite } from '../../server-stub/chunks/sites.ts';
import { chunkStoreSuite, newTenant, putAll, randomChunks } from './chunk-store-suite.ts';

const { hash } = await loadBlake3();

for (const site of ['hot', 'cold', 'replica'] as const)
  chunkStoreSuite(`the ${site} one of several chunk stores`, async () => {
    const stores = {
      hot: createMemoryChunkStore(hash),
      cold: createMemoryChunkStore(hash),
      replica: createMemoryChunkStore(hash),
    };
    const sides = { cold: alwaysThere(stores.cold), replica: alwaysThere(stores.replica) };
    const sites = chunkSites(stores.hot, sides);
    return {
      store: site === 'hot' ? sites : sites.at(site)!,
      reopen: null,
      damage: async ({ location }) => stores[site].damage(withinSite(location)),
      dispose: () => sites.close(),
    };
  });

test('a location says in which store its bytes are; each is read, listed and erased there', async () => {
  const [hot, cold, replica] = [1, 2, 3].map(() => createMemoryChunkStore(hash));
  const sites = chunkSites(hot!, { cold: alwaysThere(cold!), replica: alwaysThere(replica!) });
  const chunks = randomChunks(newTenant(), [10, 20, 30]);
  const stored = [
    ...(await putAll(sites, [chunks[0]!])),
    ...(await putAll(sites.at('cold')!, [chunks[1]!])),
    ...(await putAll(sites.at('replica')!, [chunks[2]!])),
  ];
  assert.deepEqual(
    stored.map(({ location }) => siteOf(location)),
    ['hot', 'cold', 'replica'],
  );
  const read = await sites.get(stored.toReversed());
  assert.deepEqual(
    read.map((outcome) => (outcome.kind === 'ok' ? outcome.bytes.length : outcome.kind)),
    [30, 20, 10],
  );
  for (const limit of [1, 2, 10]) {
    const found = [];
    for (let page = await sites.list(null, limit); ; page = await sites.list(found.at(-1)!.location, limit)) {
      found.push(...page);
      if (page.length < limit) break;
    }
    assert.deepEqual(found, stored);
  }
  await sites.erase(stored);
  assert.deepEqual([hot!.count, cold!.count, replica!.count], [0, 0, 0]);
});

test('a store that went away fails at once, is tried again, and is opened anew when it is back', async () => {
  const clock = {
    at: 0,
    now: () => clock.at,
    monotonic: () => clock.at,
    sleep: () => new Promise<void>(() => {}),
  };
  const memory = createMemoryChunkStore(hash);
  let isThere = true;
  let opened = 0;
  const side = reachableStore({
    name: 'replica',
    open: async () => {
      if (isThere) opened += 1;
      return isThere ? { ...alwaysThere(memory), close: async () => {} } : null;
    },
    isStill: async () => isThere,
    clock,
    log: () => {},
  });
  const sites = chunkSites(createMemoryChunkStore(hash), { replica: side });
  const replica = sites.at('replica')!;
  const chunks = randomChunks(newTenant(), [10]);
  const [stored] = await putAll(replica, chunks);
  isThere = false;
  clock.at += 2000;
  assert.deepEqual(
    (await replica.put(chunks)).map(({ kind }) => kind),
    ['failed'],
  );
  assert.equal((await replica.get([stored!]))[0]?.kind, 'failed');
  await assert.rejects(replica.erase([stored!]), /cannot be reached/);
  assert.deepEqual(await sites.reachable(), ['hot']);
  assert.deepEqual(await sites.list(null, 10), [], 'what cannot be reached is left out');
  isThere = true;
  assert.deepEqual(await sites.reachable(), ['hot'], 'it is not tried at every call');
  clock.at += 60_000;
  assert.deepEqual(await sites.reachable(), ['hot', 'replica']);
  assert.equal(opened, 2);
  assert.equal((await replica.get([stored!]))[0]?.kind, 'ok');
});
