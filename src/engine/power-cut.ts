/**
 * Notes that the engine runs and that it ended well, so that a power cut shows; after one, what it hurt is set aside before
 * anything else (executor/cut-short.ts).
 */

import { type NodeId, ROOT_NODE } from '../protocol/ids.ts';
import type { DiskFailure } from './environment/disk.ts';
import type { Context } from './executor/context.ts';
import { type ReadBefore, setAside } from './executor/cut-short.ts';
import { noteFlushed, unflushedFiles } from './executor/unflushed-files.ts';
import { noteUnseen, readBefore } from './executor/unseen-after-cut.ts';
import { type Db, durably } from './state/database.ts';
import type { MetaTable } from './state/meta.ts';

const LOOKS = 2000;

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

/** Before the first scan: what the power cut hurt is set aside, so that it comes down again. */
export async function setAsideCutShort(context: Context): Promise<void> {
  const { state, env } = context;
  if (state.meta.get('power-cut') !== 'yes' || !(await context.rootIsOurs())) return;
  const files = state.synced.below(ROOT_NODE).filter((each) => each.content?.kind === 'file');
  const unflushed = unflushedFiles(context);
  const cut = { unflushed, read: readBefore(context), startedAt: null };
  const unseen = new Map<NodeId, DiskFailure>();
  const read = new Map<NodeId, ReadBefore>();
  let found = 0;
  for (let i = 0; i < files.length; i += LOOKS) {
    const some = await setAside(context, files.slice(i, i + LOOKS), cut);
    found += some.found;
    for (const [node, failure] of some.unseen) unseen.set(node, failure);
    for (const [node, edit] of some.read) read.set(node, edit);
  }
  readNewOnesAgain(context);
  noteUnseen(context, { unseen, read }, unflushed);
  noteFlushed(
    context,
    [...unflushed].filter((node) => !unseen.has(node)),
  );
  env.log('warn', 'the power was cut: files that it shortened are fetched again', { files: found });
  state.meta.remove('power-cut');
}

/** What nobody else has, and nothing had flushed: what was read of it may not be what stands there now. */
function readNewOnesAgain({ state }: Context): void {
  for (const node of state.local.below(ROOT_NODE)) {
    const row = state.synced.get(node) === null ? state.local.get(node) : null;
    if (row?.kind === 'file' && row.content !== null && row.condition !== 'excluded')
      state.local.unhash(node);
  }
}
