/**
 * Reaching paths with plain Node: every component is looked at before each operation, because Node cannot ask the
 * kernel to refuse links on the way. Narrower than the compiled helper: a link swapped into a parent between the look
 * and the operation is followed.
 */
import { lstat, stat } from 'node:fs/promises';
import type { RelPath } from '../environment/disk.ts';
import { errorCode } from './node-disk-errors.ts';
import { parentOf } from './node-disk-paths.ts';

/** Which object the root path led to. */
export interface RootObject {
  readonly device: bigint;
  readonly inode: bigint;
  readonly birthNs: bigint;
}

export async function identifyRoot(root: string): Promise<RootObject | string> {
  try {
    const found = await stat(root, { bigint: true });
    if (!found.isDirectory()) return 'ENOTDIR';
    return { device: found.dev, inode: found.ino, birthNs: found.birthtimeNs };
  } catch (error) {
    return errorCode(error);
  }
}

/** One batch's view of the way to its paths: each parent is checked once per batch. */
export class Walk {
  readonly #root: string;
  readonly #known: RootObject | null;
  readonly #parents = new Map<RelPath, Promise<string | null>>();

  constructor(root: string, known: RootObject | null) {
    this.#root = root;
    this.#known = known;
  }

  absolute(path: RelPath): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }

  /** Null when the way to `path` is folders only and the root is still the one remembered; else an errno's name. */
  check(path: RelPath): Promise<string | null> {
    return path === '' ? this.#folder('') : this.#folder(parentOf(path));
  }

  /** Forgets what was checked, after this batch itself has renamed or removed a folder. */
  forget(): void {
    this.#parents.clear();
  }

  #folder(path: RelPath): Promise<string | null> {
    let known = this.#parents.get(path);
    if (known === undefined) {
      known = path === '' ? this.#rootTrouble() : this.#componentTrouble(path);
      this.#parents.set(path, known);
    }
    return known;
  }

  async #rootTrouble(): Promise<string | null> {
    const now = await identifyRoot(this.#root);
    if (typeof now === 'string') return now === 'ENOTDIR' ? 'ENOENT' : now;
    const known = this.#known;
    const same =
      known !== null &&
      now.device === known.device &&
      now.inode === known.inode &&
      now.birthNs === known.birthNs;
    return same ? null : 'ENOENT';
  }

  async #componentTrouble(path: RelPath): Promise<string | null> {
    const above = await this.#folder(parentOf(path));
    if (above !== null) return above;
    try {
      return (await lstat(this.absolute(path))).isDirectory() ? null : 'ENOTDIR';
    } catch (error) {
      return errorCode(error);
    }
  }
}
