/** Files kept under the hash of their bytes: never changed, so that an older list stays true until it is replaced. */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flushFolder, systemCode, writeFully } from '../chunks/folder/durable-file.ts';

const PIECE = 1024 * 1024;
const NAME = /^[0-9a-f]{64}$/;

export interface Copied {
  readonly hash: string;
  readonly size: number;
}

/** Copies a file as far as it goes now, durably, and hashes what was read; null: there is no such file (any more). */
export async function copyHashed(from: string, to: string): Promise<Copied | null> {
  const source = await openIfThere(from);
  if (source === null) return null;
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      const copied = await readHashed(source, (piece, at) => writeFully(target, [piece], at));
      await target.sync();
      return copied;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** null: there is no such file. */
export async function hashFile(path: string): Promise<Copied | null> {
  const file = await openIfThere(path);
  if (file === null) return null;
  try {
    return await readHashed(file, () => Promise.resolve());
  } finally {
    await file.close();
  }
}

async function readHashed(
  file: FileHandle,
  each: (piece: Uint8Array, at: number) => Promise<void>,
): Promise<Copied> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE);
  let size = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, size);
    if (bytesRead === 0) return { hash: hash.digest('hex'), size };
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await each(piece, size);
    size += bytesRead;
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}

export class Objects {
  readonly #folder: string;

  constructor(place: string) {
    this.#folder = join(place, 'objects');
  }

  pathOf(hash: string): string {
    return join(this.#folder, hash.slice(0, 2), hash);
  }

  /** A name for something that becomes an object. */
  async staged(): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return join(this.#folder, `.new-${randomBytes(8).toString('hex')}`);
  }

  /** Takes a copy in, unless its bytes are here, whole, already. `isNew`: they were not. */
  async add(from: string): Promise<(Copied & { readonly isNew: boolean }) | null> {
    const staged = await this.staged();
    try {
      const copied = await copyHashed(from, staged);
      return copied === null ? null : { ...copied, isNew: await this.#keep(staged, copied) };
    } finally {
      await rm(staged, { force: true });
    }
  }

  /** Are the bytes here, and what they were? Reads all of them. */
  async isWhole({ hash, size }: Copied): Promise<boolean> {
    const found = await hashFile(this.pathOf(hash));
    return found?.hash === hash && found.size === size;
  }

  /** Lets go of what is not in `wanted`, and of what an interrupted backup left (but for `inUse`); how many. */
  async keepOnly(wanted: ReadonlySet<string>, inUse: string): Promise<number> {
    let gone = 0;
    for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
      const path = join(this.#folder, entry.name);
      if (!entry.isDirectory()) {
        if (entry.name.startsWith('.new-') && path !== inUse) await rm(path, { force: true });
        continue;
      }
      for (const name of await readdir(path)) {
        if (!NAME.test(name) || wanted.has(name)) continue;
        await rm(join(path, name), { force: true });
        gone += 1;
      }
    }
    return gone;
  }

  async #keep(staged: string, copied: Copied): Promise<boolean> {
    if (await this.isWhole(copied)) return false;
    const path = this.pathOf(copied.hash);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(staged, path);
    await flushFolder(dirname(path));
    await flushFolder(this.#folder);
    return true;
  }
}
