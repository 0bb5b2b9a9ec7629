/** The disk's calls over the compiled helper: each batch is one job on the system's thread pool. */
import type { DiskOutcome, Done, Found, Listing, RelPath, StageMeta } from '../environment/disk.ts';
import type {
  Copied,
  Descriptor,
  DiskCalls,
  How,
  ReadFile,
  RenameCall,
  Renamed,
  StageCall,
} from './node-disk-calls.ts';
import { codeOf, failed } from './node-disk-errors.ts';
import { byBytes, byCount, inJobs } from './node-disk-jobs.ts';
import { recordError, STAMP_BYTES, type StampMaker, stampRecords } from './node-disk-stamps.ts';
import {
  ANSWER_HEAD,
  batchError,
  decodeListing,
  decodeStamps,
  foundAt,
  packPaths,
  strictUtf8,
  viewOf,
} from './node-disk-wire.ts';
import type { NativeHelper } from './node-helper.ts';

/** Order of `kOperations` in native-helpers/disk/src/addon.cc. */
const OPERATION = {
  list: 0,
  look: 1,
  readSmall: 2,
  readLink: 3,
  stage: 4,
  makeFolders: 5,
  makeLink: 6,
  remove: 7,
  changeMode: 8,
  rename: 9,
  flush: 10,
  flushAll: 11,
  open: 12,
  finish: 13,
  copyRange: 14,
  writeLease: 15,
  carryPermissions: 16,
  beingWritten: 17,
} as const;

const HOW: Readonly<Record<How, number>> = { plain: 0, 'no-replace': 1, exchange: 2, link: 3 };
const WAYS: readonly Copied['way'][] = ['by-hand', 'reflink', 'kernel', 'by-hand'];
const RENAME_BYTES = 8 + 2 * STAMP_BYTES;
const DONE: Done = { kind: 'done' };
/** For what only reads; what writes into one folder would only queue for it. */
const IN_FLIGHT = 2;

export class NativeCalls implements DiskCalls {
  readonly #helper: NativeHelper;
  readonly #root: Uint8Array;
  readonly #stamps: StampMaker;

  constructor(helper: NativeHelper, root: Uint8Array, stamps: StampMaker) {
    this.#helper = helper;
    this.#root = root;
    this.#stamps = stamps;
  }

  async list(folder: RelPath): Promise<DiskOutcome<Listing>> {
    const answer = await this.#run(OPERATION.list, packPaths([folder], 0).bytes);
    return decodeListing(answer, folder, this.#stamps);
  }

  look(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return inJobs(paths, byCount, IN_FLIGHT, async (slice) =>
      decodeStamps(await this.#run(OPERATION.look, packPaths(slice, 0).bytes), slice, this.#stamps),
    );
  }

  readSmall(paths: readonly RelPath[], limit: number): Promise<readonly DiskOutcome<ReadFile>[]> {
    return inJobs(paths, byCount, IN_FLIGHT, async (slice) => {
      const { bytes, at } = packPaths(slice, 8);
      bytes.writeBigUInt64LE(BigInt(limit), at);
      const answer = await this.#run(OPERATION.readSmall, bytes);
      let start = ANSWER_HEAD + slice.length * STAMP_BYTES;
      return decodeStamps(answer, slice, this.#stamps).map((outcome): DiskOutcome<ReadFile> => {
        if (outcome.kind === 'failed') return outcome;
        const content = answer.subarray(start, start + outcome.stamp.size);
        start += outcome.stamp.size;
        return { kind: 'bytes', bytes: content, stamp: outcome.stamp };
      });
    });
  }

  async readLink(path: RelPath): ReturnType<DiskCalls['readLink']> {
    const answer = await this.#run(OPERATION.readLink, packPaths([path], 0).bytes);
    const error = batchError(answer);
    if (error !== 0) return failed(codeOf(error), path);
    const target = strictUtf8(answer.subarray(ANSWER_HEAD + STAMP_BYTES));
    if (target === null) return failed('EILSEQ', path);
    return { kind: 'link', target, stamp: this.#stamps.fromRecord(stampRecords(answer, ANSWER_HEAD, 1), 0) };
  }

  stage(items: readonly StageCall[]): Promise<readonly DiskOutcome<Found>[]> {
    return inJobs(items, byBytes, 1, async (slice) => {
      const paths = slice.map((item) => item.path);
      const total = slice.reduce((sum, item) => sum + item.bytes.length, 0);
      const { bytes, at } = packPaths(paths, slice.length * 16 + total);
      let meta = at;
      let content = at + slice.length * 16;
      for (const item of slice) {
        bytes.writeUInt32LE(item.bytes.length, meta);
        bytes.writeUInt32LE(item.meta.executable ? 1 : 0, meta + 4);
        bytes.writeBigInt64LE(item.meta.mtimeNs, meta + 8);
        bytes.set(item.bytes, content);
        meta += 16;
        content += item.bytes.length;
      }
      return decodeStamps(await this.#run(OPERATION.stage, bytes), paths, this.#stamps);
    });
  }

  makeFolders(paths: readonly RelPath[], mode: number): Promise<readonly DiskOutcome<Found>[]> {
    return inJobs(paths, byCount, 1, async (slice) =>
      decodeStamps(await this.#run(OPERATION.makeFolders, packNumber(slice, mode)), slice, this.#stamps),
    );
  }

  async makeLink(path: RelPath, target: string): Promise<DiskOutcome<Found>> {
    const answer = await this.#run(OPERATION.makeLink, packPaths([path, target], 0).bytes);
    return decodeStamps(answer, [path], this.#stamps)[0]!;
  }

  remove(paths: readonly RelPath[], what: 'file' | 'folder'): Promise<readonly DiskOutcome<Done>[]> {
    return inJobs(paths, byCount, 1, async (slice) =>
      decodeErrors(await this.#run(OPERATION.remove, packNumber(slice, what === 'folder' ? 1 : 0)), slice),
    );
  }

  async changeMode(path: RelPath, mode: number): Promise<DiskOutcome<Done>> {
    return decodeDone(await this.#run(OPERATION.changeMode, packNumber([path], mode)), path);
  }

  async carryPermissions(from: RelPath, to: RelPath): Promise<void> {
    await this.#run(OPERATION.carryPermissions, packPaths([from, to], 0).bytes);
  }

  rename(items: readonly RenameCall[]): Promise<readonly DiskOutcome<Renamed>[]> {
    return inJobs(items, byCount, 1, async (slice) => {
      const paths = slice.flatMap((item) => [item.from, item.to]);
      const { bytes, at } = packPaths(paths, slice.length * 4);
      slice.forEach((item, index) => {
        bytes.writeUInt32LE(HOW[item.how], at + index * 4);
      });
      const answer = await this.#run(OPERATION.rename, bytes);
      return slice.map((item, index) => this.#decodeRename(answer, item, index));
    });
  }

  flush(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Done>[]> {
    return inJobs(paths, byCount, 1, async (slice) =>
      decodeErrors(await this.#run(OPERATION.flush, packPaths(slice, 0).bytes), slice),
    );
  }

  readonly flushAll = async (): Promise<DiskOutcome<Done>> =>
    decodeDone(await this.#run(OPERATION.flushAll, new Uint8Array(0)), '');

  async open(path: RelPath, mode: 'read' | 'write'): Promise<DiskOutcome<Descriptor>> {
    const answer = await this.#run(OPERATION.open, packNumber([path], mode === 'write' ? 1 : 0));
    const error = batchError(answer);
    if (error !== 0) return failed(codeOf(error), path);
    const stamp = this.#stamps.fromRecord(stampRecords(answer, ANSWER_HEAD + 8, 1), 0);
    return { kind: 'descriptor', fd: viewOf(answer).getUint32(ANSWER_HEAD, true), stamp };
  }

  async finish(fd: number, size: number, meta: StageMeta): Promise<DiskOutcome<Found>> {
    const request = Buffer.allocUnsafe(24);
    request.writeUInt32LE(fd, 0);
    request.writeUInt32LE(meta.executable ? 1 : 0, 4);
    request.writeBigUInt64LE(BigInt(size), 8);
    request.writeBigInt64LE(meta.mtimeNs, 16);
    return decodeStamps(await this.#run(OPERATION.finish, request), ['staged file'], this.#stamps)[0]!;
  }

  async copyRange(
    path: RelPath,
    from: number,
    fd: number,
    to: number,
    length: number,
  ): Promise<DiskOutcome<Copied>> {
    const { bytes, at } = packPaths([path], 32);
    bytes.writeUInt32LE(fd, at);
    bytes.writeUInt32LE(0, at + 4);
    [from, to, length].forEach((value, index) => {
      bytes.writeBigUInt64LE(BigInt(value), at + 8 + index * 8);
    });
    const answer = await this.#run(OPERATION.copyRange, bytes);
    const error = batchError(answer);
    if (error !== 0) return failed(codeOf(error), path);
    return { kind: 'copied', way: WAYS[viewOf(answer).getUint32(ANSWER_HEAD, true)] ?? 'by-hand' };
  }

  async soleUser(path: RelPath): Promise<boolean> {
    const answer = await this.#run(OPERATION.writeLease, packPaths([path], 0).bytes);
    return batchError(answer) === 0 && viewOf(answer).getUint32(ANSWER_HEAD, true) === 1;
  }

  beingWritten(paths: readonly RelPath[]): Promise<readonly boolean[]> {
    return inJobs(paths, byCount, IN_FLIGHT, async (slice) => {
      const answer = await this.#run(OPERATION.beingWritten, packPaths(slice, 0).bytes);
      if (batchError(answer) !== 0) return slice.map(() => false);
      const view = viewOf(answer);
      return slice.map((_path, index) => view.getUint32(ANSWER_HEAD + index * 4, true) === 1);
    });
  }

  #run(operation: number, request: Uint8Array): Promise<Uint8Array> {
    return this.#helper.run(operation, this.#root, request);
  }

  #decodeRename(answer: Uint8Array, item: RenameCall, index: number): DiskOutcome<Renamed> {
    const batch = batchError(answer);
    if (batch !== 0) return failed(codeOf(batch), item.from);
    const at = ANSWER_HEAD + index * RENAME_BYTES;
    const error = viewOf(answer).getUint32(at, true);
    if (error !== 0) return failed(codeOf(error), item.to);
    const records = stampRecords(answer, at + 8, 2);
    const to = foundAt(records, 0, item.to, this.#stamps);
    if (to.kind === 'failed') return to;
    if (item.how !== 'exchange') return { kind: 'renamed', stamp: to.stamp, displaced: null };
    if (recordError(records, 1) !== 0) return failed('EIO', item.from);
    return { kind: 'renamed', stamp: to.stamp, displaced: this.#stamps.fromRecord(records, 1) };
  }
}

function packNumber(paths: readonly RelPath[], value: number): Buffer {
  const { bytes, at } = packPaths(paths, 4);
  bytes.writeUInt32LE(value, at);
  return bytes;
}

function decodeDone(answer: Uint8Array, path: RelPath): DiskOutcome<Done> {
  const error = batchError(answer);
  return error === 0 ? DONE : failed(codeOf(error), path);
}

function decodeErrors(answer: Uint8Array, paths: readonly RelPath[]): readonly DiskOutcome<Done>[] {
  const batch = batchError(answer);
  const view = viewOf(answer);
  return paths.map((path, index) => {
    const error = batch !== 0 ? batch : view.getUint32(ANSWER_HEAD + index * 4, true);
    return error === 0 ? DONE : failed(codeOf(error), path);
  });
}
