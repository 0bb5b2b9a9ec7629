/**
 * Large chunks: one file each, under a name that is drawn anew for every write. Folders are numbered and filled one
 * after the other, so that concurrent writes share one folder flush and no folder grows without bound.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder, systemCode, writeFully } from './durable-file.ts';
import { GroupFlush } from './group-flush.ts';
import { RECORD_HEAD, writeRecordHead } from './record.ts';
import type { Sealed } from './sealing.ts';

const FILES_PER_FOLDER = 4096;

interface Filling {
  readonly name: string;
  readonly flush: GroupFlush;
  files: number;
}

export class LargeFiles {
  readonly #root: string;
  readonly #lane: string;
  #filling: Promise<Filling> | null = null;
  #number = 0;

  /** `lane` keeps writers of different threads in different folders. */
  constructor(root: string, lane: string) {
    this.#root = root;
    this.#lane = lane;
  }

  async open(): Promise<void> {
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
    const mine = new RegExp(`^(\\d{6,})-${this.#lane}$`);
    for (const name of await readdir(this.#root)) {
      this.#number = Math.max(this.#number, Number(mine.exec(name)?.[1] ?? 0));
    }
    if (this.#number === 0) return;
    const name = this.#folderName();
    const files = (await readdir(join(this.#root, name))).length;
    this.#filling = Promise.resolve(this.#filled(name, files));
  }

  /** Answers `folder/file`. Durable, name included. */
  async write({ head, body }: Sealed): Promise<string> {
    const folder = await this.#folder();
    folder.files += 1;
    const name = `${head.id.slice(0, 16)}-${randomBytes(8).toString('hex')}`;
    const path = join(this.#root, folder.name, name);
    const file = await open(path, 'wx', 0o600);
    try {
      const bytes = Buffer.allocUnsafe(RECORD_HEAD);
      writeRecordHead(bytes, 0, head);
      await writeFully(file, [bytes, body], 0);
      await file.datasync();
    } catch (cause) {
      await unlink(path).catch(() => {});
      throw cause;
    } finally {
      await file.close();
    }
    await folder.flush.done();
    return `${folder.name}/${name}`;
  }

  async erase(place: string): Promise<void> {
    const path = join(this.#root, place);
    await unlink(path).catch((cause: unknown) => {
      if (systemCode(cause) !== 'ENOENT') throw cause;
    });
    await flushFolder(join(path, '..'));
  }

  async #folder(): Promise<Filling> {
    for (;;) {
      const known = this.#filling;
      const filling = await known;
      if (filling !== null && filling.files < FILES_PER_FOLDER) return filling;
      // Several writers may find the same folder full: only the first of them begins the next one.
      if (this.#filling === known) this.#filling = this.#begin();
    }
  }

  async #begin(): Promise<Filling> {
    this.#number += 1;
    const name = this.#folderName();
    try {
      await mkdir(join(this.#root, name), { mode: 0o700 });
      await flushFolder(this.#root);
    } catch (cause) {
      this.#filling = null;
      throw cause;
    }
    return this.#filled(name, 0);
  }

  #folderName(): string {
    return `${String(this.#number).padStart(6, '0')}-${this.#lane}`;
  }

  #filled(name: string, files: number): Filling {
    return { name, flush: new GroupFlush(() => flushFolder(join(this.#root, name))), files };
  }
}
