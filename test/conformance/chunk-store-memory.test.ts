import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { chunkStoreSuite } from './chunk-store-suite.ts';

const { hash } = await loadBlake3();

chunkStoreSuite('chunks in memory', async () => {
  const store = createMemoryChunkStore(hash);
  return {
    store,
    reopen: null,
    damage: async ({ location }) => store.damage(location),
    dispose: () => store.close(),
  };
});
