/**
 * Files that could not be looked at when this device was started after a power cut, as their folder could not be read or
 * another disk showed over it, or that could not be read. They are judged before they are read as what they are now: what
 * the cut hurt is no edit.
 */
import { type NodeId, parseManifestId, parseNodeId } from '../../protocol/ids.ts';
import type { DiskFailure } from '../environment/disk.ts';
import type { Context } from './context.ts';
import { type ReadBefore, type SetAside, setAside } from './cut-short.ts';
import { slotKey } from './operations.ts';
import { noteFlushed, unflushedFiles } from './unflushed-files.ts';

const KEY = 'unseen-after-cut';
const BETWEEN = ' ';
const WITHIN = '=';

interface UnseenAfterCut {
  readonly startedAt: number;
  readonly nodes: ReadonlySet<NodeId>;
  /** Of some of them: what was read before the cut. */
  readonly read: ReadonlyMap<NodeId, ReadBefore>;
}

/** What was read of those that a cut before this one left unjudged. */
export function readBefore({ state }: Context): ReadonlyMap<NodeId, ReadBefore> {
  return read(state.meta).read;
}

/** Nothing of them is told before they were read anew: edits, and what is `unflushed`, as its stamp proves nothing. */
export function noteUnseen(
  { state, env }: Context,
  unseen: Omit<SetAside, 'found'>,
  unflushed: ReadonlySet<NodeId>,
): void {
  const nodes = new Set(unseen.unseen.keys());
  state.transaction(() => {
    put(state.meta, { startedAt: env.clock.now(), nodes, read: unseen.read });
    for (const node of nodes) if (unflushed.has(node) || unseen.read.has(node)) state.local.unhash(node);
  });
}

/** Before these files are read: what the cut hurt of them is set aside. What still cannot be judged is returned: null is a folder that is not ours. */
export async function judgeUnseen(
  context: Context,
  batch: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, DiskFailure | null>> {
  const { state, operations } = context;
  const { startedAt, nodes, read: known } = read(state.meta);
  const due = batch.filter((node) => nodes.has(node));
  if (due.length === 0) return new Map();
  if (!(await context.rootIsOurs())) return new Map(due.map((node) => [node, null]));
  const files = due.flatMap((node) => {
    const row = state.local.get(node);
    const synced = state.synced.get(node);
    return row && synced ? [{ row, synced }] : [];
  });
  const keys = files.flatMap(({ row }) => [row.node, slotKey(row.parent, row.name)]);
  operations.touch(keys);
  const agreed = files.map(({ synced }) => synced);
  const still = await setAside(context, agreed, {
    unflushed: unflushedFiles(context),
    read: known,
    startedAt,
  });
  const judged = new Set(due.filter((node) => !still.unseen.has(node)));
  noteFlushed(context, [...judged]);
  // Read again: another batch may have judged some meanwhile.
  const left = [...read(state.meta).nodes].filter((node) => !judged.has(node));
  put(state.meta, { startedAt, nodes: new Set(left), read: known });
  operations.letGo(keys);
  return still.unseen;
}

function read(meta: Context['state']['meta']): UnseenAfterCut {
  const [startedAt, ...files] = (meta.get(KEY) ?? '').split(BETWEEN);
  const nodes = new Set<NodeId>();
  const known = new Map<NodeId, ReadBefore>();
  for (const file of files) {
    const [id, manifest, stamp] = file.split(WITHIN);
    const node = parseNodeId(id);
    nodes.add(node);
    if (manifest !== undefined && stamp !== undefined)
      known.set(node, { manifest: parseManifestId(manifest), stamp });
  }
  return { startedAt: Number(startedAt), nodes, read: known };
}

function put(meta: Context['state']['meta'], { startedAt, nodes, read: known }: UnseenAfterCut): void {
  const files = [...nodes].map((node) => {
    const edit = known.get(node);
    return edit ? [node, edit.manifest, edit.stamp].join(WITHIN) : node;
  });
  if (files.length === 0) meta.remove(KEY);
  else meta.set(KEY, [startedAt, ...files].join(BETWEEN));
}
