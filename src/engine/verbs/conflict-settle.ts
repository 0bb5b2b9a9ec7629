/** Settling a conflict, and taking that back: lineage operations of the server, the same for every device. */

import { buildManifest } from '../../core/manifest/build-manifest.ts';
import { encodeManifest, manifestIdOf } from '../../core/manifest/manifest.ts';
import { checkName } from '../../core/names/valid-name.ts';
import type { ConflictRow, Keep } from '../../ipc/conflicts.ts';
import { MERGED_BYTES } from '../../ipc/conflicts.ts';
import { type Answer, ok, type Params, type Refused, type Result, refused } from '../../ipc/contract.ts';
import { fromBase64, toBase64 } from '../../protocol/base64.ts';
import type { ResolveClaim, WireContent } from '../../protocol/claims.ts';
import { sameContent } from '../../protocol/content.ts';
import type { WireConflict } from '../../protocol/journal.ts';
import type { Engine } from '../engine.ts';
import type { UploadSource } from '../remote/server.ts';
import { claimBase, claimNow } from './claims.ts';
import { conflictRow, isMineTheCopy, otherWord, pathNow } from './conflict-sides.ts';
import { findConflict } from './conflicts.ts';

const SAID: Readonly<Record<Keep, string>> = {
  both: 'Both are kept.',
  mine: 'Yours is kept; theirs stays in the history.',
  theirs: 'Theirs is kept; yours stays in the history.',
  merged: 'What you merged is kept; both sides stay in the history.',
};

/** The bytes of a merge, as a claim says them and as an upload reads them. */
interface Merge {
  readonly content: WireContent;
  readonly source: Omit<UploadSource, 'key'>;
}

export async function resolveConflict(
  engine: Engine,
  params: Params<'conflicts.resolve'>,
): Promise<Answer<Result<'conflicts.resolve'>>> {
  const { id, keep, copyName } = params;
  const conflict = findConflict(engine, id);
  if (!conflict) return refused('not-found');
  const row = conflictRow(engine, conflict);
  const wrong = whyNot(row, params, engine.shown(row.path));
  if (wrong !== null) return wrong;
  const merge = keep === 'merged' ? mergeOf(engine, conflict, params.merged ?? '') : null;
  if (keep === 'merged' && merge === null)
    return refused('unprocessable', { detail: 'what was merged is no content that can be sent' });
  const answer = await claimNow(
    engine,
    (key): ResolveClaim => ({
      op: 'resolve',
      key,
      node: conflict.original,
      ...claimBase(engine, conflict.original),
      conflict: conflict.id,
      keep: otherWord(keep, isMineTheCopy(engine, conflict)),
      seenOriginal: engine.state.remote.get(conflict.original)?.head?.version ?? null,
      seenCopy: engine.state.remote.get(conflict.copy)?.head?.version ?? null,
      ...(merge === null ? {} : { content: merge.content }),
      ...(copyName === undefined ? {} : { copyName }),
    }),
    merge?.source ?? null,
  );
  if (answer.kind === 'refused') return answer;
  if (answer.value.kind === 'dropped') return movedOn(engine.shown(row.path));
  if (answer.value.kind === 'adopted') {
    await engine.context.catchUp();
    if (copyName !== undefined || !isSettledSo(engine, conflict, keep, merge))
      return settledAlready(engine.shown(row.path));
  }
  const now = conflictRow(engine, findConflict(engine, id) ?? conflict);
  const copyPath = keep === 'both' ? now.copyPath : null;
  return ok({ id, keep, path: now.path, copyPath, sentence: SAID[keep] });
}

/** Somebody else was faster: is what they decided what is asked for here? */
function isSettledSo(engine: Engine, asked: WireConflict, keep: Keep, merge: Merge | null): boolean {
  const now = findConflict(engine, asked.id);
  if (now?.status !== 'resolved') return false;
  if (merge === null) return now.resolution === otherWord(keep, isMineTheCopy(engine, asked));
  return sameContent(engine.state.remote.get(asked.original)?.head?.content ?? null, merge.content);
}

function settledAlready(path: string): Refused {
  return refused('unprocessable', { detail: `the conflict of ${path} is settled already` });
}

function movedOn(path: string): Refused {
  return refused('unprocessable', {
    detail: `${path} was changed meanwhile; look at the conflict again`,
  });
}

/** What the params alone tell against it. */
function whyNot(row: ConflictRow, params: Params<'conflicts.resolve'>, path: string): Refused | null {
  const { keep, copyName, seenMine, seenTheirs } = params;
  if (row.status === 'resolved') return settledAlready(path);
  if (copyName !== undefined) {
    if (keep !== 'both')
      return refused('unprocessable', { detail: 'a name is given to the copy only when both are kept' });
    const check = checkName(copyName);
    if (check.kind === 'refused') return refused('bad-name', { file: copyName, detail: check.sentence });
  }
  if ((keep === 'merged') !== (params.merged !== undefined))
    return refused('unprocessable', { detail: 'a merge needs its content, and nothing else has one' });
  const isOld = (seen: string | null | undefined, now: string | null) => seen !== undefined && seen !== now;
  return isOld(seenMine, row.mine.version) || isOld(seenTheirs, row.theirs.version) ? movedOn(path) : null;
}

/** Null when it is no base64, or more than is merged in place. */
function mergeOf(engine: Engine, conflict: WireConflict, text: string): Merge | null {
  const bytes = fromBase64(text);
  if (bytes === null || bytes.length > MERGED_BYTES) return null;
  const blake3 = (part: Uint8Array) => engine.parts.env.hashing.blake3(part);
  const manifest = buildManifest(bytes, blake3);
  const encoded = encodeManifest(manifest);
  const head = engine.state.remote.get(conflict.original)?.head?.content;
  return {
    content: {
      kind: 'file',
      manifest: manifestIdOf(encoded, blake3),
      size: bytes.length,
      executable: head?.kind === 'file' && head.executable,
      encoded: toBase64(encoded),
    },
    source: { path: pathNow(engine, conflict.original), stamp: null, manifest, bytes, signature: null },
  };
}

/** Both sides stand again as they did, and the conflict is open again: everywhere. */
export async function undoConflict(engine: Engine, id: string): Promise<Answer<Result<'conflicts.undo'>>> {
  const conflict = findConflict(engine, id);
  if (!conflict) return refused('not-found');
  const path = engine.shown(pathNow(engine, conflict.original));
  if (conflict.status === 'open')
    return refused('unprocessable', { detail: `the conflict of ${path} is open; nothing is to be undone` });
  const answer = await claimNow(engine, (key) => ({
    op: 'reopen',
    key,
    node: conflict.original,
    ...claimBase(engine, conflict.original),
    conflict: conflict.id,
  }));
  if (answer.kind === 'refused') return answer;
  if (answer.value.kind === 'dropped')
    return refused('unprocessable', {
      detail: `${path} was changed since the conflict was settled, and undoing would put an older content over that`,
    });
  const now = pathNow(engine, conflict.original);
  return ok({
    id,
    path: now,
    sentence: `Both sides of ${engine.shown(now)} stand again as before, and the conflict is open.`,
  });
}
