/** The reserved folder: its areas, what leaves them for good, and the control files. */
import {
  type Bytes,
  type DiskEntry,
  type DiskOutcome,
  type Done,
  RESERVED_FOLDER,
  type RelPath,
  ReservedUnreadable,
  type Stamp,
} from '../environment/disk.ts';
import { isNote } from './node-disk-aside.ts';
import type { DiskCalls } from './node-disk-calls.ts';
import { closeDescriptor, flushDescriptor, writeAt } from './node-disk-descriptors.ts';
import { failed, failedWith, isFailure } from './node-disk-errors.ts';
import { AREAS, type Area, areaFolder, areaPath, controlPath } from './node-disk-paths.ts';

/** Owner only: staged files are made under the process's umask and get their place's permissions on the exchange. */
const RESERVED_MODE = 0o700;
const CONTROL_LIMIT = 1024 * 1024;

/** Makes what is missing; anything else than real folders there is refused. */
export async function makeReserved(calls: DiskCalls): Promise<DiskOutcome<Done>> {
  for (const folder of [RESERVED_FOLDER, ...AREAS.map(areaFolder)]) {
    const [made] = await calls.makeFolders([folder], RESERVED_MODE);
    if (made === undefined) return failed('EIO', folder);
    if (!isFailure(made)) continue;
    if (made.trouble !== 'taken') return made;
    const [found] = await calls.look([folder]);
    if (found === undefined || isFailure(found)) return found ?? failed('EIO', folder);
    if (found.stamp.kind !== 'folder') return failed('ENOTDIR', folder);
  }
  return { kind: 'done' };
}

export async function listArea(calls: DiskCalls, area: Area): Promise<readonly DiskEntry[]> {
  const listing = await calls.list(areaFolder(area));
  if (isFailure(listing)) throw new ReservedUnreadable(listing);
  return area === 'staging' ? listing.entries.filter((entry) => !isNote(entry)) : listing.entries;
}

/** Erases files, links and whole folders. What cannot be erased (a name that is no text, a foreign owner) stays. */
export async function erase(calls: DiskCalls, area: Area, names: readonly string[]): Promise<void> {
  const paths = names.map((name) => areaPath(area, name));
  const found = await calls.look(paths);
  const files: RelPath[] = [];
  for (const [index, path] of paths.entries()) {
    const outcome = found[index];
    if (outcome === undefined || isFailure(outcome)) continue;
    if (outcome.stamp.kind !== 'folder') files.push(path);
    // Nothing of ours in staging is a folder: one that an exchange could not return is a user's.
    else if (area === 'trash') await eraseFolder(calls, path, outcome.stamp);
  }
  if (files.length > 0) await calls.remove(files, 'file');
}

async function eraseFolder(calls: DiskCalls, path: RelPath, stamp: Stamp): Promise<void> {
  let listing = await calls.list(path);
  if (isFailure(listing) && listing.trouble === 'denied') {
    await calls.changeMode(path, RESERVED_MODE);
    listing = await calls.list(path);
  }
  if (isFailure(listing)) return;
  const below = listing.entries.flatMap((entry) =>
    entry.name === null || entry.stamp.device !== stamp.device
      ? []
      : [{ ...entry, path: `${path}/${entry.name}` }],
  );
  for (const entry of below) {
    if (entry.stamp.kind === 'folder') await eraseFolder(calls, entry.path, entry.stamp);
  }
  const files = below.flatMap((entry) => (entry.stamp.kind === 'folder' ? [] : [entry.path]));
  const removed = await calls.remove(files, 'file');
  if (removed.some((outcome) => isFailure(outcome) && outcome.trouble === 'denied')) {
    await calls.changeMode(path, RESERVED_MODE);
    await calls.remove(files, 'file');
  }
  const [gone] = await calls.remove([path], 'folder');
  if (gone === undefined || !isFailure(gone) || gone.trouble !== 'not-empty') return;
  // Its own folders could not be removed from a read-only one.
  await calls.changeMode(path, RESERVED_MODE);
  for (const entry of below) if (entry.stamp.kind === 'folder') await calls.remove([entry.path], 'folder');
  await calls.remove([path], 'folder');
}

export async function readControl(calls: DiskCalls, name: string): Promise<DiskOutcome<Bytes> | null> {
  const [read] = await calls.readSmall([controlPath(name)], CONTROL_LIMIT);
  if (read === undefined) return failed('EIO', controlPath(name));
  if (isFailure(read)) return read.trouble === 'gone' && (await reservedIsThere(calls)) ? null : read;
  return { kind: 'bytes', bytes: read.bytes };
}

/** Absent is an answer only where the root itself is there. */
async function reservedIsThere(calls: DiskCalls): Promise<boolean> {
  const [root] = await calls.look(['']);
  return root !== undefined && !isFailure(root);
}

/** A new file, flushed, renamed over the old one, and the folder flushed: old or new after any crash, never half. */
export async function writeControl(
  calls: DiskCalls,
  name: string,
  bytes: Uint8Array,
): Promise<DiskOutcome<Done>> {
  const path = controlPath(name);
  const fresh = controlPath(`${name}~new`);
  const opened = await calls.open(fresh, 'write');
  if (isFailure(opened)) return opened;
  try {
    const written = await writeAt(opened.fd, 0, bytes, fresh);
    if (isFailure(written)) return written;
    const finished = await calls.finish(opened.fd, bytes.length, {
      executable: false,
      mtimeNs: BigInt(Date.now()) * 1_000_000n,
    });
    if (isFailure(finished)) return finished;
    await flushDescriptor(opened.fd);
  } catch (error) {
    return failedWith(error, fresh);
  } finally {
    await closeDescriptor(opened.fd);
  }
  const [renamed] = await calls.rename([{ from: fresh, to: path, how: 'plain' }]);
  if (renamed === undefined || isFailure(renamed)) return renamed ?? failed('EIO', path);
  const [flushed] = await calls.flush([RESERVED_FOLDER]);
  return flushed ?? failed('EIO', path);
}
