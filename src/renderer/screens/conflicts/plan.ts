/** What a decision does to a file: for the hints beside the buttons and for the dry run of many. Pure. */
import { baseName } from '../../../core/names/path-parts.ts';
import { checkName, type NameRefusal } from '../../../core/names/valid-name.ts';
import type { ConflictRow, ConflictSide } from '../../../ipc/conflicts.ts';
import { assertNever } from '../../../protocol/assert-never.ts';

export type Choice = 'mine' | 'theirs' | 'both';

export type Effect =
  /** The file at `path` gets the other side's content as a new version; what stood there stays in the history. */
  | {
      readonly kind: 'takes';
      readonly path: string;
      readonly from: ConflictSide;
      readonly gone: string | null;
    }
  /** The file at `path` stays; the copy leaves the folder, its versions stay in the history. */
  | {
      readonly kind: 'stays';
      readonly path: string;
      readonly from: ConflictSide;
      readonly gone: string | null;
    }
  /** The deletion is what counts: it goes to the trash, on every device. */
  | { readonly kind: 'deleted'; readonly path: string }
  | { readonly kind: 'both'; readonly path: string; readonly copyPath: string }
  /** This choice makes no sense here: it is left as it is. */
  | { readonly kind: 'not'; readonly why: 'folder' | 'one-is-gone' };

function isGone(side: ConflictSide): boolean {
  return side.kind === 'deleted' || side.version === null;
}

export function effectOf(row: ConflictRow, keep: Choice): Effect {
  switch (keep) {
    case 'both':
      return row.copyPath === null || isGone(row.mine) || isGone(row.theirs)
        ? { kind: 'not', why: 'one-is-gone' }
        : { kind: 'both', path: row.path, copyPath: row.copyPath };
    case 'mine':
      return keepOne(row, row.mine, row.theirs);
    case 'theirs':
      return keepOne(row, row.theirs, row.mine);
    default:
      return assertNever(keep, 'choice');
  }
}

function keepOne(row: ConflictRow, kept: ConflictSide, other: ConflictSide): Effect {
  if (kept.kind === 'folder' || other.kind === 'folder') return { kind: 'not', why: 'folder' };
  if (isGone(kept)) return { kind: 'deleted', path: other.path ?? row.path };
  if (kept.role === 'copy') return { kind: 'takes', path: row.path, from: kept, gone: row.copyPath };
  return { kind: 'stays', path: row.path, from: kept, gone: row.copyPath };
}

export function isPossible(row: ConflictRow, keep: Choice): boolean {
  return effectOf(row, keep).kind !== 'not';
}

/** Text of both sides can be merged: files, both there. */
export function canMerge(row: ConflictRow): boolean {
  return row.mine.kind === 'file' && row.theirs.kind === 'file' && !isGone(row.mine) && !isGone(row.theirs);
}

/** Why a name for the copy cannot be; null when it can. */
export type NameFault = 'empty' | 'slash' | 'taken' | 'long' | 'reserved';

const FAULT_OF: Readonly<Record<NameRefusal, NameFault>> = {
  empty: 'empty',
  dot: 'empty',
  separator: 'slash',
  nul: 'slash',
  'too-long': 'long',
  surrogate: 'reserved',
  reserved: 'reserved',
};

export function nameFault(name: string, row: ConflictRow): NameFault | null {
  if (name === baseName(row.path)) return 'taken';
  const check = checkName(name.trim() === '' ? '' : name);
  return check.kind === 'ok' ? null : FAULT_OF[check.why];
}

/** "roadmap.xlsx" and "Anna-Laptop" → "roadmap (Anna-Laptop).xlsx": shorter than what the server named it. */
export function proposedName(path: string, device: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  const cut = dot > 0 ? dot : name.length;
  const safe = device.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '-').trim();
  return `${name.slice(0, cut)} (${safe === '' ? '2' : safe})${name.slice(cut)}`;
}
