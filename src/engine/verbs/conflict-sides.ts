/** Conflicts as rows: both sides in full, whoever made them, and the sentence that tells what happened. */
import { conflictSentence } from '../../core/conflict/conflict-sentence.ts';
import type { ConflictRow, ConflictSide } from '../../ipc/conflicts.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { WireConflict, WireSide } from '../../protocol/journal.ts';
import type { Engine } from '../engine.ts';
import { contentMark } from './rows.ts';
import { momentWords } from './words.ts';

export type Role = ConflictSide['role'];

export function conflictRow(engine: Engine, conflict: WireConflict): ConflictRow {
  const original = sideOf(engine, conflict, 'original');
  const copy = sideOf(engine, conflict, 'copy');
  const mineIsCopy = isMineTheCopy(engine, conflict);
  const path = pathNow(engine, conflict.original);
  return {
    id: conflict.id,
    cause: conflict.cause,
    status: conflict.status,
    path,
    copyPath: copy.path,
    at: conflict.at,
    ancestor: ancestorOf(engine, conflict),
    mine: mineIsCopy ? copy : original,
    theirs: mineIsCopy ? original : copy,
    sentence: sentenceOf(engine, conflict, path, original.path !== null, copy.path),
    resolution: resolutionOf(engine, conflict),
  };
}

/** Where a node stands, or stood last. */
export function pathNow(engine: Engine, node: NodeId): string {
  return engine.state.remotePathOf(node) ?? engine.state.nameOf(node);
}

/** `mine` is the side that this device made; the original where it made neither or both. */
export function isMineTheCopy(engine: Engine, { sides, device }: WireConflict): boolean {
  const { account } = engine.parts;
  if (!sides?.copy) return device === account.device;
  const isMine = (side: WireSide | null): boolean => side?.deviceId === account.deviceId;
  return isMine(sides.copy) && !isMine(sides.original);
}

/** What stands there now is told as it is; who made it when, as it was when it clashed. */
function sideOf(engine: Engine, conflict: WireConflict, role: Role): ConflictSide {
  const node = role === 'original' ? conflict.original : conflict.copy;
  const remote = engine.state.remote.get(node);
  const then = conflict.sides?.[role] ?? null;
  const head = remote?.live ? remote.head : null;
  const content = head?.content ?? null;
  const wasHead = role === 'original' ? conflict.originalVersion : conflict.copyVersion;
  const isNewer = head !== null && then !== null && head.version !== wasHead;
  const [device = '', user = ''] =
    isNewer || then === null ? authorOf(remote?.author) : [then.device, then.user];
  return {
    node,
    role,
    path: remote?.live ? engine.state.remotePathOf(node) : null,
    version: head?.version ?? null,
    number: head?.number ?? null,
    size: content?.kind === 'file' ? content.size : null,
    // Whoever made the copy had it where the original stands: only the server moved it aside.
    pathThen: (role === 'copy' ? conflict.sides?.original?.path : null) ?? then?.path ?? null,
    kind: remote?.live ? remote.kind : 'deleted',
    content: content === null ? null : contentMark(engine, content),
    device: then === null && role === 'copy' ? conflict.device : device,
    user: then === null && role === 'copy' ? conflict.user : user,
    at: then?.at ?? conflict.at,
    editedAt: then?.editedAt ?? conflict.at,
  };
}

/** As the remote tree keeps it: "device, user". */
function authorOf(author: string | undefined): readonly string[] {
  const text = author ?? '';
  const cut = text.lastIndexOf(', ');
  return cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 2)];
}

function ancestorOf(engine: Engine, conflict: WireConflict): number | null {
  const known = conflict.sides?.ancestor;
  if (known !== undefined) return known;
  const head = engine.state.remote.get(conflict.original)?.head;
  return head?.version === conflict.ancestor ? (head?.number ?? null) : null;
}

function sentenceOf(
  engine: Engine,
  conflict: WireConflict,
  path: string,
  originalLives: boolean,
  copyPath: string | null,
): string {
  const now = engine.parts.env.clock.now();
  const { settled, sides, resolution } = conflict;
  return conflictSentence(
    {
      cause: conflict.cause,
      original: shownSide(engine, sides?.original),
      copy: shownSide(engine, sides?.copy),
      ancestor: sides?.ancestor ?? null,
      path: engine.shown(path),
      originalLives,
      copyPath: copyPath === null ? null : engine.shown(copyPath),
      settled: settled ? { device: settled.device, user: settled.user, keep: resolution ?? '' } : null,
    },
    (ms) => momentWords(ms, now),
  );
}

function shownSide(engine: Engine, side: WireSide | null | undefined): WireSide | null {
  if (!side) return null;
  return side.path === null ? side : { ...side, path: engine.shown(side.path) };
}

function resolutionOf(engine: Engine, conflict: WireConflict): ConflictRow['resolution'] {
  const { settled, original, status } = conflict;
  if (status === 'open' || !settled) return null;
  const head = engine.state.remote.get(original)?.head?.version ?? null;
  return {
    keep: otherWord(conflict.resolution ?? '', isMineTheCopy(engine, conflict)),
    device: settled.device,
    user: settled.user,
    at: settled.at,
    undoable: settled.undoable && (settled.made === null || settled.made === head),
  };
}

/** On the wire `mine` is the copy and `theirs` what stands at the path; here they are this device's side and the other. */
export function otherWord<Keep extends string>(keep: Keep, mineIsCopy: boolean): Keep | 'mine' | 'theirs' {
  if (mineIsCopy || (keep !== 'mine' && keep !== 'theirs')) return keep;
  return keep === 'mine' ? 'theirs' : 'mine';
}
