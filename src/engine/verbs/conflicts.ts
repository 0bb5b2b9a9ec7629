/** Conflicts as people look at them: lists, and one in full. Settling them is in conflict-settle.ts. */

import type { ConflictShown } from '../../ipc/conflicts.ts';
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { type NodeId, versionSeq } from '../../protocol/ids.ts';
import type { WireConflict } from '../../protocol/journal.ts';
import type { HistoryAnswer } from '../../protocol/routes.ts';
import type { Engine } from '../engine.ts';
import { TRASH_KEPT_MS } from '../state/trash-table.ts';
import { conflictRow } from './conflict-sides.ts';
import { versionRow } from './rows.ts';

const PAGE = 200;

export function listConflicts(
  engine: Engine,
  { status = 'open', after, limit = PAGE }: Params<'conflicts.list'>,
): Promise<Answer<Result<'conflicts.list'>>> {
  const { conflicts } = engine.state;
  const since = Math.floor(engine.parts.env.clock.now()) - TRASH_KEPT_MS;
  const rows =
    status === 'open'
      ? conflicts.openAfter(after ?? '', limit + 1)
      : conflicts.settledSince(since, settledAfter(after), limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return Promise.resolve(
    ok({
      conflicts: page.map((each) => conflictRow(engine, each)),
      next: rows.length > limit && last ? tokenOf(last, status) : null,
      total: status === 'open' ? conflicts.count() : conflicts.countSettled(since),
    }),
  );
}

function tokenOf(last: WireConflict, status: WireConflict['status']): string {
  return status === 'open' ? last.id : `${last.settled?.at ?? 0} ${last.id}`;
}

function settledAfter(token: string | undefined): { readonly at: number; readonly id: string } | null {
  const match = /^(-?\d{1,16}) (\S+)$/.exec(token ?? '');
  return match === null ? null : { at: Number(match[1]), id: match[2] ?? '' };
}

export function findConflict(engine: Engine, id: string): WireConflict | null {
  try {
    return engine.state.conflicts.get(id);
  } catch {
    return null;
  }
}

export async function showConflict(engine: Engine, id: string): Promise<Answer<Result<'conflicts.show'>>> {
  const conflict = findConflict(engine, id);
  if (!conflict) return refused('not-found');
  const row = conflictRow(engine, conflict);
  const originals = await versionsOf(engine, conflict.original);
  const copies = await versionsOf(engine, conflict.copy);
  const ancestor = originals.find(({ version }) => version.version === conflict.ancestor)?.version;
  const from = ancestor?.number ?? row.ancestor ?? 0;
  const isOriginalMine = row.mine.role === 'original';
  const lineage = [
    ...originals
      .filter(({ version }) => version.number >= from)
      .map((each) => ({ ...each, side: each.version === ancestor ? BOTH : isOriginalMine ? MINE : THEIRS })),
    ...copies.map((each) => ({ ...each, side: isOriginalMine ? THEIRS : MINE })),
  ].sort((a, b) => a.seq - b.seq);
  return ok({
    ...row,
    ancestor: ancestor?.number ?? row.ancestor,
    lineage: lineage.map(({ side, node, version }) => ({ side, node, version })),
    base: ancestor ? { node: conflict.original, version: ancestor } : null,
  });
}

type Side = ConflictShown['lineage'][number]['side'];
const BOTH: Side = 'both';
const MINE: Side = 'mine';
const THEIRS: Side = 'theirs';

interface Lineal {
  readonly node: NodeId;
  readonly seq: number;
  readonly version: ReturnType<typeof versionRow>;
}

/** Nothing when the server cannot be asked. */
async function versionsOf(engine: Engine, node: NodeId): Promise<readonly Lineal[]> {
  if (!engine.ready || !engine.connection.online) return [];
  const answer = await engine.server.history(node);
  if (answer.kind === 'trouble') return [];
  const { versions, causes, current }: HistoryAnswer = answer.value;
  return versions.map((head, i) => ({
    node,
    seq: versionSeq(head.version),
    version: versionRow(
      engine,
      head,
      current?.entry.live === true && head.version === current.head?.version,
      causes?.[i],
    ),
  }));
}
