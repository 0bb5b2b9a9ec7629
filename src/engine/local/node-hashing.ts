/**
 * Fingerprints of user files. Small ones are read in groups on the pool and hashed here, a group taking the control
 * thread a few milliseconds at most; large ones go to threads of their own.
 */
import type { DiskOutcome, RelPath } from '../environment/disk.ts';
import { type Fingerprint, type Hashing, type HashRequest, SMALL_FILE } from '../environment/hashing.ts';
import { type Blake3Backend, type Blake3Engine, loadBlake3 } from './node-blake3.ts';
import type { NodeDisk } from './node-disk.ts';
import { closeDescriptor, stampOf } from './node-disk-descriptors.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { sameState } from './node-disk-stamps.ts';
import { hashWhole } from './node-fingerprint.ts';
import { HashThreads } from './node-hash-threads.ts';

export interface NodeHashingOptions {
  readonly disk: NodeDisk;
  /** Threads for large files at most; they exist only while there is work. */
  readonly threads?: number;
  /** For tests: one implementation instead of the best. */
  readonly blake3?: Blake3Backend;
  readonly chunks?: 'native' | 'js';
  readonly idleMs?: number;
}

/** A group stays below 5 ms of hashing, and a caller that keeps one file's bytes keeps no more than its group's. */
const GROUP_FILES = 256;
const GROUP_BYTES = { native: 2 * 1024 * 1024, wasm: 1024 * 1024 } as const;
const GROUPS_IN_FLIGHT = 2;
const DEFAULT_THREADS = 2;

export function openNodeHashing(options: NodeHashingOptions): NodeHashing {
  return new NodeHashing(options);
}

export class NodeHashing implements Hashing {
  readonly backend: Blake3Backend;
  readonly #disk: NodeDisk;
  readonly #blake3: Blake3Engine;
  readonly #threads: HashThreads;

  constructor({ disk, threads, blake3, chunks, idleMs }: NodeHashingOptions) {
    this.#disk = disk;
    this.#blake3 = loadBlake3(blake3);
    this.backend = this.#blake3.backend;
    this.#threads = new HashThreads(
      threads ?? DEFAULT_THREADS,
      { blake3: blake3 ?? null, nativeCutter: chunks !== 'js' },
      idleMs,
    );
  }

  /** Threads alive now, for status and tests. */
  get runningThreads(): number {
    return this.#threads.running;
  }

  async fingerprint(requests: readonly HashRequest[]): Promise<readonly DiskOutcome<Fingerprint>[]> {
    const outcomes = new Array<DiskOutcome<Fingerprint>>(requests.length);
    const small: number[] = [];
    const large: number[] = [];
    requests.forEach(({ size }, index) => {
      (size <= SMALL_FILE ? small : large).push(index);
    });
    const settle = (index: number, outcome: DiskOutcome<Fingerprint>): void => {
      outcomes[index] = outcome;
    };
    await Promise.all([
      this.#smallOnes(requests, small, settle),
      ...large.map(async (index) => settle(index, await this.#largeOne(requests[index]!))),
    ]);
    return outcomes;
  }

  blake3(bytes: Uint8Array): Uint8Array {
    return this.#blake3.hash(bytes);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  async #smallOnes(
    requests: readonly HashRequest[],
    indices: readonly number[],
    settle: (index: number, outcome: DiskOutcome<Fingerprint>) => void,
  ): Promise<void> {
    const groups = grouped(indices, (index) => requests[index]!.size, GROUP_BYTES[this.backend]);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < groups.length) {
        const group = groups[next]!;
        next += 1;
        const paths = group.map((index) => requests[index]!.path);
        const read = await this.#disk.readSmall(paths, SMALL_FILE);
        group.forEach((index, position) => {
          const outcome = read[position] ?? failed('EIO', paths[position]!);
          settle(index, isFailure(outcome) ? outcome : this.#fingerprintOf(outcome.bytes, outcome.stamp));
        });
      }
    };
    await Promise.all(Array.from({ length: GROUPS_IN_FLIGHT }, lane));
  }

  #fingerprintOf(bytes: Uint8Array, stamp: Fingerprint['stamp']): Fingerprint {
    return { kind: 'fingerprint', ...hashWhole(bytes, this.#blake3), stamp, bytes };
  }

  async #largeOne({ path, wantSignature }: HashRequest): Promise<DiskOutcome<Fingerprint>> {
    const trouble = this.#disk.pathTrouble(path);
    if (trouble !== null) return trouble;
    const opened = await this.#disk.calls.open(path, 'read');
    if (isFailure(opened)) return opened;
    try {
      const { fd, stamp } = opened;
      if (stamp.size <= SMALL_FILE) return failed('EAGAIN', path);
      return await this.#hashOpened(path, fd, stamp, wantSignature);
    } finally {
      await closeDescriptor(opened.fd);
    }
  }

  async #hashOpened(
    path: RelPath,
    fd: number,
    before: Fingerprint['stamp'],
    wantSignature: boolean,
  ): Promise<DiskOutcome<Fingerprint>> {
    const answer = await this.#threads.hash(fd, before.size, wantSignature);
    if (answer.kind === 'failed') return failed(answer.code, path);
    const after = await stampOf(fd, this.#disk.stamps, path);
    if (isFailure(after)) return after;
    if (answer.kind === 'short' || !sameState(before, after.stamp)) return failed('EAGAIN', path);
    const { manifest, manifestId, signature, entropy } = answer;
    return { kind: 'fingerprint', manifestId, manifest, stamp: after.stamp, bytes: null, signature, entropy };
  }
}

function grouped(
  indices: readonly number[],
  sizeOf: (index: number) => number,
  mostBytes: number,
): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let bytes = 0;
  for (const index of indices) {
    const size = sizeOf(index);
    const current = groups.at(-1);
    if (current === undefined || current.length >= GROUP_FILES || bytes + size > mostBytes) {
      groups.push([index]);
      bytes = size;
    } else {
      current.push(index);
      bytes += size;
    }
  }
  return groups;
}
