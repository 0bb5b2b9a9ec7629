/** May this folder become a sync root? Checked before anything is made or sent. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { DeviceId } from '../../protocol/ids.ts';
import { parseMarker } from '../root-marker.ts';

const MARKER = join('.tidemark', 'root.json');

export type RootCheck =
  | { readonly kind: 'usable'; readonly folder: string; readonly exists: boolean }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly facts: Readonly<Record<string, string>> };

/** `owner`: the device of the state that is to have it, if there is one already. */
export function checkRootFolder(folder: string, state: string, owner: DeviceId | null): RootCheck {
  const exists = existsSync(folder);
  const anchor = exists ? folder : nearestExisting(folder);
  if (!statSync(anchor).isDirectory())
    return { kind: 'refused', code: 'root-not-folder', facts: { file: anchor } };
  try {
    accessSync(anchor, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { kind: 'refused', code: 'root-unwritable', facts: { file: folder } };
  }
  const real = realOrSelf(folder);
  if (existsSync(join(real, MARKER)) && !(owner !== null && isMarkedFor(join(real, MARKER), owner)))
    return { kind: 'refused', code: 'root-foreign', facts: { file: folder } };
  const outer = outerRoot(real);
  if (outer !== null) return { kind: 'refused', code: 'root-nested', facts: { file: folder, other: outer } };
  if (isInside(realOrSelf(state), real))
    return { kind: 'refused', code: 'state-inside', facts: { file: folder, other: state } };
  return { kind: 'usable', folder: real, exists };
}

/** A mark that cannot be read is nobody's. */
function isMarkedFor(marker: string, device: DeviceId): boolean {
  const found = parseMarker(readFileSync(marker));
  return found.kind === 'damaged' || (found.kind === 'marker' && found.marker.deviceId === device);
}

export function makeRootFolder(folder: string): boolean {
  try {
    // One by one: a recursive mkdir never returns where a parent refuses with ENOENT (/proc).
    const missing: string[] = [];
    for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
    for (const each of missing) mkdirSync(each);
    return true;
  } catch {
    return false;
  }
}

/** Linking did not work out: what it made in the folder goes, and the folder too if it was made. The user's things stay. */
export function leaveNothing(folder: string, isOurs: boolean): void {
  try {
    if (!existsSync(join(folder, MARKER)))
      rmSync(join(folder, '.tidemark'), { recursive: true, force: true });
    if (isOurs) rmdirSync(folder);
  } catch {
    // What cannot be removed is empty, and in nobody's way.
  }
}

function nearestExisting(path: string): string {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function realOrSelf(path: string): string {
  const anchor = nearestExisting(path);
  return realpathSync(anchor) + path.slice(anchor.length);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A synced folder above this one. */
function outerRoot(folder: string): string | null {
  for (let at = dirname(folder); ; at = dirname(at)) {
    if (existsSync(join(at, MARKER))) return at;
    if (dirname(at) === at) return null;
  }
}
