/** Which paths may reach the disk at all. Names come from a server that is not trusted with it. */
import { type DiskFailure, RESERVED_FOLDER, type RelPath } from '../environment/disk.ts';
import { failed } from './node-disk-errors.ts';
import type { Platform } from './node-disk-platform.ts';

export type Area = 'staging' | 'trash' | 'parked';
export const AREAS: readonly Area[] = ['staging', 'trash', 'parked'];

/** An empty, '.' or '..' component, or a NUL. */
const UNSAFE = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;
/** What may stand in the reserved areas: chosen by the engine, so plain. */
const PLAIN_NAME = /^[A-Za-z0-9_.~+=@-]{1,200}$/;

/**
 * Null when the path is one inside the root and outside the reserved folder that this platform can hold; '' passes.
 * A lone surrogate would be written as another name than the one asked for, so it is refused too.
 */
export function pathTrouble(path: RelPath, platform: Platform, foldsCase: boolean): DiskFailure | null {
  if (path === '') return null;
  if (UNSAFE.test(path) || !path.isWellFormed()) return failed('EINVAL', path);
  if (inReserved(path, platform, foldsCase)) return failed('EINVAL', path);
  if (platform.refusesNames && !path.split('/').every((name) => platform.acceptsName(name))) {
    return failed('EINVAL', path);
  }
  return null;
}

/** True for the reserved folder under any spelling that this disk would resolve to it. */
export function isReservedName(name: string, platform: Platform, foldsCase: boolean): boolean {
  if (name === RESERVED_FOLDER) return true;
  return foldsCase && platform.plainName(name) === RESERVED_FOLDER;
}

function inReserved(path: RelPath, platform: Platform, foldsCase: boolean): boolean {
  // Cheap first: nearly every path begins with something else.
  if (!foldsCase && !path.startsWith(RESERVED_FOLDER)) return false;
  const slash = path.indexOf('/');
  return isReservedName(slash < 0 ? path : path.slice(0, slash), platform, foldsCase);
}

/** Path of an object in a reserved area. A name that is not plain is a programming error. */
export function areaPath(area: Area, name: string): RelPath {
  return `${RESERVED_FOLDER}/${area}/${plain(name)}`;
}

export function areaFolder(area: Area): RelPath {
  return `${RESERVED_FOLDER}/${area}`;
}

export function controlPath(name: string): RelPath {
  return `${RESERVED_FOLDER}/${plain(name)}`;
}

export function parentOf(path: RelPath): RelPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function nameOf(path: RelPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function plain(name: string): string {
  if (!PLAIN_NAME.test(name) || name === '.' || name === '..') {
    throw new RangeError(`not a plain reserved name: ${JSON.stringify(name)}`);
  }
  return name;
}
