/**
 * Renames and folders that arrived, and whose end a stop cut off: a kill takes the record of what the disk did, a power
 * cut that, or what the disk did. Known before anything is planned, neither passes for a rename, a new folder or a delete
 * of the user, whatever the node has become on the server since.
 */
import { pathIn } from '../../core/names/path-parts.ts';
import type { Place } from '../../core/tree/nodes.ts';
import type { DiskOutcome, Found } from '../environment/disk.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import type { ShapingNote } from '../state/shaping-notes.ts';
import { agreeOnFolder, agreeOnMove, placeMoved } from './agreed-place.ts';
import type { Context } from './context.ts';
import { isGone } from './cut-short.ts';

const RULE = 'found done after a stop';

/** In their order: what stands in a folder is found where that stands by then. */
export async function settleShaped(context: Context): Promise<void> {
  const { state, unflushed } = context;
  const notes = state.shaping.open();
  if (notes.length === 0) return;
  for (const note of notes)
    await (note.fileId === null ? settleMade(context, note) : settleMove(context, note, note.fileId));
  // What had moved into such a folder has gone back out of it by now.
  if (wasCut(context))
    for (const note of notes.toReversed()) if (note.fileId === null) await settleUnmade(context, note);
  for (const { from, to } of notes) for (const place of [from, to]) if (place) unflushed.add(place.parent);
  await unflushed.flush();
  state.shaping.finish(notes);
}

async function settleMade(context: Context, { node, to }: ShapingNote): Promise<void> {
  const { state } = context;
  if (state.local.get(node) !== null || state.synced.get(node) !== null) return;
  if (state.remote.get(node)?.kind !== 'folder' || state.local.at(to.parent, to.name) !== null) return;
  const found = await lookAt(context, to);
  if (found?.kind === 'found' && found.stamp.kind === 'folder')
    state.transaction(() => agreeOnFolder(context, node, to, found.stamp, RULE));
}

/** The power cut took the folder back: it comes again, with what is in it. */
async function settleUnmade(context: Context, { node, to }: ShapingNote): Promise<void> {
  const { state } = context;
  if (!standsAt(state.local.get(node), to)) return;
  const look = await lookAt(context, to);
  if (look?.kind !== 'failed' || !isGone(look)) return;
  state.transaction(() => {
    for (const gone of state.local.remove(node)) state.synced.remove(gone);
  });
}

async function settleMove(context: Context, { node, from, to }: ShapingNote, fileId: string): Promise<void> {
  const { state } = context;
  const row = state.local.get(node);
  if (row === null || row.fileId !== fileId) return;
  const there = await lookAt(context, to);
  if (there?.kind === 'found' && there.stamp.fileId === fileId) {
    const done = { row, stamp: there.stamp, place: to };
    if (!standsAt(row, to)) state.transaction(() => agreeOnMove(context, done, RULE));
    return;
  }
  if (from === null || !standsAt(row, to) || !wasCut(context)) return;
  const back = await lookAt(context, from);
  if (back?.kind === 'found' && back.stamp.fileId === fileId)
    state.transaction(() => placeMoved(context, { row, stamp: back.stamp, place: from }));
}

function standsAt(row: ObservedNode | null, { parent, name }: Place): row is ObservedNode {
  return row !== null && !row.parked && row.parent === parent && row.name === name;
}

function wasCut({ state }: Context): boolean {
  return state.meta.get('power-cut') === 'yes';
}

/** `null`: its folder stands nowhere. */
async function lookAt({ state, env }: Context, { parent, name }: Place): Promise<DiskOutcome<Found> | null> {
  const folder = state.pathOf(parent);
  return folder === null ? null : env.disk.look(pathIn(folder, name));
}
