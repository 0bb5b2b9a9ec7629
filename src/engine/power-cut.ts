/**
 * After the power was cut, a file may be empty or shorter than what was synced, because its bytes never reached the
 * disk. That is no edit: it is fetched again, never uploaded, and what is there goes to this device's trash (RULES 20).
 */

import { folderOf } from '../core/names/path-parts.ts';
import type { SyncedNode } from '../core/tree/nodes.ts';
import { sameContent } from '../protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../protocol/ids.ts';
import type { RelPath } from './environment/disk.ts';
import type { Context } from './executor/context.ts';
import { trashName } from './executor/keep-in-trash.ts';
import { noteFlushed, unflushedFiles } from './executor/unflushed-files.ts';
import { type Db, durably } from './state/database.ts';
import type { ObservedNode } from './state/local-tree.ts';
import type { MetaTable } from './state/meta.ts';
import { encodeStamp } from './state/stamps.ts';

const LOOKS = 2000;

export const CUT_SHORT = 'shorter than what was synced, after the power was cut';

/** Notes durably that the engine runs, and whether the last run ended with the machine. */
export function noteStart(db: Db, meta: MetaTable, bootId: string): void {
  const last = meta.get('boot') ?? '';
  const wasCut = meta.get('clean-stop') === 'no' && last !== '' && bootId !== '' && last !== bootId;
  durably(db, () => {
    if (wasCut) meta.set('power-cut', 'yes');
    meta.set('boot', bootId);
    meta.set('clean-stop', 'no');
  });
}

export function noteStop(db: Db, meta: MetaTable): void {
  durably(db, () => meta.set('clean-stop', 'yes'));
}

interface CutShort {
  readonly row: ObservedNode;
  readonly synced: SyncedNode;
  readonly path: RelPath;
  readonly name: string;
}

/** Before the first scan: what the power cut shortened is set aside, so that it comes down again. */
export async function setAsideCutShort(context: Context): Promise<void> {
  const { state, env } = context;
  if (state.meta.get('power-cut') !== 'yes' || !(await context.rootIsOurs())) return;
  const files = state.synced.below(ROOT_NODE).filter((each) => each.content?.kind === 'file');
  const unflushed = unflushedFiles(context);
  let found = 0;
  for (let i = 0; i < files.length; i += LOOKS)
    found += await setAside(context, files.slice(i, i + LOOKS), unflushed);
  noteFlushed(context, [...unflushed]);
  env.log('warn', 'the power was cut: files that it shortened are fetched again', { files: found });
  state.meta.remove('power-cut');
}

async function setAside(
  context: Context,
  files: readonly SyncedNode[],
  unflushed: ReadonlySet<NodeId>,
): Promise<number> {
  const { state, env } = context;
  const cut = await findCutShort(context, files, unflushed);
  const moved = await env.disk.toTrash(cut);
  if (cut.length > 0) await env.disk.flushFolders([...new Set(cut.map(({ path }) => folderOf(path)))]);
  state.transaction(() => {
    cut.forEach(({ row, synced, path, name }, i) => {
      if (moved[i]?.kind !== 'found') return;
      const why = CUT_SHORT;
      state.trash.add({ name, node: row.node, path, kind: 'file', version: null, why, at: env.clock.now() });
      context.record(row.node, 'kept', why, `${row.size} of ${sizeOf(synced)} bytes`);
      state.local.remove(row.node);
      state.synced.remove(row.node);
    });
  });
  return moved.filter((each) => each.kind === 'found').length;
}

async function findCutShort(
  context: Context,
  files: readonly SyncedNode[],
  unflushed: ReadonlySet<NodeId>,
): Promise<readonly CutShort[]> {
  const { state, env } = context;
  const known = files.flatMap((synced): CutShort[] => {
    const row = state.local.get(synced.node);
    const path = row?.kind === 'file' ? state.pathOf(row.node) : null;
    const name = trashName(env, synced.node);
    return row && path !== null && row.condition !== 'excluded' ? [{ row, synced, path, name }] : [];
  });
  const looks = await env.disk.lookMany(known.map(({ path }) => path));
  return known.filter(({ row, synced }, i) => {
    const look = looks[i];
    if (look?.kind !== 'found' || look.stamp.kind !== 'file') return false;
    // Its bytes were never said to be on the disk: what stands there may be any of them, under any stamp.
    if (unflushed.has(row.node) && isSent(row, synced)) return true;
    if (look.stamp.size >= sizeOf(synced)) return false;
    // Read before the cut exactly as it is now: an edit of the user that had not gone up yet.
    return row.content === null || row.stamp !== encodeStamp(look.stamp);
  });
}

function isSent({ content }: ObservedNode, synced: SyncedNode): boolean {
  return content === null || (synced.content !== null && sameContent(content, synced.content));
}

function sizeOf(synced: SyncedNode): number {
  return synced.content?.kind === 'file' ? synced.content.size : 0;
}
