/**
 * An external merge tool: BASE, LEFT (theirs) and RIGHT (mine) as read-only copies, OUT to be written. What is saved
 * in OUT is offered to the page; nothing is sent before the user says so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type ConflictShown, type ConflictSide, MERGED_BYTES } from '../ipc/conflicts.ts';
import { type Refused, refused } from '../ipc/contract.ts';
import type { CallOutcome } from '../ipc/node-control-client.ts';
import type { AppSettings, MergeToolState } from '../ipc/window.ts';
import type { VersionCopies, VersionName } from './version-content.ts';

type Tool = NonNullable<AppSettings['mergeTool']>;

interface Opened {
  readonly folder: string;
  readonly out: string;
  readonly child: ChildProcess;
  readonly watcher: FSWatcher;
  /** What OUT held before the tool saw it. */
  readonly before: string;
}

export interface MergeTools {
  open(id: string): Promise<{ readonly kind: 'done' } | Refused>;
  take(id: string): Promise<{ readonly kind: 'text'; readonly bytes: string } | Refused>;
  /** Copies go; the tools themselves are the user's. */
  close(): Promise<void>;
}

export interface MergeToolOptions {
  readonly tool: () => Tool | null;
  readonly conflict: (id: string) => Promise<CallOutcome<'conflicts.show'>>;
  readonly copies: VersionCopies;
  readonly tell: (state: MergeToolState) => void;
}

/** As a word of its own, with or without the `$` that other programs have there. */
const WORD = /\$?\b(BASE|LEFT|RIGHT|OUT)\b/g;

/** The four words stand for files wherever they are in an argument; a tool with none of them gets all four. */
export function toolArguments(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): readonly string[] {
  const filled = args.map((arg) => arg.replace(WORD, (_whole, word: string) => files[word] ?? word));
  const named = args.some((arg) => arg.search(WORD) >= 0);
  return named ? filled : [...filled, ...Object.values(files)];
}

const versionOf = ({ node, version }: ConflictSide): VersionName | null =>
  version === null ? null : { node, version };

/** The four files by the words that stand for them. */
type Files = Readonly<Record<'BASE' | 'LEFT' | 'RIGHT' | 'OUT', string>>;
type LaidOut = { readonly kind: 'files'; readonly files: Files } | Refused;

export function createMergeTools({ tool, conflict, copies, tell }: MergeToolOptions): MergeTools {
  const opened = new Map<string, Opened>();

  const close = async (id: string): Promise<void> => {
    const one = opened.get(id);
    if (one === undefined) return;
    opened.delete(id);
    one.watcher.close();
    await copies.remove(one.folder);
  };

  /** A side that is gone is an empty file. */
  const layOne = async (
    folder: string,
    name: string,
    version: VersionName | null,
  ): Promise<string | Refused> => {
    if (version === null) {
      await writeFile(join(folder, name), '', { mode: 0o400 });
      return join(folder, name);
    }
    const written = await copies.write(folder, version, name);
    return 'file' in written ? written.file : written;
  };

  const layOut = async (shown: ConflictShown, folder: string): Promise<LaidOut> => {
    const ending = extname(basename(shown.path))
      .replace(/[^A-Za-z0-9.]/g, '')
      .slice(0, 16);
    const ancestor =
      shown.base === null ? null : { node: shown.base.node, version: shown.base.version.version };
    const BASE = await layOne(folder, `base${ending}`, ancestor);
    if (typeof BASE !== 'string') return BASE;
    const LEFT = await layOne(folder, `left${ending}`, versionOf(shown.theirs));
    if (typeof LEFT !== 'string') return LEFT;
    const RIGHT = await layOne(folder, `right${ending}`, versionOf(shown.mine));
    if (typeof RIGHT !== 'string') return RIGHT;
    const OUT = join(folder, `merged${ending}`);
    await writeFile(OUT, await readFile(RIGHT), { mode: 0o600 });
    return { kind: 'files', files: { BASE, LEFT, RIGHT, OUT } };
  };

  const follow = (id: string, one: Omit<Opened, 'watcher'>): void => {
    let timer: NodeJS.Timeout | null = null;
    const look = async () => {
      const now = await readFile(one.out, 'base64').catch(() => one.before);
      if (opened.has(id) && now !== one.before) tell({ conflict: id, stage: 'changed', detail: '' });
    };
    // The folder and not the file: many programs save by renaming a new one over it.
    const watcher = watch(one.folder, () => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void look(), 200);
    });
    watcher.on('error', () => watcher.close());
    opened.set(id, { ...one, watcher });
    one.child.once('error', (error) => {
      tell({ conflict: id, stage: 'failed', detail: error.message });
      void close(id);
    });
    one.child.once('exit', async (code) => {
      await look();
      const detail = code === 0 || code === null ? '' : String(code);
      if (opened.get(id)?.child === one.child) tell({ conflict: id, stage: 'closed', detail });
    });
  };

  return {
    open: async (id) => {
      const chosen = tool();
      if (chosen === null) return refused('no-merge-tool');
      const shown = await conflict(id);
      if (shown.kind === 'refused') return shown;
      if (shown.kind !== 'ok') return refused('engine-gone');
      await close(id);
      const folder = await copies.newFolder();
      const laid = await layOut(shown.value, folder);
      if (laid.kind === 'refused') {
        await copies.remove(folder);
        return laid;
      }
      const { files } = laid;
      const before = await readFile(files.OUT, 'base64');
      const child = spawn(chosen.command, toolArguments(chosen.args, files), {
        cwd: folder,
        stdio: 'ignore',
      });
      follow(id, { folder, out: files.OUT, child, before });
      if (child.pid !== undefined) tell({ conflict: id, stage: 'opened', detail: basename(chosen.command) });
      return { kind: 'done' };
    },
    take: async (id) => {
      const one = opened.get(id);
      if (one === undefined) return refused('merge-not-open');
      const size = (await stat(one.out).catch(() => null))?.size;
      if (size === undefined) return refused('merge-not-open');
      if (size > MERGED_BYTES) return refused('too-large', { detail: basename(one.out) });
      return { kind: 'text', bytes: await readFile(one.out, 'base64') };
    },
    close: async () => {
      for (const id of [...opened.keys()]) await close(id);
    },
  };
}
