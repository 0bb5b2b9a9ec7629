/** What the plain Node calls share: the way to a path, looking, and acting on many paths at a time. */
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { DiskOutcome, Found, RelPath } from '../environment/disk.ts';
import { errorCode, failed, failedWith } from './node-disk-errors.ts';
import type { Platform } from './node-disk-platform.ts';
import type { StampMaker } from './node-disk-stamps.ts';
import { type RootObject, Walk } from './node-disk-walk.ts';

const AT_ONCE = 64;

export class FallbackBase {
  protected readonly stamps: StampMaker;
  protected readonly platform: Platform;
  readonly #root: string;
  readonly #known: RootObject | null;

  constructor(root: string, known: RootObject | null, stamps: StampMaker, platform: Platform) {
    this.#root = root;
    this.#known = known;
    this.stamps = stamps;
    this.platform = platform;
  }

  protected walk(): Walk {
    return new Walk(this.#root, this.#known);
  }

  protected async lookAt(absolute: string, path: RelPath): Promise<DiskOutcome<Found>> {
    try {
      return { kind: 'found', stamp: this.stamps.fromStats(await lstat(absolute)) };
    } catch (error) {
      return failedWith(error, path);
    }
  }

  protected each<Outcome extends { readonly kind: string }>(
    paths: readonly RelPath[],
    act: (path: RelPath, absolute: string, walk: Walk) => Promise<DiskOutcome<Outcome>>,
    atOnce = AT_ONCE,
  ): Promise<readonly DiskOutcome<Outcome>[]> {
    const walk = this.walk();
    return inTurns(
      paths,
      (path) => this.guarded(walk, path, (absolute) => act(path, absolute, walk)),
      atOnce,
    );
  }

  protected inOrder<Outcome extends { readonly kind: string }>(
    paths: readonly RelPath[],
    act: (path: RelPath, absolute: string, walk: Walk) => Promise<DiskOutcome<Outcome>>,
  ): Promise<readonly DiskOutcome<Outcome>[]> {
    return this.each(paths, act, 1);
  }

  protected async guarded<Outcome extends { readonly kind: string }>(
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

export function lstat(path: string | Buffer): Promise<BigIntStats> {
  return fs.lstat(path, { bigint: true });
}

/** Acts on all items, at most `atOnce` at a time; outcomes in the order of the items. */
export async function inTurns<Item, Outcome>(
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
