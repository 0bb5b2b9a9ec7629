/** Whose side is whose, as the reader sees it. Pure. */
import type { ConflictRow, ConflictSide } from '../../../ipc/conflicts.ts';

export interface Reader {
  readonly device: string;
  readonly user: string;
}

export type SideName = 'mine' | 'theirs';
/** 'sides': one was made here, the other elsewhere. 'places': this device made neither or both. */
export type Naming = 'sides' | 'places';
export type Author = 'here' | 'me-elsewhere' | 'other';

export function namingOf(row: Pick<ConflictRow, 'mine' | 'theirs'>, reader: Reader): Naming {
  return row.mine.device === reader.device && row.theirs.device !== reader.device ? 'sides' : 'places';
}

export function authorOf(side: Pick<ConflictSide, 'device' | 'user'>, reader: Reader): Author {
  if (side.device === reader.device) return 'here';
  return side.user === reader.user ? 'me-elsewhere' : 'other';
}

export function sideOf(row: Pick<ConflictRow, 'mine' | 'theirs'>, role: 'original' | 'copy'): ConflictSide {
  return row.mine.role === role ? row.mine : row.theirs;
}

/** The device that the reader does not sit at. */
export function otherDevice(row: Pick<ConflictRow, 'mine' | 'theirs'>, reader: Reader): string {
  return row.theirs.device === reader.device ? row.mine.device : row.theirs.device;
}

/** The same bytes on both sides: nothing is lost whatever is chosen. */
export function isSameContent(row: Pick<ConflictRow, 'mine' | 'theirs'>): boolean {
  return row.mine.content !== null && row.mine.content === row.theirs.content;
}

const CLOCK_MS = 2 * 60_000;

/**
 * Whether a device's clock can be right: nothing is committed before it is edited, nor edited before the version it
 * started from was there.
 */
export function clockOf(
  edit: { readonly at: number; readonly editedAt: number },
  base: { readonly at: number } | null,
): { readonly kind: 'fine' } | { readonly kind: 'ahead' | 'behind'; readonly byMs: number } {
  if (edit.editedAt - edit.at > CLOCK_MS) return { kind: 'ahead', byMs: edit.editedAt - edit.at };
  if (base !== null && base.at - edit.editedAt > CLOCK_MS)
    return { kind: 'behind', byMs: base.at - edit.editedAt };
  return { kind: 'fine' };
}
