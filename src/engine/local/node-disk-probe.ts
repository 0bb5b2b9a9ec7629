/** What this file system can do, tried on real files in staging at start-up: promises differ from behaviour. */
import type { DiskAbilities, DiskOutcome, FileId, RelPath } from '../environment/disk.ts';
import type { DiskCalls, How, Renamed } from './node-disk-calls.ts';
import { closeDescriptor } from './node-disk-descriptors.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { areaFolder, areaPath } from './node-disk-paths.ts';

export type FileSystemAbilities = Omit<DiskAbilities, 'helper' | 'helperDetail'>;

export const NO_ABILITIES: FileSystemAbilities = {
  exchange: false,
  noReplace: false,
  reflink: false,
  syncfs: false,
  foldsCase: false,
  symlinks: false,
  birthTimes: true,
  executableBits: true,
};

const PREFIX = 'probe~';
/** Large enough for a whole extent on every file system that shares them. */
const REFLINK_BYTES = 64 * 1024;

/** Needs stamps made with everything taken for usable; says what is. */
export async function probe(
  calls: DiskCalls,
): Promise<DiskOutcome<{ readonly kind: 'probed'; readonly abilities: FileSystemAbilities }>> {
  await sweep(calls);
  try {
    const ids = await stageTwo(calls);
    if ('kind' in ids) return ids;
    const exchange = await canExchange(calls, ids);
    const noReplace = await canRenameWithoutReplacing(calls);
    const abilities: FileSystemAbilities = {
      exchange,
      noReplace,
      reflink: await canReflink(calls),
      syncfs: calls.flushAll !== null,
      foldsCase: await foldsCase(calls),
      symlinks: await canLink(calls),
      executableBits: await keepsExecutableBits(calls),
      birthTimes: await birthTimesStand(calls),
    };
    return { kind: 'probed', abilities };
  } finally {
    await sweep(calls);
  }
}

interface Ids {
  readonly a: FileId;
  readonly b: FileId;
}

async function stageTwo(calls: DiskCalls): Promise<Ids | ReturnType<typeof failed>> {
  const meta = { executable: false, mtimeNs: 1_000_000_000_000_000_000n };
  const large = new Uint8Array(REFLINK_BYTES).fill(1);
  const staged = await calls.stage([
    { path: name('a'), bytes: Buffer.from('a'), meta },
    { path: name('b'), bytes: Buffer.from('b'), meta },
    { path: name('fold'), bytes: Buffer.from('f'), meta },
    { path: name('large'), bytes: large, meta },
  ]);
  const trouble = staged.find(isFailure);
  if (trouble !== undefined) return trouble;
  const [a, b] = staged;
  if (a === undefined || b === undefined || isFailure(a) || isFailure(b)) return failed('EIO', name('a'));
  return { a: a.stamp.fileId, b: b.stamp.fileId };
}

async function rename(calls: DiskCalls, from: string, to: string, how: How): Promise<DiskOutcome<Renamed>> {
  const [outcome] = await calls.rename([{ from: name(from), to: name(to), how }]);
  return outcome ?? failed('EIO', from);
}

/** On two existing names it swaps, on a free one it refuses. */
async function canExchange(calls: DiskCalls, ids: Ids): Promise<boolean> {
  const swapped = await rename(calls, 'a', 'b', 'exchange');
  if (isFailure(swapped)) return false;
  if (swapped.stamp.fileId !== ids.a || swapped.displaced?.fileId !== ids.b) return false;
  return isFailure(await rename(calls, 'a', 'free', 'exchange'));
}

/** On a taken name it refuses and leaves both, on a free one it works: lowntfs-3g does only the first. */
async function canRenameWithoutReplacing(calls: DiskCalls): Promise<boolean> {
  const refused = await rename(calls, 'a', 'b', 'no-replace');
  if (!isFailure(refused) || refused.trouble !== 'taken') return false;
  const moved = await rename(calls, 'a', 'c', 'no-replace');
  return !isFailure(moved);
}

async function canReflink(calls: DiskCalls): Promise<boolean> {
  const target = await calls.open(name('copy'), 'write');
  if (isFailure(target)) return false;
  try {
    const copied = await calls.copyRange(name('large'), 0, target.fd, 0, REFLINK_BYTES);
    return copied.kind === 'copied' && copied.way === 'reflink';
  } finally {
    await closeDescriptor(target.fd);
  }
}

async function foldsCase(calls: DiskCalls): Promise<boolean> {
  const [found] = await calls.look([name('FOLD')]);
  return found !== undefined && !isFailure(found);
}

async function canLink(calls: DiskCalls): Promise<boolean> {
  const made = await calls.makeLink(name('link'), 'nowhere/at all');
  if (isFailure(made) || made.stamp.kind !== 'symlink') return false;
  const read = await calls.readLink(name('link'));
  return !isFailure(read) && read.target === 'nowhere/at all';
}

/** One file without and one with it come out as they were made. */
async function keepsExecutableBits(calls: DiskCalls): Promise<boolean> {
  const meta = { executable: true, mtimeNs: 0n };
  const [script] = await calls.stage([{ path: name('script'), bytes: new Uint8Array(0), meta }]);
  const [plain] = await calls.look([name('large')]);
  if (script === undefined || plain === undefined || isFailure(script) || isFailure(plain)) return false;
  return script.stamp.executable && !plain.stamp.executable;
}

/** Reported, and not moved by what moves other times: some systems report the change time in their place. */
async function birthTimesStand(calls: DiskCalls): Promise<boolean> {
  const [before] = await calls.look([name('large')]);
  if (before === undefined || isFailure(before) || !before.stamp.trusted) return false;
  await new Promise((resolve) => setTimeout(resolve, 5));
  await calls.changeMode(name('large'), 0o600);
  const moved = await rename(calls, 'large', 'moved', 'plain');
  return !isFailure(moved) && moved.stamp.fileId === before.stamp.fileId;
}

async function sweep(calls: DiskCalls): Promise<void> {
  const listing = await calls.list(areaFolder('staging'));
  if (isFailure(listing)) return;
  const leftovers = listing.entries.flatMap(({ name }) => (name?.startsWith(PREFIX) === true ? [name] : []));
  await calls.remove(
    leftovers.map((leftover) => areaPath('staging', leftover)),
    'file',
  );
}

function name(suffix: string): RelPath {
  return areaPath('staging', PREFIX + suffix);
}
