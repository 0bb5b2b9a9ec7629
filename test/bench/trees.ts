/** The trees that are synced: names, sizes, times and bytes are the same in every run. Nothing in them compresses. */
import { type Cipheriv, createCipheriv } from 'node:crypto';
import { closeSync, mkdirSync, openSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 2 ** 20;
/** Files are dated one second apart from here on, long before any run. */
const FIRST_MTIME = 1_704_067_200;

/** An endless row of bytes that looks random and is a function of the seed. */
export class ByteStream {
  readonly #cipher: Cipheriv;

  constructor(seed: number) {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(seed);
    this.#cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  }

  take(count: number): Buffer {
    return this.#cipher.update(Buffer.alloc(count));
  }
}

export interface Forest {
  readonly files: number;
  readonly folders: number;
  readonly size: number;
  readonly seed: number;
}

/** Makes files of one size, spread evenly over folders; `folders: 0` puts all of them right into `root`. */
export function plantMany(root: string, forest: Forest): void {
  const stream = new ByteStream(forest.seed);
  const perFolder = Math.ceil(forest.files / Math.max(1, forest.folders));
  for (let made = 0; made < forest.files; made += 1) {
    const folderName = `d${String(Math.floor(made / perFolder)).padStart(4, '0')}`;
    const folder = forest.folders === 0 ? root : join(root, folderName);
    if (made % perFolder === 0) mkdirSync(folder, { recursive: true });
    const path = join(folder, `f${String(made % perFolder).padStart(6, '0')}.bin`);
    const file = openSync(path, 'w');
    writeSync(file, stream.take(forest.size));
    closeSync(file);
    utimesSync(path, FIRST_MTIME + made, FIRST_MTIME + made);
  }
}

/** Makes one large file. */
export function plantOne(path: string, size: number, seed: number): void {
  const stream = new ByteStream(seed);
  const file = openSync(path, 'w');
  for (let left = size; left > 0; left -= 4 * MIB) writeSync(file, stream.take(Math.min(left, 4 * MIB)));
  closeSync(file);
  utimesSync(path, FIRST_MTIME, FIRST_MTIME);
}
