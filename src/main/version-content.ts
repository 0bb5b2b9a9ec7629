/** The bytes of a version, fetched from the engine piece by piece. */
import { type FileHandle, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Params } from '../ipc/contract.ts';
import { type Refused, refused } from '../ipc/contract.ts';
import type { CatResult } from '../ipc/history.ts';
import type { CallOutcome } from '../ipc/node-control-client.ts';
import { thawPauseMs } from '../ipc/thawing.ts';

export type Cat = (params: Params<'cat'>) => Promise<CallOutcome<'cat'>>;

export interface VersionName {
  readonly node: string;
  readonly version: string;
}

/** Why there is no answer, as the user reads it. */
export function noAnswer(outcome: Exclude<CallOutcome<'cat'>, { kind: 'ok' }>): Refused {
  if (outcome.kind === 'refused') return outcome;
  if (outcome.kind === 'fault') return refused('cannot-open', { file: '', detail: outcome.message });
  return refused('engine-gone');
}

/** Longer than this nobody looks at what opens by itself: then the user is told to come back. */
const PATIENCE_MS = 10 * 60_000;

/** A pause that does not keep the program from ending. */
const pauseFor = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

/**
 * Every piece in order; `use` says whether to go on. Answers with the last piece, or why there is none. What lies in the
 * server's cold storage is waited for, a while.
 */
export async function eachPiece(
  cat: Cat,
  { node, version }: VersionName,
  use: (piece: CatResult, bytes: Buffer) => Promise<boolean> | boolean,
  pause: (ms: number) => Promise<void> = pauseFor,
): Promise<CatResult | Refused> {
  let waited = 0;
  for (let offset = 0; ; ) {
    const outcome = await cat({ node, version, offset });
    if (outcome.kind !== 'ok') {
      const ms = outcome.kind === 'refused' ? thawPauseMs(outcome) : null;
      if (ms === null || waited + ms > PATIENCE_MS) return noAnswer(outcome);
      waited += ms;
      await pause(ms);
      continue;
    }
    const piece = outcome.value;
    const goOn = await use(piece, Buffer.from(piece.bytes, 'base64'));
    if (!goOn || piece.next === null || piece.next <= offset) return piece;
    offset = piece.next;
  }
}

/** A name that every system takes: other people's devices may name files as they like. */
export function safeName(path: string, number: number): string {
  const name = basename(path)
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, '_')
    .replace(/^[-.]+/, '_')
    .replace(/[. ]+$/, '_');
  const ending = extname(name).slice(0, 32);
  const stem = name.slice(0, name.length - extname(name).length).slice(0, 80) || 'file';
  return `${stem} (version ${number})${ending}`;
}

/** Copies for other programs to look at: read-only, for the owner only, in a folder that is emptied at each start. */
export interface VersionCopies {
  /** An empty folder of its own for one purpose. */
  newFolder(): Promise<string>;
  /** `name` null: after the version's own. */
  write(
    folder: string,
    version: VersionName,
    name: string | null,
  ): Promise<{ readonly file: string } | Refused>;
  /** Read-only files can be removed everywhere but on Windows, where they are made writable first. */
  remove(folder: string): Promise<void>;
  clear(): Promise<void>;
}

export function openVersionCopies(root: string, cat: Cat): VersionCopies {
  const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  return {
    newFolder: async () => {
      await mkdir(root, { recursive: true, mode: 0o700 });
      return mkdtemp(join(root, 'v-'));
    },
    write: async (folder, version, name) => {
      let handle: FileHandle | null = null;
      let file = '';
      try {
        const last = await eachPiece(cat, version, async (piece, bytes) => {
          file ||= join(folder, name ?? safeName(piece.path, piece.number));
          handle ??= await open(file, 'wx', 0o400);
          await handle.write(bytes);
          return true;
        });
        return 'code' in last ? last : { file };
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return refused('cannot-open', { file: basename(file), detail });
      } finally {
        await (handle as FileHandle | null)?.close();
      }
    },
    remove,
    clear: () => remove(root),
  };
}
