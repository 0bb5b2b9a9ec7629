/** Thread entry: one `ChunkFolder`, driven by messages, so that hashing and sealing never hold up requests. */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../../src/protocol/assert-never.ts';
import { loadBlake3 } from '../blake3.ts';
import type { ReadOutcome } from '../chunk-store.ts';
import { ChunkFolder } from './chunk-folder.ts';
import type { LaneAnswer, LaneJob, LaneMessage, LaneResults, LaneSettings } from './lane-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file is started as a thread by the chunk store');
const settings: LaneSettings = workerData;
const { hex } = await loadBlake3();
const folder = new ChunkFolder({ ...settings, idOf: hex });
await folder.open();

async function run(job: LaneJob): Promise<LaneResults[keyof LaneResults]> {
  switch (job.kind) {
    case 'put':
      return folder.put(job.chunks);
    case 'get':
      return gathered(await folder.get(job.chunks));
    case 'erase':
      await folder.erase(job.chunks);
      return null;
    case 'stat':
      return folder.stat(job.chunk);
    case 'list':
      return folder.list(job.after, job.limit, job.heap);
    case 'heaps':
      return folder.heaps(job.after, job.limit);
    case 'heapUse':
      return folder.heapUse(job.heap);
    case 'close':
      await folder.close();
      return null;
    default:
      return assertNever(job, 'job');
  }
}

/** Small chunks are put side by side into one buffer, so that an answer hands over few of them. */
function gathered(outcomes: readonly ReadOutcome[]): readonly ReadOutcome[] {
  let size = 0;
  for (const outcome of outcomes) if (isSmall(outcome)) size += outcome.bytes.length;
  const shared = new Uint8Array(size);
  let at = 0;
  return outcomes.map((outcome) => {
    if (!isSmall(outcome)) return outcome;
    const bytes = shared.subarray(at, at + outcome.bytes.length);
    bytes.set(outcome.bytes);
    at += bytes.length;
    return { kind: 'ok', bytes };
  });
}

function isSmall(outcome: ReadOutcome): outcome is Extract<ReadOutcome, { kind: 'ok' }> {
  return outcome.kind === 'ok' && outcome.bytes.length <= 64 * 1024;
}

/** Memory that is handed over instead of copied: the plaintext of chunks just read. */
function handedOver(job: LaneJob, result: LaneResults[keyof LaneResults]): ArrayBuffer[] {
  if (job.kind !== 'get' || !Array.isArray(result)) return [];
  const buffers = new Set<ArrayBuffer>();
  const outcomes: readonly ReadOutcome[] = result;
  for (const outcome of outcomes) {
    if (outcome.kind === 'ok' && outcome.bytes.buffer instanceof ArrayBuffer)
      buffers.add(outcome.bytes.buffer);
  }
  return [...buffers];
}

port.on('message', (message: LaneMessage) => {
  if (message.kind === 'keys') {
    folder.setKeys(message.tenant, message.keys);
    return;
  }
  const { call, job } = message;
  run(job).then(
    (result) => {
      port.postMessage({ kind: 'done', call, result } satisfies LaneAnswer, handedOver(job, result));
    },
    (cause: unknown) => {
      const detail = cause instanceof Error ? cause.message : String(cause);
      port.postMessage({ kind: 'broken', call, detail } satisfies LaneAnswer);
    },
  );
});
port.postMessage({ kind: 'ready' } satisfies LaneAnswer);
