/** The shim that counts a process's system calls and strikes at one of them: built once, told what to do while it runs. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./points.cc', import.meta.url));
const BUILT = join(fileURLToPath(new URL('../../out', import.meta.url)), 'points.so');

/** Kinds of calls, as the shim's bits. */
export const KINDS = {
  open: 1,
  create: 2,
  write: 4,
  name: 8,
  remove: 16,
  meta: 32,
  sync: 64,
  read: 128,
  look: 256,
} as const;
export type Kind = keyof typeof KINDS;

/** Whatever changes files, names or what of them is durable. */
export const CHANGES: readonly Kind[] = ['create', 'write', 'name', 'remove', 'meta', 'sync'];

const ACTIONS = { count: 0, kill: 1, fail: 2, short: 3, tear: 4 } as const;
const ERRNOS = { EIO: 5, EACCES: 13, EMFILE: 24, ENOSPC: 28 } as const;
export type Errno = keyof typeof ERRNOS;

export type Strike =
  /** Only counts. */
  | { readonly kind: 'count' }
  /** The process ends in front of the call. */
  | { readonly kind: 'kill' }
  /** … or with half of it done, where a call has halves (a write); else right behind it. */
  | { readonly kind: 'tear' }
  | { readonly kind: 'fail'; readonly errno: Errno; readonly sticky: boolean }
  /** Writes are half as long as they were to be. */
  | { readonly kind: 'short'; readonly sticky: boolean };

/** One call that was counted. The path is below the folder that is watched. */
export interface Point {
  readonly call: string;
  readonly path: string;
}

/** Builds the shim where it is older than its source; null, with a reason, where it cannot be built. */
export function buildShim(): { readonly file: string } | { readonly why: string } {
  if (process.platform !== 'linux') return { why: 'calls are counted on Linux only' };
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs > statSync(SOURCE).mtimeMs) return { file: BUILT };
  const temporary = `${BUILT}.${process.pid}`;
  const compiler = process.env['CXX'] ?? 'g++';
  const flags = ['-std=c++17', '-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-o', temporary];
  const built = spawnSync(compiler, [...flags, SOURCE, '-ldl'], { encoding: 'utf8' });
  if (built.error) return { why: `the C++ compiler ${compiler} did not start` };
  if (built.status !== 0) throw new Error(`the shim does not compile:\n${built.stderr}`);
  renameSync(temporary, BUILT);
  return { file: BUILT };
}

const SIZE = 1 << 20;
const HEAD = 64;
const WORDS = {
  ...{ armed: 0, kinds: 1, at: 2, action: 3, error: 4, sticky: 5, count: 6, fired: 7, used: 8, seen: 9 },
  ...{ distinct: 10, last: 11 },
};

/** What one process at a time is told, and what it tells: a file that the shim maps. */
export class PointControl {
  readonly #fd: number;
  /** What the process has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Of a row of equal calls on one file only the first counts. */
  distinct = false;

  /** `below`: the folder whose calls count. */
  constructor(shim: string, file: string, below: string) {
    this.#fd = openSync(file, 'w+');
    writeSync(this.#fd, Buffer.alloc(1), 0, 1, SIZE - 1);
    this.env = { LD_PRELOAD: shim, TIDEMARK_POINTS: file, TIDEMARK_POINTS_BELOW: below };
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** From here on calls of these kinds count from 1, and the strike falls on number `at`. */
  arm(strike: Strike, at: number, kinds: readonly Kind[] = CHANGES): void {
    this.disarm();
    for (const word of ['count', 'fired', 'used', 'seen', 'last'] as const) this.#set(word, 0);
    this.#set('distinct', this.distinct ? 1 : 0);
    const bits = kinds.reduce((sum, kind) => sum | KINDS[kind], 0);
    this.#set('kinds', bits);
    this.#set('at', strike.kind === 'count' ? 0 : at);
    this.#set('action', ACTIONS[strike.kind]);
    this.#set('error', strike.kind === 'fail' ? ERRNOS[strike.errno] : 0);
    this.#set('sticky', 'sticky' in strike && strike.sticky ? 1 : 0);
    this.#set('armed', 1);
  }

  /** Nothing strikes any more, and nothing is counted. */
  disarm(): void {
    this.#set('armed', 0);
  }

  get count(): number {
    return this.#get('count');
  }

  get fired(): number {
    return this.#get('fired');
  }

  /** The calls counted since it was armed, oldest first. */
  points(): readonly Point[] {
    const length = Math.min(this.#get('used'), SIZE - HEAD);
    const bytes = Buffer.alloc(length);
    readSync(this.#fd, bytes, 0, length, HEAD);
    return bytes
      .toString('utf8')
      .split('\n')
      .flatMap((line) => {
        const match = /^\d+ (\S+) (.*)$/.exec(line);
        return match ? [{ call: match[1] ?? '', path: match[2] ?? '' }] : [];
      });
  }

  #set(word: keyof typeof WORDS, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    writeSync(this.#fd, bytes, 0, 4, WORDS[word] * 4);
  }

  #get(word: keyof typeof WORDS): number {
    const bytes = Buffer.alloc(4);
    readSync(this.#fd, bytes, 0, 4, WORDS[word] * 4);
    return bytes.readUInt32LE();
  }
}
