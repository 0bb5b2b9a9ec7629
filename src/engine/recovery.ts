/** Before the first scan: what a kill cut in two is put together (RULES 18, 19). Nothing of the user's is erased. */

import { sameContent } from '../protocol/content.ts';
import { type NodeId, parseNodeId } from '../protocol/ids.ts';
import type { Stamp } from './environment/disk.ts';
import type { Context } from './executor/context.ts';
import { keepInTrash } from './executor/keep-in-trash.ts';
import { clearStaging, isNodeId, stagedName } from './executor/staging.ts';
import { parentOf } from './executor/structure-lane.ts';

import type { ExchangeIntent } from './state/exchange-intents.ts';
import { sameBytesLikely } from './state/stamps.ts';
import { settleTrash } from './unlisted-trash.ts';

export async function recover(context: Context): Promise<void> {
  await settleParked(context);
  await settleLeaving(context);
  await settleTrash(context);
  await settleExchanges(context);
  await clearStaging(context);
  await expireTrash(context);
}

/** The state says "parked" before the rename: here it learns which side of it the kill fell on. */
async function settleParked(context: Context): Promise<void> {
  const { state, env } = context;
  const parked = new Set((await env.disk.listParked()).flatMap((entry) => entry.name ?? []));
  for (const row of state.local.parkedNodes()) {
    if (!parked.delete(row.name)) state.local.unpark(row.node, state.synced.get(row.node));
  }
  for (const name of parked) {
    const node = await missingNode(context, name.slice(0, 36));
    if (node) state.local.park(node, name);
    else await env.disk.unpark(name, `recovered-${name.slice(0, 13)}`);
  }
}

/** Parked, and the state does not know: after a power cut it may be older than the disk. Then nothing stands at its place. */
async function missingNode({ state, env }: Context, id: string): Promise<NodeId | null> {
  const node = isNodeId(id) ? parseNodeId(id) : null;
  const path = node && state.pathOf(node);
  if (node === null || path === null) return null;
  const look = await env.disk.look(path);
  return look.kind === 'failed' && look.trouble === 'gone' ? node : null;
}

/**
 * What was to leave this disk, as it stays online, and is not at its place: it has left, and is found in the trash. Known
 * before anything is planned, its absence is never taken for a deletion, whatever is decided about it next.
 */
async function settleLeaving({ state, env }: Context): Promise<void> {
  const items = state.online.leaving().flatMap((node) => {
    const row = state.local.get(node);
    const path = row && !row.parked ? state.pathOf(node) : null;
    return row && path !== null ? [{ node, row, path }] : [];
  });
  if (items.length === 0) return;
  const looks = await env.disk.lookMany(items.map(({ path }) => path));
  const inTrash = new Map((await env.disk.listTrash()).map(({ name }) => [name?.slice(-36) ?? '', name]));
  state.transaction(() => {
    items.forEach(({ node, row, path }, i) => {
      const look = looks[i];
      if (look?.kind !== 'failed' || (look.trouble !== 'gone' && look.trouble !== 'not-folder')) return;
      const version = state.synced.get(node)?.version ?? null;
      for (const gone of state.local.remove(node)) {
        if (!state.online.settle(gone)) continue;
        state.synced.remove(gone);
      }
      const name = inTrash.get(node);
      if (name === undefined || name === null || state.trash.get(name)) return;
      const why = 'stays online by choice';
      state.trash.add({ name, node, path, kind: row.kind, version, why, at: env.clock.now() });
    });
  });
}

/** Exchanges that were begun: staging holds our copy, the agreed version, or a save the user made in that window. */
async function settleExchanges(context: Context): Promise<void> {
  const { state, env } = context;
  const intents = state.intents.open();
  if (intents.length === 0) return;
  const staged = new Map((await env.disk.listStaged()).map(({ name, stamp }) => [name, stamp]));
  for (const intent of intents) {
    const stamp = staged.get(intent.staged);
    if (stamp) await settleExchange(context, intent, stamp);
  }
  // Without its intent, what lies in staging is taken for ours.
  await env.disk.flushFolders([...new Set(intents.map(({ path }) => parentOf(path)))]);
  state.intents.clear();
  env.log('info', 'settled exchanges that a stop had cut short', { count: intents.length });
}

async function settleExchange(context: Context, intent: ExchangeIntent, stamp: Stamp): Promise<void> {
  const { state, env } = context;
  // What came out of the path just as it was agreed on. By its bytes alone it is not known any more once the new version
  // is the agreed one: taken for a save, it would go back to the path and undo the update for everybody.
  const cameOut = sameBytesLikely(intent.stamp, stamp);
  if (cameOut && stamp.kind === 'symlink') {
    await env.disk.eraseStaged([intent.staged]);
    return;
  }
  const print = await env.disk.fingerprintReserved('staging', intent.staged);
  if (print.kind !== 'fingerprint') {
    // A link, or nothing that can be read: whose it is cannot be told, so it is kept.
    await keep(context, intent);
    return;
  }
  const content = {
    kind: 'file',
    manifest: print.manifestId,
    size: print.manifest.size,
    executable: print.stamp.executable,
  } as const;
  const known =
    cameOut ||
    sameContent(content, state.synced.get(intent.node)?.content ?? null) ||
    sameContent(content, state.remote.get(intent.node)?.head?.content ?? null);
  if (known && !(await env.disk.maybeOpenElsewhere(intent.staged))) {
    await env.disk.eraseStaged([intent.staged]);
    return;
  }
  if (!known && !isArrived(context, intent) && (await wentBack(context, intent))) return;
  await keep(context, intent);
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
async function wentBack(context: Context, { node, staged, path }: ExchangeIntent): Promise<boolean> {
  const { disk } = context.env;
  const [back] = await disk.place([{ staged, path, mode: 'exchange' }]);
  if (back?.kind !== 'placed') return false;
  const out = await disk.fingerprintReserved('staging', staged);
  if (out.kind === 'fingerprint' && out.manifestId === manifestOf(context, node)) {
    await disk.eraseStaged([staged]);
    return true;
  }
  await disk.place([{ staged, path, mode: 'exchange' }]);
  return false;
}

function manifestOf(context: Context, node: NodeId): string | null {
  const content = context.state.remote.get(node)?.head?.content;
  return content?.kind === 'file' ? content.manifest : null;
}

function keep(context: Context, intent: ExchangeIntent): Promise<void> {
  return keepInTrash(context, intent, 'found in staging after a stop');
}

export async function expireTrash(context: Context): Promise<void> {
  const { state, env } = context;
  const expired = state.trash.expired(env.clock.now());
  if (expired.length === 0) return;
  await env.disk.eraseTrash(expired.map((item) => item.name));
  state.transaction(() => {
    for (const item of expired) state.trash.remove(item.name);
  });
}
