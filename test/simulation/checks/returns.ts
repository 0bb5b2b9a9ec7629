/**
 * I13: what is dead returns only by an explicit restore, or by an edit, a move or a child that somebody made who had not
 * seen it die: the person at the device that brought it back must have touched it.
 */
import { pathIn } from '../../../src/core/names/path-parts.ts';
import type { NodeId, VersionId } from '../../../src/protocol/ids.ts';
import type { JournalEvent } from '../../../src/protocol/journal.ts';
import { contentNameOf, type FoldedNode, type ServerFold } from '../server-fold.ts';
import type { Diary } from './diary.ts';

const EXPLICIT: readonly JournalEvent['cause'][] = ['restore', 'resolve', 'reopen'];

/** Rows that bring a dead node back. */
function returnsIn(fold: ServerFold): JournalEvent[] {
  return fold.rows.filter((event) => {
    const then = fold.nodes.get(event.node)?.places.findLast((each) => each.seq < event.seq);
    return event.entry.live && then?.live === false;
  });
}

/** What takes the ground of a return out of the diaries. */
interface Grounds {
  /** Nodes that somebody asked to have back, by a verb. */
  readonly asked: ReadonlySet<NodeId>;
  /** Devices that compared everything without a base: a folder that stands there, or holds what does, is new then. */
  readonly merged: ReadonlySet<string>;
  /** The server lost history: what was agreed on there is told again by whoever has it, moves of others, too. */
  readonly hasLost: boolean;
}

/** `diaries`: by device name. */
export function groundlessReturns(
  fold: ServerFold,
  diaries: ReadonlyMap<string, Diary>,
  { asked, merged, hasLost }: Grounds,
): string[] {
  return returnsIn(fold)
    .filter((event) => !EXPLICIT.includes(event.cause) && !asked.has(event.node))
    .flatMap((event) => {
      const diary = diaries.get(event.deviceName);
      const node = fold.nodes.get(event.node);
      if (diary === undefined || node === undefined || hasGround(fold, node, event, diary)) return [];
      if (node.kind === 'folder' && merged.has(event.deviceName)) return [];
      if (hasLost && event.cause === 'move') return [];
      return [
        `I13 ${event.entry.name} (${event.node}) came back at ${event.seq} by ${event.deviceName}, who never touched it`,
      ];
    });
}

function hasGround(fold: ServerFold, node: FoldedNode, event: JournalEvent, diary: Diary): boolean {
  if (event.head !== null && diary.didTouch(contentNameOf(event.head.content))) return true;
  if (node.heads.some(({ version }) => didTouchVersion(fold, version, diary))) return true;
  const paths = placesOf(fold, node);
  if (paths.some((path) => diary.didMakeBelow(path))) return true;
  // What the place there is called may be the server's word: the name was taken.
  if (event.cause === 'move' && paths.some((path) => diary.didMove(path))) return true;
  return touchesBelow(fold, node, diary, 0);
}

/** Wherever it stood: what was made in it was made below the name that it had then. */
function placesOf(fold: ServerFold, { places }: FoldedNode): readonly string[] {
  return places.map(({ parent, name }) => pathIn(fold.pathOf(parent) ?? '', name));
}

function touchesBelow(fold: ServerFold, folder: FoldedNode, diary: Diary, depth: number): boolean {
  if (depth > 64) return false;
  for (const node of fold.nodes.values()) {
    const stoodHere = node.places.some((place) => place.parent === folder.node);
    if (!stoodHere) continue;
    if (node.heads.some(({ version }) => didTouchVersion(fold, version, diary))) return true;
    if (node.kind === 'folder' && node !== folder && touchesBelow(fold, node, diary, depth + 1)) return true;
  }
  return false;
}

function didTouchVersion(fold: ServerFold, version: VersionId, diary: Diary): boolean {
  const known = fold.versions.get(version);
  return known !== undefined && diary.didTouch(known.content);
}
