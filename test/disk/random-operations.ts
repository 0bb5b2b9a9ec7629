/**
 * The same random doings of an engine and of a user, on any number of disks: outcomes and trees have to be equal after
 * every step. Names are few, so that they meet; the last part of a name comes in several spellings.
 */
import type { Disk, DiskOutcome, Placement, RelPath, Stamp } from '../../src/engine/environment/disk.ts';
import type { Stream } from '../simulation/random.ts';
import type { DiskWorld, UserHands } from './disk-suite.ts';
import { text } from './outcomes.ts';

const NAMES = ['a', 'b', 'c', 'd', 'A', 'ä.txt', 'a b'] as const;
const META = { executable: false, mtimeNs: 1_600_000_000_500_000_000n };
const RESERVED = ['r1', 'r2', 'r3'] as const;

/** One doing; what it answers is compared as text. */
type Step = (world: DiskWorld) => Promise<string>;

const WEIGHTS = {
  write: 14,
  folder: 8,
  link: 2,
  rename: 10,
  remove: 5,
  move: 14,
  'make-folders': 8,
  'remove-folder': 5,
  trash: 7,
  'from-trash': 5,
  park: 4,
  unpark: 4,
  stage: 8,
  place: 12,
  erase: 3,
  look: 3,
  read: 3,
} as const;

function pathFrom(stream: Stream): RelPath {
  const depth = stream.weighted({ one: 5, two: 4, three: 1 });
  const parts = depth === 'one' ? 1 : depth === 'two' ? 2 : 3;
  return Array.from({ length: parts }, () => stream.pick(NAMES)).join('/');
}

/** Draws a step: equal for all disks, whatever they show. */
export function drawStep(stream: Stream, number: number): { readonly what: string; readonly step: Step } {
  const kind = stream.weighted(WEIGHTS);
  const [path, to] = [pathFrom(stream), pathFrom(stream)];
  const name = stream.pick(RESERVED);
  const mode: Placement['mode'] = stream.chance(0.5) ? 'new' : 'exchange';
  const content = `content ${number}`;
  const what = `${kind} ${path} ${to} ${name} ${mode}`;
  const one = (act: (disk: Disk) => Promise<Outcome | undefined>): { what: string; step: Step } => ({
    what,
    step: async ({ disk }) => toldBy(await act(disk)),
  });
  const hand = (act: (user: UserHands) => Promise<unknown>, ...paths: RelPath[]) => ({
    what,
    step: async (world: DiskWorld) =>
      (await leadsOut(world, paths)) ? 'through a link' : attempt(() => act(world.user)),
  });
  switch (kind) {
    case 'write':
      return hand((user) => user.write(path, content), path);
    case 'folder':
      return hand((user) => user.folder(path), path);
    case 'link':
      return hand((user) => user.link(path, 'somewhere'), parent(path));
    case 'rename':
      return hand((user) => user.rename(path, to), parent(path), parent(to));
    case 'remove':
      return hand((user) => user.remove(path), parent(path));
    case 'move':
      return one(async (disk) => (await disk.move([{ from: path, to }]))[0]);
    case 'make-folders':
      return one(async (disk) => (await disk.makeFolders([path]))[0]);
    case 'remove-folder':
      return one((disk) => disk.removeFolder(path));
    case 'trash':
      return one(async (disk) => (await disk.toTrash([{ path, name }]))[0]);
    case 'from-trash':
      return one((disk) => disk.fromTrash(name, path));
    case 'park':
      return one((disk) => disk.park(path, name));
    case 'unpark':
      return one((disk) => disk.unpark(name, path));
    case 'stage':
      return one(async (disk) => (await disk.stage([{ name, bytes: Buffer.from(content), meta: META }]))[0]);
    case 'place':
      return one(async (disk) => (await disk.place([{ staged: name, path, mode }]))[0]);
    case 'erase':
      return {
        what,
        step: async ({ disk }) => {
          await disk.eraseTrash([name]);
          return 'erased';
        },
      };
    case 'look':
      return one((disk) => disk.look(path));
    default:
      return one(async (disk) => (await disk.readSmall([path], 1000))[0]);
  }
}

type Outcome = DiskOutcome<{
  readonly kind: string;
  readonly stamp?: Stamp;
  readonly displaced?: Stamp | null;
  readonly bytes?: Uint8Array;
}>;

function toldBy(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  if (outcome.kind === 'failed' && 'trouble' in outcome) return outcome.trouble;
  const { stamp, displaced, bytes } = outcome as Exclude<typeof outcome, { readonly trouble: string }>;
  return [outcome.kind, stamped(stamp), stamped(displaced), bytes && text(bytes)].join(' ');
}

function stamped(stamp: Stamp | null | undefined): string {
  if (stamp === null || stamp === undefined) return '';
  // Sizes of folders and links are each file system's own affair.
  return stamp.kind === 'file' ? `file of ${stamp.size}` : stamp.kind;
}

async function attempt(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return 'done';
  } catch {
    return 'refused';
  }
}

function parent(path: RelPath): RelPath {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

/** A user's program follows links, and a simulated one does not: such doings are left out on all disks alike. */
async function leadsOut({ disk }: DiskWorld, paths: readonly RelPath[]): Promise<boolean> {
  const all = paths.flatMap((path) => {
    const parts = path.split('/').filter((part) => part !== '');
    return parts.map((_part, i) => parts.slice(0, i + 1).join('/'));
  });
  const looks = await disk.lookMany(all);
  return looks.some((look) => look.kind === 'found' && look.stamp.kind === 'symlink');
}

/** Everything that is there, also in the reserved folder. */
export async function treeOf({ disk }: DiskWorld): Promise<readonly string[]> {
  const lines: string[] = [];
  const walk = async (folder: RelPath): Promise<void> => {
    const listing = await disk.list(folder);
    if (listing.kind === 'failed') {
      lines.push(`${folder}: ${listing.trouble}`);
      return;
    }
    for (const { name, stamp } of listing.entries) {
      const path = folder === '' ? `${name}` : `${folder}/${name}`;
      const [read] = stamp.kind === 'file' ? await disk.readSmall([path], 1000) : [];
      lines.push(`${path} ${stamp.kind} ${read?.kind === 'read' ? text(read.bytes) : ''}`);
      if (stamp.kind === 'folder') await walk(path);
    }
  };
  await walk('');
  const areas = {
    staged: await disk.listStaged(),
    trash: await disk.listTrash(),
    parked: await disk.listParked(),
  };
  for (const [area, entries] of Object.entries(areas))
    for (const { name, stamp } of entries) lines.push(`(${area}) ${name} ${stamped(stamp)}`);
  return lines.sort();
}

/** Where two reasons hold at once, a rename in steps may find the other one first. */
export type Reasons = 'compared' | 'any';

const TROUBLES = new Set(['gone', 'taken', 'not-folder', 'not-empty', 'name-refused', 'busy']);

function sameTold(here: string, there: string, reasons: Reasons): boolean {
  return here === there || (reasons === 'any' && TROUBLES.has(here) && TROUBLES.has(there));
}

/** Where the two part, or `null`. */
export async function firstDifference(
  mine: DiskWorld,
  theirs: DiskWorld,
  stream: Stream,
  steps: number,
  reasons: Reasons = 'compared',
): Promise<string | null> {
  const story: string[] = [];
  for (let number = 1; number <= steps; number += 1) {
    const { what, step } = drawStep(stream, number);
    const [here, there] = [await step(mine), await step(theirs)];
    story.push(`${what} → ${here}`);
    const [one, other] = [(await treeOf(mine)).join('\n'), (await treeOf(theirs)).join('\n')];
    if (sameTold(here, there, reasons) && one === other) continue;
    return [...story.slice(-12), `first: ${here}\n${one}`, `second: ${there}\n${other}`].join('\n');
  }
  return null;
}
