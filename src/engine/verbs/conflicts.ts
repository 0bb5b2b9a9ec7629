/** Conflicts as people settle them: nothing is lost, whatever is chosen. */

import type { ConflictRow, ConflictSide, Keep } from '../../ipc/conflicts.ts';
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import type { WireHead } from '../../protocol/head.ts';
import type { NodeId, VersionId } from '../../protocol/ids.ts';
import type { WireConflict } from '../../protocol/journal.ts';
import type { Engine } from '../engine.ts';
import { claimBase, claimNow } from './claims.ts';
import { versionRow } from './rows.ts';

const CAUSES: Readonly<Record<WireConflict['cause'], string>> = {
  concurrent: 'Both were edited at the same time',
  offline: 'One was edited while its device was offline',
  lag: 'The edit had not arrived yet when the other was made',
  'name-clash': 'Two different files were made under one name',
  'edit-delete': 'One side edited it while the other deleted it',
};

export function listConflicts(engine: Engine): Promise<Answer<Result<'conflicts.list'>>> {
  return Promise.resolve(
    ok({ conflicts: engine.state.conflicts.open().map((each) => rowOf(engine, each)), next: null }),
  );
}

function rowOf(engine: Engine, conflict: WireConflict): ConflictRow {
  const { state, parts } = engine;
  const path = state.remotePathOf(conflict.original) ?? state.nameOf(conflict.original);
  const live = state.remote.get(conflict.copy)?.live === true;
  const copyPath = live ? state.remotePathOf(conflict.copy) : null;
  const original = sideOf(engine, conflict, 'original');
  const copy = sideOf(engine, conflict, 'copy');
  const mineIsCopy = conflict.device === parts.account.device;
  return {
    id: conflict.id,
    cause: conflict.cause,
    status: conflict.status,
    path,
    copyPath,
    at: conflict.at,
    ancestor: numberOf(engine, conflict.original, conflict.ancestor),
    mine: mineIsCopy ? copy : original,
    theirs: mineIsCopy ? original : copy,
    sentence: `${CAUSES[conflict.cause]}: ${path} keeps the name; what ${conflict.device} (${conflict.user}) made is ${copyPath ?? 'its copy'}.`,
  };
}

function sideOf(engine: Engine, conflict: WireConflict, role: 'original' | 'copy'): ConflictSide {
  const node = role === 'original' ? conflict.original : conflict.copy;
  const remote = engine.state.remote.get(node);
  const [device, user] = (remote?.author ?? ', ').split(', ');
  const head = remote?.head ?? null;
  return {
    node,
    role,
    path: remote?.live ? engine.state.remotePathOf(node) : null,
    version: head?.version ?? null,
    number: head?.number ?? null,
    size: head?.content.kind === 'file' ? head.content.size : null,
    device: role === 'copy' ? conflict.device : (device ?? ''),
    user: role === 'copy' ? conflict.user : (user ?? ''),
    at: conflict.at,
    editedAt: conflict.at,
  };
}

function numberOf(engine: Engine, node: NodeId, version: VersionId | null): number | null {
  const head = engine.state.remote.get(node)?.head;
  return version !== null && head?.version === version ? head.number : null;
}

export async function showConflict(engine: Engine, id: string): Promise<Answer<Result<'conflicts.show'>>> {
  const conflict = find(engine, id);
  if (!conflict) return refused('not-found');
  const row = rowOf(engine, conflict);
  const original = await versionsOf(engine, conflict.original);
  const copy = await versionsOf(engine, conflict.copy);
  const at = original.findIndex((each) => each.version === conflict.ancestor);
  const originalSide = row.mine.role === 'original' ? 'mine' : 'theirs';
  const copySide = originalSide === 'mine' ? 'theirs' : 'mine';
  const lineage = [
    ...original
      .map((each, i) => ({
        side: i === at ? ('both' as const) : (originalSide as 'mine' | 'theirs'),
        version: versionRow(each, i === original.length - 1),
      }))
      .slice(Math.max(0, at)),
    ...copy.map((each, i) => ({
      side: copySide as 'mine' | 'theirs',
      version: versionRow(each, i === copy.length - 1),
    })),
  ];
  const ancestor = original[at]?.number ?? row.ancestor;
  return ok({ ...row, ancestor, lineage });
}

/** Oldest first; nothing when the server cannot be asked. */
async function versionsOf(engine: Engine, node: NodeId): Promise<readonly WireHead[]> {
  const answer = await engine.server.history(node);
  return answer.kind === 'ok' ? answer.value.versions.slice().reverse() : [];
}

function find(engine: Engine, id: string): WireConflict | null {
  try {
    return engine.state.conflicts.get(id);
  } catch {
    return null;
  }
}

/** `mine` and `theirs` as this device sees them; on the wire `mine` is the copy and `theirs` what stands at the path. */
export async function resolveConflict(
  engine: Engine,
  id: string,
  keep: Keep,
): Promise<Answer<Result<'conflicts.resolve'>>> {
  const conflict = find(engine, id);
  if (!conflict) return refused('not-found');
  const row = rowOf(engine, conflict);
  const copyIsMine = row.mine.role === 'copy';
  const wireKeep = keep === 'both' ? 'both' : (keep === 'mine') === copyIsMine ? 'mine' : 'theirs';
  const answer = await claimNow(engine, (key) => ({
    op: 'resolve',
    key,
    node: conflict.original,
    ...claimBase(engine, conflict.original),
    conflict: conflict.id,
    keep: wireKeep,
    seenOriginal: engine.state.remote.get(conflict.original)?.head?.version ?? null,
    seenCopy: engine.state.remote.get(conflict.copy)?.head?.version ?? null,
  }));
  if (answer.kind === 'refused') return answer;
  if (answer.value.kind === 'dropped')
    return refused('unprocessable', {
      detail: `${row.path} was changed meanwhile; look at the conflict again`,
    });
  const said =
    keep === 'both'
      ? 'Both are kept.'
      : keep === 'mine'
        ? 'Yours is kept; theirs stays in the history.'
        : 'Theirs is kept; yours stays in the history.';
  return ok({ id, keep, path: row.path, copyPath: keep === 'both' ? row.copyPath : null, sentence: said });
}
