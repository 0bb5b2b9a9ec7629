/** A thread that hashes one large file at a time, read in pieces from a descriptor that the control thread opened. */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { loadBlake3 } from './node-blake3.ts';
import { jsCutter, nativeCutter } from './node-chunk-cutter.ts';
import { errorCode } from './node-disk-errors.ts';
import { FileHasher, type HashTools } from './node-fingerprint.ts';
import { type HashAnswer, type HashJob, parseThreadOptions } from './node-hash-messages.ts';

const read = promisify(fs.read);

const PIECE_BYTES = 4 * 1024 * 1024;

async function hash(job: HashJob, tools: HashTools): Promise<HashAnswer> {
  try {
    const hasher = new FileHasher(tools, job.size, job.wantSignature, PIECE_BYTES);
    const start = (offset: number): Promise<number> => {
      const space = hasher.space(Math.min(PIECE_BYTES, job.size - offset));
      return readFully(job.fd, space, offset);
    };
    let reading = start(0);
    for (let done = 0; done < job.size; ) {
      const count = await reading;
      const wanted = Math.min(PIECE_BYTES, job.size - done);
      if (count < wanted) return { kind: 'short', id: job.id };
      done += count;
      // The next piece is read on the pool while this one is hashed here.
      if (done < job.size) reading = start(done);
      hasher.filled(count);
    }
    return { kind: 'hashed', id: job.id, ...hasher.finish() };
  } catch (error) {
    return { kind: 'failed', id: job.id, code: errorCode(error) };
  }
}

async function readFully(fd: number, space: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < space.length) {
    const { bytesRead } = await read(fd, space, done, space.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

const options = parseThreadOptions(workerData);
const tools: HashTools = {
  blake3: loadBlake3(options.blake3 ?? undefined),
  cutter: (options.nativeCutter ? nativeCutter() : null) ?? jsCutter,
};
parentPort?.on('message', (job: HashJob) => {
  void hash(job, tools).then((answer) => parentPort?.postMessage(answer));
});
