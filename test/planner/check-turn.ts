/**
 * One user, from an agreed tree to another one, undisturbed: every device does exactly what the difference of the two
 * trees asks for. One claim for each thing that was made, edited, moved or deleted (what went with its folder goes without
 * saying); on the other disks one operation each, and no bytes but those that are new.
 */
import { type Content, type NodeKind, sameContent } from '../../src/protocol/content.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import { tokenOf } from './memory-trees.ts';
import type { ModelDevice } from './model-device.ts';

/** A tree of one moment, by what stands where. */
export type TreeShot = Map<
  NodeId,
  {
    readonly parent: NodeId;
    readonly name: string;
    readonly kind: NodeKind;
    readonly content: Content | null;
  }
>;

interface Difference {
  files: { made: number; edited: number; deleted: number };
  folders: { made: number; deleted: number };
  moved: number;
  /** Deleted, and its folder was not. */
  topmost: number;
}

function differenceOf(before: TreeShot, after: TreeShot): Difference {
  const found: Difference = {
    files: { made: 0, edited: 0, deleted: 0 },
    folders: { made: 0, deleted: 0 },
    moved: 0,
    topmost: 0,
  };
  for (const [node, now] of after) {
    const old = before.get(node);
    if (!old) found[now.kind === 'folder' ? 'folders' : 'files'].made += 1;
    else {
      if (old.parent !== now.parent || old.name !== now.name) found.moved += 1;
      if (!sameContent(old.content, now.content)) found.files.edited += 1;
    }
  }
  for (const [node, old] of before) {
    if (after.has(node)) continue;
    found[old.kind === 'folder' ? 'folders' : 'files'].deleted += 1;
    if (!before.has(old.parent) || after.has(old.parent)) found.topmost += 1;
  }
  return found;
}

/** Compares what was done with what had to be done. */
export function checkTurn(
  before: TreeShot,
  after: TreeShot,
  got: TreeShot,
  user: ModelDevice,
  devices: readonly ModelDevice[],
): void {
  const left = linesOf(after);
  const arrived = linesOf(got);
  if (left !== arrived)
    throw new Error(`what one user alone did became something else:\n${left}\n--- became\n${arrived}`);
  const { files, folders, moved, topmost } = differenceOf(before, after);
  // A new folder whose name waits for what moves into it is made aside, and moved to its name.
  const aside = user.tally.get('claim create aside') ?? 0;
  expect(user, 'claim create', files.made + folders.made);
  expect(user, 'claim edit', files.edited);
  expect(user, 'claim move', moved + aside);
  expect(user, 'claim delete', topmost);
  for (const what of ['make-folder', 'move-here', 'park', 'trash', 'remove-folder', 'fetch', 'replace'])
    expect(user, what, 0);
  for (const other of devices) {
    if (other === user) continue;
    for (const what of ['claim create', 'claim edit', 'claim move', 'claim delete']) expect(other, what, 0);
    expect(other, 'make-folder', folders.made);
    expect(other, 'move-here', moved);
    expect(other, 'trash', files.deleted);
    expect(other, 'remove-folder', folders.deleted);
    // What was begun for a folder that had to step aside a moment later is begun anew, once for each that did.
    const parks = other.tally.get('park') ?? 0;
    expect(other, 'fetch', files.made, files.made * parks);
    expect(other, 'replace', files.edited, files.edited * parks);
  }
}

function expect(device: ModelDevice, what: string, times: number, more = 0): void {
  const did = device.tally.get(what) ?? 0;
  if (did < times || did > times + more)
    throw new Error(`device ${device.number} did ${what} ${did} times, and ${times} were needed`);
}

function linesOf(shot: TreeShot): string {
  const path = (node: NodeId): string => {
    const row = shot.get(node);
    return row ? `${path(row.parent)}/${row.name}` : '';
  };
  const lines = [...shot].map(([node, { kind, content }]) =>
    kind === 'folder' ? `${path(node)}/` : `${path(node)} = ${tokenOf(content)}`,
  );
  return lines.sort().join('\n');
}
