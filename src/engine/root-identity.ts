/**
 * Is the root the very folder it was? A copy of it, put in its place, carries the same marker, but none of what was
 * agreed about it can be believed. Only the number of its disk may change: some systems draw it at every start.
 */
import type { Stamp } from './environment/disk.ts';
import type { Db } from './state/database.ts';
import type { MetaTable } from './state/meta.ts';

export type RootIdentity = 'same' | 'other';

const KEY = 'root-id';

/** Compares with what was noted last, and notes what is there now. */
export function recognizeRoot(db: Db, meta: MetaTable, root: Stamp): RootIdentity {
  const last = meta.get(KEY);
  const now = `${root.device} ${withoutDevice(root)}`;
  if (last === now) return 'same';
  const [device = '', object = ''] = (last ?? now).split(' ');
  const same = object === withoutDevice(root);
  db.transaction(() => {
    if (same && device !== root.device) renumber(db, device, root.device);
    meta.set(KEY, now);
  })();
  return same ? 'same' : 'other';
}

/** Number of the disk that the root is on; empty before it was ever seen. */
export function rootDevice(meta: MetaTable): string {
  return meta.get(KEY)?.split(' ')[0] ?? '';
}

function withoutDevice(root: Stamp): string {
  const prefix = `${root.device}:`;
  return root.fileId.startsWith(prefix) ? root.fileId.slice(prefix.length) : root.fileId;
}

/** The same disk under another number: what was seen on it is still what it was. */
function renumber(db: Db, from: string, to: string): void {
  const change = (table: string, column: string): void => {
    db.prepare(
      `UPDATE ${table} SET ${column} = ? || substr(${column}, ?) WHERE substr(${column}, 1, ?) = ?`,
    ).run(`${to}:`, from.length + 2, from.length + 1, `${from}:`);
  };
  change('local', 'file_id');
  change('local', 'stamp');
  change('synced', 'stamp');
  change('mounts', 'file_id');
}
