/** Contents of files in plain Node: whole small ones, descriptors, flushes. */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { DiskOutcome, Done, Found, RelPath, StageMeta } from '../environment/disk.ts';
import type { Copied, Descriptor, ReadFile, StageCall } from './node-disk-calls.ts';
import {
  chmodDescriptor,
  closeDescriptor,
  flushDescriptor,
  openDescriptor,
  readAt,
  stampOf,
  statDescriptor,
  timeOf,
  touchDescriptor,
  truncateDescriptor,
  writeAt,
} from './node-disk-descriptors.ts';
import { errorCode, failed, failedWith } from './node-disk-errors.ts';
import { FallbackBase, inTurns, lstat } from './node-disk-fallback-base.ts';
import { sameState } from './node-disk-stamps.ts';

const DONE: Done = { kind: 'done' };
const COPY_PIECE = 1024 * 1024;

export class FallbackContent extends FallbackBase {
  /** Plain Node cannot flush a whole file system. */
  readonly flushAll = null;

  readSmall(paths: readonly RelPath[], limit: number): Promise<readonly DiskOutcome<ReadFile>[]> {
    return this.each(paths, async (path, absolute) => {
      const before = this.stamps.fromStats(await lstat(absolute));
      if (before.kind !== 'file') return failed('EBUSY', path);
      if (before.size > limit) return failed('EAGAIN', path);
      const fd = await openDescriptor(absolute, constants.O_RDONLY | this.platform.openFlags);
      try {
        const read = await readAt(fd, 0, before.size, path);
        if (read.kind === 'failed') return read;
        const after = this.stamps.fromStats(await statDescriptor(fd));
        const whole = read.bytes.length === before.size && sameState(before, after);
        return whole ? { kind: 'bytes', bytes: read.bytes, stamp: after } : failed('EBUSY', path);
      } finally {
        await closeDescriptor(fd);
      }
    });
  }

  stage(items: readonly StageCall[]): Promise<readonly DiskOutcome<Found>[]> {
    const walk = this.walk();
    return inTurns(items, (item) =>
      this.guarded(walk, item.path, async (absolute) => {
        await fs.rm(absolute, { force: true });
        const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | this.platform.openFlags;
        const fd = await openDescriptor(absolute, flags, item.meta.executable ? 0o777 : 0o666);
        try {
          const written = await writeAt(fd, 0, item.bytes, item.path);
          if (written.kind === 'done') {
            await touchDescriptor(fd, new Date(), timeOf(item.meta.mtimeNs));
            return await stampOf(fd, this.stamps, item.path);
          }
          await fs.rm(absolute, { force: true });
          return written;
        } finally {
          await closeDescriptor(fd);
        }
      }),
    );
  }

  flush(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Done>[]> {
    return this.each(paths, async (path, absolute) => {
      const { kind } = this.stamps.fromStats(await lstat(absolute));
      if (kind === 'folder' ? !this.platform.flushesFolders : kind !== 'file') return DONE;
      // Windows flushes only what is open for writing.
      const access = this.platform.name === 'win32' ? constants.O_RDWR : constants.O_RDONLY;
      const fd = await openDescriptor(absolute, access | this.platform.openFlags);
      try {
        await flushDescriptor(fd);
      } catch (error) {
        return failedWith(error, path);
      } finally {
        await closeDescriptor(fd);
      }
      return DONE;
    });
  }

  async open(path: RelPath, mode: 'read' | 'write'): Promise<DiskOutcome<Descriptor>> {
    const [outcome] = await this.each([path], async (_path, absolute): Promise<DiskOutcome<Descriptor>> => {
      const there = await lstat(absolute).catch((error: unknown) => {
        if (mode === 'write' && errorCode(error) === 'ENOENT') return null;
        throw error;
      });
      if (there !== null && !there.isFile()) return failed('EBUSY', path);
      const flags = mode === 'write' ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY;
      const fd = await openDescriptor(absolute, flags | this.platform.openFlags, 0o666);
      return { kind: 'descriptor', fd, stamp: this.stamps.fromStats(await statDescriptor(fd)) };
    });
    return outcome!;
  }

  async finish(fd: number, size: number, meta: StageMeta): Promise<DiskOutcome<Found>> {
    try {
      const mode = Number((await statDescriptor(fd)).mode) & 0o666;
      await truncateDescriptor(fd, size);
      await chmodDescriptor(fd, meta.executable ? mode | ((mode & 0o444) >> 2) : mode);
      await touchDescriptor(fd, new Date(), timeOf(meta.mtimeNs));
      return await stampOf(fd, this.stamps, 'staged file');
    } catch (error) {
      return failedWith(error, 'staged file');
    }
  }

  async copyRange(
    path: RelPath,
    from: number,
    fd: number,
    to: number,
    length: number,
  ): Promise<DiskOutcome<Copied>> {
    const source = await this.open(path, 'read');
    if (source.kind === 'failed') return source;
    try {
      for (let done = 0; done < length; ) {
        const wanted = Math.min(COPY_PIECE, length - done);
        const piece = await readAt(source.fd, from + done, wanted, path);
        if (piece.kind === 'failed') return piece;
        if (piece.bytes.length < wanted) return failed('ENODATA', path);
        const written = await writeAt(fd, to + done, piece.bytes, 'staged file');
        if (written.kind === 'failed') return written;
        done += wanted;
      }
      return { kind: 'copied', way: 'by-hand' };
    } finally {
      await closeDescriptor(source.fd);
    }
  }

  /** Plain Node cannot prove it. */
  async soleUser(): Promise<boolean> {
    return false;
  }

  /** Nor can it ask. */
  async beingWritten(paths: readonly RelPath[]): Promise<readonly boolean[]> {
    return paths.map(() => false);
  }
}
