/**
 * Exchanges whose end nobody saw, because of a stop or of a disk that failed: what lies in staging then is our copy, the
 * version that was agreed on, or the only copy of a save (RULES 18). The promise stays open until that is settled.
 */
import { folderOf } from '../../core/names/path-parts.ts';
import { sameContent } from '../../protocol/content.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { ExchangeIntent } from '../state/exchange-intents.ts';
import { decodeStamp, sameBytesLikely } from '../state/stamps.ts';
import type { Context } from './context.ts';
import { keepInTrash } from './keep-in-trash.ts';
import { recordArrival, recordExchange, recordRemoval } from './recorded-late.ts';
import { stagedName } from './staging.ts';

/** Answers with those that stay open: the disk did not let them be settled. */
export async function settleExchanges(
  context: Context,
  intents: readonly ExchangeIntent[],
): Promise<readonly ExchangeIntent[]> {
  if (intents.length === 0) return [];
  const { state, env } = context;
  const staged = new Map((await env.disk.listStaged()).map(({ name, stamp }) => [name, stamp]));
  const open = new Set<ExchangeIntent>();
  // A folder goes after those in it.
  for (const intent of intents.toSorted((a, b) => b.path.length - a.path.length)) {
    const stamp = staged.get(intent.staged);
    if (intent.kind === 'remove-folder') await recordRemoval(context, intent);
    else if (intent.kind === 'new') {
      if (stamp === undefined) await recordArrival(context, intent);
    } else if (stamp !== undefined && !(await settleExchange(context, intent, stamp))) open.add(intent);
  }
  const settled = intents.filter((each) => !open.has(each));
  // Without its intent, what lies in staging is taken for ours.
  await context.flusher.folders([...new Set(settled.map(({ path }) => folderOf(path)))]);
  state.intents.finish(settled);
  return [...open];
}

async function settleExchange(context: Context, intent: ExchangeIntent, stamp: Stamp): Promise<boolean> {
  const { state, env } = context;
  // What came out of the path just as it was agreed on. By its bytes alone it is not known any more once the new version
  // is the agreed one: taken for a save, it would go back to the path and undo the update for everybody.
  const cameOut = sameBytesLikely(intent.stamp, stamp);
  if (cameOut) recordExchange(context, intent);
  // Or it never reached the path, and the head may have moved on since: taken for a save, it would trade places with one.
  const isCertain = cameOut || sameBytesLikely(intent.ours, stamp);
  if (isCertain && stamp.kind === 'symlink') {
    await env.disk.eraseStaged([intent.staged]);
    return true;
  }
  const print = await env.disk.fingerprintReserved('staging', intent.staged);
  if (print.kind !== 'fingerprint') {
    // A link, or nothing that can be read: whose it is cannot be told, so it is kept.
    return keep(context, intent);
  }
  const content = {
    kind: 'file',
    manifest: print.manifestId,
    size: print.manifest.size,
    executable: print.stamp.executable,
  } as const;
  const known =
    isCertain ||
    sameContent(content, state.synced.get(intent.node)?.content ?? null) ||
    sameContent(content, state.remote.get(intent.node)?.head?.content ?? null);
  if (known && !(await env.disk.maybeOpenElsewhere(intent.staged))) {
    await env.disk.eraseStaged([intent.staged]);
    return true;
  }
  const isSave = !known && !isTorn(context, intent, stamp) && !isArrived(context, intent);
  if (isSave && (await wentBack(context, intent))) return true;
  return keep(context, intent);
}

/** After a power cut: the agreed file itself, not written since, whose bytes never reached the disk. Nobody saved that. */
function isTorn({ state }: Context, intent: ExchangeIntent, stamp: Stamp): boolean {
  const agreed = decodeStamp(intent.stamp);
  const isSame = agreed?.fileId === stamp.fileId && stamp.mtimeNs <= agreed.mtimeNs;
  return isSame && state.meta.get('power-cut') === 'yes';
}

/** The new version is the agreed one: what was swapped out was looked at, and whatever changed it since came too late. */
function isArrived({ state }: Context, { node, staged }: ExchangeIntent): boolean {
  const version = state.synced.get(node)?.version;
  return version !== undefined && version !== null && staged === stagedName(version, node);
}

/**
 * The user's save goes back to its path, where it is an edit on the old base. What stands there now, if it is not our
 * copy, is a later save of the same user: then this one is kept in the trash.
 */
async function wentBack(context: Context, { node, staged, path, ours }: ExchangeIntent): Promise<boolean> {
  const { disk } = context.env;
  const [back] = await disk.place([{ staged, path, mode: 'exchange' }]);
  if (back?.kind !== 'placed') return false;
  const isOurs = back.displaced !== null && sameBytesLikely(ours, back.displaced);
  if (isOurs || (await isHead(context, node, staged))) {
    await disk.eraseStaged([staged]);
    return true;
  }
  await disk.place([{ staged, path, mode: 'exchange' }]);
  return false;
}

async function isHead({ env, state }: Context, node: NodeId, staged: string): Promise<boolean> {
  const head = state.remote.get(node)?.head?.content;
  const print = await env.disk.fingerprintReserved('staging', staged);
  return print.kind === 'fingerprint' && head?.kind === 'file' && print.manifestId === head.manifest;
}

function keep(context: Context, intent: ExchangeIntent): Promise<boolean> {
  return keepInTrash(context, intent, 'found in staging after a stop');
}
