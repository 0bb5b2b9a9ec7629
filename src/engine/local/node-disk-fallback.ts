/**
 * The disk's calls in plain Node, for systems where the compiled helper is not there. It cannot exchange, cannot
 * rename without replacing (link + unlink stands in, see node-disk-rename.ts), keeps times to the microsecond, and
 * copies by hand; what it reports is equal.
 */
import * as fs from 'node:fs/promises';
import type { DiskEntry, DiskOutcome, Done, Found, Listing, RelPath } from '../environment/disk.ts';
import type { DiskCalls, RenameCall, Renamed } from './node-disk-calls.ts';
import { errorCode, failed, failedWith } from './node-disk-errors.ts';
import { inTurns, lstat } from './node-disk-fallback-base.ts';
import { FallbackContent } from './node-disk-fallback-content.ts';
import { sameState } from './node-disk-stamps.ts';
import { strictUtf8 } from './node-disk-wire.ts';

const DONE: Done = { kind: 'done' };

export class FallbackCalls extends FallbackContent implements DiskCalls {
  async list(folder: RelPath): Promise<DiskOutcome<Listing>> {
    const walk = this.walk();
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
    return this.each(paths, (path, absolute) => this.lookAt(absolute, path));
  }

  async readLink(path: RelPath): ReturnType<DiskCalls['readLink']> {
    const [outcome] = await this.each([path], async (_path, absolute) => {
      const before = this.stamps.fromStats(await lstat(absolute));
      const target = strictUtf8(await fs.readlink(absolute, { encoding: 'buffer' }));
      if (target === null) return failed('EILSEQ', path);
      const stamp = this.stamps.fromStats(await lstat(absolute));
      if (stamp.fileId !== before.fileId) return failed('EAGAIN', path);
      return { kind: 'link' as const, target, stamp };
    });
    return outcome!;
  }

  makeFolders(paths: readonly RelPath[], mode: number): Promise<readonly DiskOutcome<Found>[]> {
    return this.inOrder(paths, async (path, absolute) => {
      await fs.mkdir(absolute, mode);
      return this.lookAt(absolute, path);
    });
  }

  async makeLink(path: RelPath, target: string): Promise<DiskOutcome<Found>> {
    const [outcome] = await this.each([path], async (_path, absolute) => {
      await fs.symlink(target, absolute);
      return this.lookAt(absolute, path);
    });
    return outcome!;
  }

  remove(paths: readonly RelPath[], what: 'file' | 'folder'): Promise<readonly DiskOutcome<Done>[]> {
    return this.inOrder(paths, async (_path, absolute, walk) => {
      await (what === 'folder' ? fs.rmdir(absolute) : fs.unlink(absolute));
      if (what === 'folder') walk.forget();
      return DONE;
    });
  }

  async changeMode(path: RelPath, mode: number): Promise<DiskOutcome<Done>> {
    const [outcome] = await this.each([path], async (_path, absolute) => {
      if ((await lstat(absolute)).isSymbolicLink()) return failed('ENOTSUP', path);
      await fs.chmod(absolute, mode);
      return DONE;
    });
    return outcome!;
  }

  async carryPermissions(from: RelPath, to: RelPath): Promise<void> {
    await this.each([to], async (_path, absolute, walk) => {
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
    const walk = this.walk();
    return inTurns(
      items,
      async (item): Promise<DiskOutcome<Renamed>> => {
        if (item.how === 'no-replace' || item.how === 'exchange') return failed('ENOTSUP', item.to);
        const trouble = (await walk.check(item.from)) ?? (await walk.check(item.to));
        if (trouble !== null) return failed(trouble, item.from);
        try {
          const act = item.how === 'link' ? fs.link : fs.rename;
          // link(2) on macOS would link what the symlink points at.
          const follows = item.how === 'link' && this.platform.name === 'darwin';
          if (follows && !(await lstat(walk.absolute(item.from))).isFile()) return failed('ENOTSUP', item.to);
          await act(walk.absolute(item.from), walk.absolute(item.to));
        } catch (error) {
          return failedWith(error, item.to);
        }
        const found = await this.lookAt(walk.absolute(item.to), item.to);
        if (found.kind === 'failed' || found.stamp.kind === 'folder') walk.forget();
        return found.kind === 'failed' ? found : { kind: 'renamed', stamp: found.stamp, displaced: null };
      },
      1,
    );
  }

  /** Null when the folder changed while it was read: a rename inside it can hide an object that was there all along. */
  async #listOnce(absolute: string): Promise<Listing | null> {
    const before = this.stamps.fromStats(await lstat(absolute));
    const names = await fs.readdir(absolute, { encoding: 'buffer' });
    const prefix = Buffer.from(`${absolute}/`);
    const entries = await inTurns(names, async (name): Promise<DiskEntry | null> => {
      const stats = await lstat(Buffer.concat([prefix, name])).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      });
      return stats === null ? null : { name: strictUtf8(name), stamp: this.stamps.fromStats(stats) };
    });
    const complete = entries.filter((entry) => entry !== null);
    const after = this.stamps.fromStats(await lstat(absolute));
    if (complete.length < names.length || !sameState(before, after)) return null;
    return { kind: 'listed', folder: before, entries: complete };
  }
}

/** As `carry_permissions` in native-helpers/disk/src/names.cc. */
function carriedMode(mine: number, old: number): number {
  const readersAndWriters = old & 0o666;
  if ((mine & 0o100) === 0) return readersAndWriters;
  const executes = (old & 0o100) !== 0 ? old & 0o111 : 0o100 | ((old & 0o044) >> 2);
  return readersAndWriters | executes;
}
