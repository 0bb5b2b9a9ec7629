/**
 * What we did, and whose record a kill cut off: files that reached their place, folders that are gone. Whoever saved over
 * one since had it before them: it is agreed on now as it would have been then, or that save would pass for one that knew nothing of it. Not so
 * after a power cut: what is shorter than what was agreed on then counts as torn, and a save may be (RULES 20). What still
 * is what we placed is neither: it had been flushed before.
 */
import { baseName, folderOf } from '../../core/names/path-parts.ts';
import type { Stamp } from '../environment/disk.ts';
import type { ExchangeIntent } from '../state/exchange-intents.ts';
import { decodeStamp, sameBytesLikely } from '../state/stamps.ts';
import type { Context } from './context.ts';
import { stagedName } from './staging.ts';

/** A new file that is not in staging any more, and something stands where it went. */
export async function recordArrival(context: Context, intent: ExchangeIntent): Promise<void> {
  const { state, env } = context;
  const remote = state.remote.get(intent.node);
  const parts = decodeStamp(intent.stamp);
  const parent = state.nodeAt(folderOf(intent.path));
  if (!remote?.live || !isHead(context, intent) || parts === null || parent === null) return;
  const name = baseName(intent.path);
  if (state.local.get(intent.node) || state.synced.get(intent.node) || state.local.at(parent, name)) return;
  const look = await env.disk.look(intent.path);
  if (look.kind !== 'found' || look.stamp.kind !== remote.kind || remote.head === null) return;
  if (wasCut(context) && !sameBytesLikely(intent.stamp, look.stamp)) return;
  const { content, version } = remote.head;
  const stamp: Stamp = { ...look.stamp, ...parts, fileId: parts.fileId as Stamp['fileId'] };
  state.transaction(() => {
    state.local.put(intent.node, parent, name, stamp, content);
    const { node, kind, entryRev } = remote;
    state.synced.put({ node, kind, parent, name, entryRev, version, content, stamp: intent.stamp });
  });
}

/** What was agreed on lies in staging just as it was: ours stands, or stood, where it came from, and is read there. */
export function recordExchange(context: Context, intent: ExchangeIntent): void {
  const { state } = context;
  const head = state.remote.get(intent.node)?.head;
  const synced = state.synced.get(intent.node);
  if (!head || !synced || synced.stamp !== intent.stamp || !isHead(context, intent) || wasCut(context))
    return;
  state.transaction(() => {
    state.synced.put({ ...synced, version: head.version, content: head.content, stamp: '', lent: null });
    state.local.unhash(intent.node);
  });
  const row = state.local.get(intent.node);
  if (row) context.scanner.lookAt(row.parent, row.name);
}

/**
 * The very folder that was agreed on is not at its place: it went by our hand, and is not missed. Should it live again by
 * now, its absence would pass for the user's, and would be a delete for everybody.
 */
export async function recordRemoval({ state, env }: Context, { node, stamp }: ExchangeIntent): Promise<void> {
  const path = state.pathOf(node);
  if (path === null || state.local.get(node)?.fileId !== decodeStamp(stamp)?.fileId) return;
  const look = await env.disk.look(path);
  const isGone = look.kind === 'failed' && (look.trouble === 'gone' || look.trouble === 'not-folder');
  if (!isGone) return;
  const below = state.synced.below(node).map((row) => row.node);
  // What the state still has in it, or knows elsewhere, went in a way of its own: that is found out by looking.
  if (state.local.hasChildren(node) || below.some((each) => state.local.get(each) !== null)) return;
  state.transaction(() => {
    state.local.remove(node);
    for (const each of [node, ...below]) {
      state.synced.remove(each);
      state.online.settle(each);
    }
  });
}

/** What was placed is what the server has. */
function isHead({ state }: Context, { node, staged }: ExchangeIntent): boolean {
  const version = state.remote.get(node)?.head?.version;
  return version !== undefined && stagedName(version, node) === staged;
}

function wasCut({ state }: Context): boolean {
  return state.meta.get('power-cut') === 'yes';
}
