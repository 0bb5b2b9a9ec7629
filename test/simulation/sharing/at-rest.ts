/** What must hold of computers with a share when everything has come to rest. */
import { LOCAL_IGNORE_FILE } from '../../../src/core/ignore/rules.ts';
import { RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import { shapeOnDisk, treeDifferences } from '../checks/at-rest.ts';
import type { Machine } from '../machine.ts';
import { below, contentName } from '../sim-user.ts';
import { isIn, shareFolderOf, shownOn } from './share-places.ts';
import type { SharingWorld } from './sharing-world.ts';

interface Sides {
  readonly own: Map<string, string>;
  /** Null: it has no folder of a share. */
  readonly share: Map<string, string> | null;
}

/** A disk in the terms of the server, each side of the border by itself. */
function sidesOf(machine: Machine): Sides {
  const folder = shareFolderOf(machine);
  const own = new Map<string, string>();
  const share = new Map<string, string>();
  for (const [path, node] of shownOn(machine)) {
    if (path === LOCAL_IGNORE_FILE || path === folder) continue;
    if (folder !== null && isIn(folder, path)) share.set(path.slice(folder.length + 1), shapeOnDisk(node));
    else own.set(path, shapeOnDisk(node));
  }
  return { own, share: folder === null ? null : share };
}

/** Q1: of everybody's own everything, and of the share everything on the computers of all who are in. */
export function divergence(world: SharingWorld, who: 'everybody' | 'nobody'): string[] {
  const shared = world.observers.share.fold.tree();
  return [...world.machines.values()].flatMap((machine) => {
    const { own, share } = sidesOf(machine);
    const there = world.ownOf(machine).fold.tree();
    if (who === 'nobody') for (const path of movedInVain(world, own, share, there)) there.delete(path);
    const theirs = treeDifferences(`Q1 ${machine.name}`, own, there);
    if (who === 'nobody') return theirs;
    if (share === null) return [...theirs, `Q1 ${machine.name} has no folder of the share`];
    return [...theirs, ...treeDifferences(`Q1 the share on ${machine.name}`, share, shared)];
  });
}

/**
 * Where somebody may only look, what they moved there stays on that computer, and their own namespace keeps it, as it was
 * when it was last sent.
 */
function movedInVain(
  world: SharingWorld,
  own: ReadonlyMap<string, string>,
  share: ReadonlyMap<string, string> | null,
  there: ReadonlyMap<string, string>,
): readonly string[] {
  const shared = world.observers.share.fold.contents();
  const only = [...(share?.values() ?? [])].filter((each) => !shared.has(contentOf(each))).length;
  return [...there.keys()].filter((path) => !own.has(path)).slice(0, only);
}

function contentOf(shape: string): string {
  return shape.replace(/ executable$/, '');
}

/** Q5: nothing half-done is left in a reserved folder, of the root or of a share. */
export function leftovers(machine: Machine): string[] {
  const { volume } = machine;
  const folders = [
    volume.root,
    ...[shareFolderOf(machine)].flatMap((path) => (path === null ? [] : [volume.find(path)])),
  ];
  return folders.flatMap((folder) => {
    const reserved = volume.childOf(folder, RESERVED_FOLDER);
    return ['staging', 'parked'].flatMap((area) => {
      const inner = reserved && volume.childOf(reserved, area);
      return [...(inner?.children.values() ?? [])].map(
        ({ name }) => `Q5 ${machine.name}: ${area} of /${volume.pathOf(folder)} still holds ${name}`,
      );
    });
  });
}

/**
 * Q3: what nobody gave up stands where somebody sees it, outside of every trash; but for what a power cut made short, which
 * may be a shorter save that came through (RULES 20).
 */
export function invisible(world: SharingWorld): string[] {
  const standing = new Set<string>();
  for (const machine of world.machines.values())
    for (const [, node] of shownOn(machine)) standing.add(contentOf(shapeOnDisk(node)));
  for (const { volume, powerCuts } of world.machines.values())
    for (const node of powerCuts > 0 ? below(volume.root) : [])
      if (volume.pathOf(node).includes(`${RESERVED_FOLDER}/trash/`)) standing.add(contentName(node));
  return world.ledger
    .invisible(standing, world.committed())
    .map((label) => `Q3 nowhere to be seen: ${label}`);
}
