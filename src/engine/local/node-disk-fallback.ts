/**
 * The disk's calls in plain Node, for systems where the compiled helper is not there. It cannot exchange, cannot
 * rename without replacing (link + unlink stands in, see node-disk-rename.ts), keeps times to the microsecond, and
 * copies by hand; what it reports is equal.
 */
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import type {
  DiskEntry,
  DiskOutcome,
  Done,
  Found,
  Listing,
  RelPath,
  StageMeta,
} from '../environment/disk.ts';
import type {
  Copied,
  Descriptor,
  DiskCalls,
  ReadFile,
  RenameCall,
  Renamed,
  StageCall,
} from './node-disk-calls.ts';
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
import type { Platform } from './node-disk-platform.ts';
import { type StampMaker, sameState } from './node-disk-stamps.ts';
import { type RootObject, Walk } from './node-disk-walk.ts';
import { strictUtf8 } from './node-disk-wire.ts';

const DONE: Done = { kind: 'done' };
const AT_ONCE = 64;
const COPY_PIECE = 1024 * 1024;

export class FallbackCalls implements DiskCalls {
  readonly #root: string;
  readonly #known: RootObject | null;
  readonly #stamps: StampMaker;
  readonly #platform: Platform;
  readonly flushAll = null;

  constructor(root: string, known: RootObject | null, stamps: StampMaker, platform: Platform) {
    this.#root = root;
    this.#known = known;
    this.#stamps = stamps;
    this.#platform = platform;
  }

  async list(folder: RelPath): Promise<DiskOutcome<Listing>> {
    const walk = this.#walk();
    // The folder itself must be one too, not a link to one: ask as the parent of something in it.
    const trouble = await walk.check(folder === '' ? '' : `${folder}/x`);
    if (trouble !== null) return failed(trouble, folder);
    try {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const listing = await this.#listOnce(walk.absolute(folder));
        if (listing !== null) return listing;
      }
    } catch (error) {
      return failedWith(error, folder);
    }
    return failed('EAGAIN', folder);
  }

  look(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.#each(paths, (path, absolute) => this.#look(absolute, path));
  }

  readSmall(paths: readonly RelPath[], limit: number): Promise<readonly DiskOutcome<ReadFile>[]> {
    return this.#each(paths, async (path, absolute) => {
      const before = this.#stamps.fromStats(await lstat(absolute));
      if (before.kind !== 'file') return failed('EBUSY', path);
      if (before.size > limit) return failed('EAGAIN', path);
      const fd = await openDescriptor(absolute, constants.O_RDONLY | this.#platform.openFlags);
      try {
        const read = await readAt(fd, 0, before.size, path);
        if (read.kind === 'failed') return read;
        const after = this.#stamps.fromStats(await statDescriptor(fd));
        const whole = read.bytes.length === before.size && sameState(before, after);
        return whole ? { kind: 'bytes', bytes: read.bytes, stamp: after } : failed('EBUSY', path);
      } finally {
        await closeDescriptor(fd);
      }
    });
  }

  async readLink(path: RelPath): ReturnType<DiskCalls['readLink']> {
    const [outcome] = await this.#each([path], async (_path, absolute) => {
      const before = this.#stamps.fromStats(await lstat(absolute));
      const target = strictUtf8(await fs.readlink(absolute, { encoding: 'buffer' }));
      if (target === null) return failed('EILSEQ', path);
      const stamp = this.#stamps.fromStats(await lstat(absolute));
      if (stamp.fileId !== before.fileId) return failed('EAGAIN', path);
      return { kind: 'link' as const, target, stamp };
    });
    return outcome!;
  }

  stage(items: readonly StageCall[]): Promise<readonly DiskOutcome<Found>[]> {
    const walk = this.#walk();
    return inTurns(items, (item) =>
      this.#guarded(walk, item.path, async (absolute) => {
        await fs.rm(absolute, { force: true });
        const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | this.#platform.openFlags;
        const fd = await openDescriptor(absolute, flags, item.meta.executable ? 0o777 : 0o666);
        try {
          const written = await writeAt(fd, 0, item.bytes, item.path);
          if (written.kind === 'done') {
            await touchDescriptor(fd, new Date(), timeOf(item.meta.mtimeNs));
            return await stampOf(fd, this.#stamps, item.path);
          }
          await fs.rm(absolute, { force: true });
          return written;
        } finally {
          await closeDescriptor(fd);
        }
      }),
    );
  }

  makeFolders(paths: readonly RelPath[], mode: number): Promise<readonly DiskOutcome<Found>[]> {
    return this.#inOrder(paths, async (path, absolute) => {
      await fs.mkdir(absolute, mode);
      return this.#look(absolute, path);
    });
  }

  async makeLink(path: RelPath, target: string): Promise<DiskOutcome<Found>> {
    const [outcome] = await this.#each([path], async (_path, absolute) => {
      await fs.symlink(target, absolute);
      return this.#look(absolute, path);
    });
    return outcome!;
  }

  remove(paths: readonly RelPath[], what: 'file' | 'folder'): Promise<readonly DiskOutcome<Done>[]> {
    return this.#inOrder(paths, async (_path, absolute, walk) => {
      await (what === 'folder' ? fs.rmdir(absolute) : fs.unlink(absolute));
      if (what === 'folder') walk.forget();
      return DONE;
    });
  }

  async changeMode(path: RelPath, mode: number): Promise<DiskOutcome<Done>> {
    const [outcome] = await this.#each([path], async (_path, absolute) => {
      if ((await lstat(absolute)).isSymbolicLink()) return failed('ENOTSUP', path);
      await fs.chmod(absolute, mode);
      return DONE;
    });
    return outcome!;
  }

  async carryPermissions(from: RelPath, to: RelPath): Promise<void> {
    await this.#each([to], async (_path, absolute, walk) => {
      const [mine, old] = [await lstat(absolute), await lstat(walk.absolute(from))];
      if (!mine.isFile() || !old.isFile()) return DONE;
      const mode = carriedMode(Number(mine.mode), Number(old.mode));
      // Owners can only be given away by root; for everybody else it is the same owner anyway.
      await fs.lchown(absolute, Number(old.uid), Number(old.gid)).catch(() => undefined);
      await fs.chmod(absolute, mode);
      return DONE;
    });
  }

  rename(items: readonly RenameCall[]): Promise<readonly DiskOutcome<Renamed>[]> {
    const walk = this.#walk();
    return inTurns(
      items,
      async (item): Promise<DiskOutcome<Renamed>> => {
        if (item.how === 'no-replace' || item.how === 'exchange') return failed('ENOTSUP', item.to);
        const trouble = (await walk.check(item.from)) ?? (await walk.check(item.to));
        if (trouble !== null) return failed(trouble, item.from);
        try {
          const act = item.how === 'link' ? fs.link : fs.rename;
          // link(2) on macOS would link what the symlink points at.
          const follows = item.how === 'link' && this.#platform.name === 'darwin';
          if (follows && !(await lstat(walk.absolute(item.from))).isFile()) return failed('ENOTSUP', item.to);
          await act(walk.absolute(item.from), walk.absolute(item.to));
        } catch (error) {
          return failedWith(error, item.to);
        }
        const found = await this.#look(walk.absolute(item.to), item.to);
        if (found.kind === 'failed' || found.stamp.kind === 'folder') walk.forget();
        return found.kind === 'failed' ? found : { kind: 'renamed', stamp: found.stamp, displaced: null };
      },
      1,
    );
  }

  flush(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Done>[]> {
    return this.#each(paths, async (path, absolute) => {
      const { kind } = this.#stamps.fromStats(await lstat(absolute));
      if (kind === 'folder' ? !this.#platform.flushesFolders : kind !== 'file') return DONE;
      // Windows flushes only what is open for writing.
      const access = this.#platform.name === 'win32' ? constants.O_RDWR : constants.O_RDONLY;
      const fd = await openDescriptor(absolute, access | this.#platform.openFlags);
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
    const [outcome] = await this.#each([path], async (_path, absolute): Promise<DiskOutcome<Descriptor>> => {
      const there = await lstat(absolute).catch((error: unknown) => {
        if (mode === 'write' && errorCode(error) === 'ENOENT') return null;
        throw error;
      });
      if (there !== null && !there.isFile()) return failed('EBUSY', path);
      const flags = mode === 'write' ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY;
      const fd = await openDescriptor(absolute, flags | this.#platform.openFlags, 0o666);
      return { kind: 'descriptor', fd, stamp: this.#stamps.fromStats(await statDescriptor(fd)) };
    });
    return outcome!;
  }

  async finish(fd: number, size: number, meta: StageMeta): Promise<DiskOutcome<Found>> {
    try {
      const mode = Number((await statDescriptor(fd)).mode) & 0o666;
      await truncateDescriptor(fd, size);
      await chmodDescriptor(fd, meta.executable ? mode | ((mode & 0o444) >> 2) : mode);
      await touchDescriptor(fd, new Date(), timeOf(meta.mtimeNs));
      return await stampOf(fd, this.#stamps, 'staged file');
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

  #walk(): Walk {
    return new Walk(this.#root, this.#known);
  }

  /** Null when the folder changed while it was read: a rename inside it can hide an object that was there all along. */
  async #listOnce(absolute: string): Promise<Listing | null> {
    const before = this.#stamps.fromStats(await lstat(absolute));
    const names = await fs.readdir(absolute, { encoding: 'buffer' });
    const prefix = Buffer.from(`${absolute}/`);
    const entries = await inTurns(names, async (name): Promise<DiskEntry | null> => {
      const stats = await lstat(Buffer.concat([prefix, name])).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      });
      return stats === null ? null : { name: strictUtf8(name), stamp: this.#stamps.fromStats(stats) };
    });
    const complete = entries.filter((entry) => entry !== null);
    const after = this.#stamps.fromStats(await lstat(absolute));
    if (complete.length < names.length || !sameState(before, after)) return null;
    return { kind: 'listed', folder: before, entries: complete };
  }

  async #look(absolute: string, path: RelPath): Promise<DiskOutcome<Found>> {
    try {
      return { kind: 'found', stamp: this.#stamps.fromStats(await lstat(absolute)) };
    } catch (error) {
      return failedWith(error, path);
    }
  }

  #each<Outcome extends { readonly kind: string }>(
    paths: readonly RelPath[],
    act: (path: RelPath, absolute: string, walk: Walk) => Promise<DiskOutcome<Outcome>>,
    atOnce = AT_ONCE,
  ): Promise<readonly DiskOutcome<Outcome>[]> {
    const walk = this.#walk();
    return inTurns(
      paths,
      (path) => this.#guarded(walk, path, (absolute) => act(path, absolute, walk)),
      atOnce,
    );
  }

  #inOrder<Outcome extends { readonly kind: string }>(
    paths: readonly RelPath[],
    act: (path: RelPath, absolute: string, walk: Walk) => Promise<DiskOutcome<Outcome>>,
  ): Promise<readonly DiskOutcome<Outcome>[]> {
    return this.#each(paths, act, 1);
  }

  async #guarded<Outcome extends { readonly kind: string }>(
    walk: Walk,
    path: RelPath,
    act: (absolute: string) => Promise<DiskOutcome<Outcome>>,
  ): Promise<DiskOutcome<Outcome>> {
    const trouble = await walk.check(path);
    if (trouble !== null) return failed(trouble, path);
    try {
      return await act(walk.absolute(path));
    } catch (error) {
      // The open itself refused a link that took the name a moment ago.
      return errorCode(error) === 'ELOOP' ? failed('EBUSY', path) : failedWith(error, path);
    }
  }
}

/** As `carry_permissions` in native-helpers/disk/src/names.cc. */
function carriedMode(mine: number, old: number): number {
  const readersAndWriters = old & 0o666;
  if ((mine & 0o100) === 0) return readersAndWriters;
  const executes = (old & 0o100) !== 0 ? old & 0o111 : 0o100 | ((old & 0o044) >> 2);
  return readersAndWriters | executes;
}

function lstat(path: string | Buffer): Promise<BigIntStats> {
  return fs.lstat(path, { bigint: true });
}

/** Acts on all items, at most `atOnce` at a time; outcomes in the order of the items. */
async function inTurns<Item, Outcome>(
  items: readonly Item[],
  act: (item: Item) => Promise<Outcome>,
  atOnce = AT_ONCE,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    outcomes.push(...(await Promise.all(items.slice(start, start + atOnce).map(act))));
  }
  return outcomes;
}
