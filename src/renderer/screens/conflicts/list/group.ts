/** Conflicts in groups, flattened for a virtual list. Pure. */
import { folderOf } from '../../../../core/names/path-parts.ts';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import type { ConflictCause } from '../../../../protocol/journal.ts';
import { otherDevice, type Reader } from '../roles.ts';

export type GroupBy = 'cause' | 'folder' | 'device';
export interface Group {
  /** A cause, a folder ('' is the synced folder itself) or a device. */
  readonly key: string;
  readonly rows: readonly ConflictRow[];
}
export type Line =
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'row'; readonly row: ConflictRow };

/** Those that nobody did anything for come last. */
const CAUSES: readonly ConflictCause[] = ['edit-delete', 'offline', 'concurrent', 'lag', 'name-clash'];

function keyOf(row: ConflictRow, by: GroupBy, reader: Reader): string {
  return by === 'cause' ? row.cause : by === 'folder' ? folderOf(row.path) : otherDevice(row, reader);
}

function order(by: GroupBy): (a: Group, b: Group) => number {
  if (by !== 'cause') return (a, b) => a.key.localeCompare(b.key);
  const rank = new Map<string, number>(CAUSES.map((cause, index) => [cause, index]));
  return (a, b) => (rank.get(a.key) ?? CAUSES.length) - (rank.get(b.key) ?? CAUSES.length);
}

/** Rows keep the order they came in. */
export function groupsOf(rows: readonly ConflictRow[], by: GroupBy, reader: Reader): readonly Group[] {
  const groups = new Map<string, ConflictRow[]>();
  for (const row of rows) {
    const key = keyOf(row, by, reader);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].map(([key, each]) => ({ key, rows: each })).sort(order(by));
}

export function linesOf(groups: readonly Group[], folded: ReadonlySet<string>): readonly Line[] {
  return groups.flatMap((group): Line[] => [
    { kind: 'group', group },
    ...(folded.has(group.key) ? [] : group.rows.map((row): Line => ({ kind: 'row', row }))),
  ]);
}

/** Which conflict comes after `id`, as they are listed; null when it is the only one. */
export function nextAfter(rows: readonly ConflictRow[], id: string): string | null {
  const at = rows.findIndex((row) => row.id === id);
  const others = rows.filter((row) => row.id !== id);
  return (rows.slice(at + 1).find((row) => row.id !== id) ?? others[0])?.id ?? null;
}
