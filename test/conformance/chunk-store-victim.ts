/** Stores chunks and tells each one once it was answered, until it is killed. Started by the folder store's test. */
import { join } from 'node:path';
import { createMemoryKeyRows } from '../../server-stub/chunks/folder/data-keys.ts';
import { openFolderChunkStore } from '../../server-stub/chunks/folder/folder-chunk-store.ts';
import { newTenant, putAll, randomChunks } from './chunk-store-suite.ts';

const data = process.argv[2];
if (data === undefined) throw new Error('the folder to write to is missing');
const keys = createMemoryKeyRows();
const tenant = newTenant();
const store = await openFolderChunkStore({
  folder: join(data, 'chunks'),
  keyFolder: join(data, 'keys'),
  tenantKeys: keys,
  segmentBytes: 20_000,
});
await putAll(store, randomChunks(tenant, [1]));
const [key] = await keys.list(tenant);
process.stdout.write(
  `${JSON.stringify({ tenant, key: { ...key, wrapped: Buffer.from(key!.wrapped).toString('hex') } })}\n`,
);
for (;;) {
  const stored = await putAll(store, randomChunks(tenant, [500, 3000, 300_000]));
  process.stdout.write(`${JSON.stringify(stored)}\n`);
}
