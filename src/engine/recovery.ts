/** Before the first scan: what a kill cut in two is put together (RULES 18, 19). Nothing of the user's is erased. */

import { type NodeId, parseNodeId } from '../protocol/ids.ts';
import type { Context } from './executor/context.ts';
import { settleExchanges } from './executor/exchanges.ts';
import { settleShaped } from './executor/shaped-late.ts';
import { clearStaging, isNodeId } from './executor/staging.ts';
import { settleTrash } from './unlisted-trash.ts';

export async function recover(context: Context): Promise<void> {
  await settleParked(context);
  await settleShaped(context);
  await settleLeaving(context);
  await settleTrash(context);
  await settleCutShort(context);
  await clearStaging(context);
}

/** The state says "parked" before the rename: here it learns which side of it the kill fell on. */
async function settleParked(context: Context): Promise<void> {
  const { state, env } = context;
  const parked = new Map(
    (await env.disk.listParked()).flatMap(({ name, stamp }) => (name === null ? [] : [[name, stamp]])),
  );
  for (const row of state.local.parkedNodes()) {
    if (!parked.delete(row.name)) state.local.unpark(row.node, state.synced.get(row.node));
  }
  for (const [name, { fileId }] of parked) {
    const node = await missingNode(context, name.slice(0, 36), fileId);
    if (node) state.local.park(node, name);
    else await env.disk.unpark(name, `recovered-${name.slice(0, 13)}`);
  }
}

/**
 * Parked, and the state does not know: after a power cut it may be older than the disk. Then it is the very object that the
 * state has elsewhere, whatever stands there by now, or nothing stands there.
 */
async function missingNode({ state, env }: Context, id: string, fileId: string): Promise<NodeId | null> {
  const node = isNodeId(id) ? parseNodeId(id) : null;
  const row = node && state.local.get(node);
  if (row?.fileId === fileId) return node;
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
async function settleCutShort(context: Context): Promise<void> {
  const { state, env } = context;
  const intents = state.intents.open();
  if (intents.length === 0) return;
  const open = await settleExchanges(context, intents);
  env.log('info', 'settled exchanges that a stop had cut short', { count: intents.length - open.length });
}
