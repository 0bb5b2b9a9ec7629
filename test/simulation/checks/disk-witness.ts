/**
 * The engine's disk with somebody looking over its shoulder: every name and path it gives to a call is looked at before
 * the call is made (I14), and what it erases for good is noted (I2).
 */
import { type Disk, RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import type { Machine } from '../machine.ts';
import { below } from '../sim-user.ts';
import type { SimNode } from '../volume-node.ts';

type Meaning = 'path' | 'name' | 'data';

/** What the arguments of each call mean, in order; the members of objects are known by their names. */
const MEANINGS: Readonly<Record<keyof Disk, readonly Meaning[]>> = {
  prepare: [],
  list: ['path'],
  look: ['path'],
  lookMany: ['path'],
  readLink: ['path'],
  open: ['path'],
  readSmall: ['path', 'data'],
  stage: ['name'],
  stageLink: ['name', 'data'],
  stageOpen: ['name'],
  flushStaged: ['name'],
  flushFolders: ['path'],
  flushFiles: ['path'],
  place: ['data'],
  beingWritten: ['path'],
  move: ['data'],
  makeFolders: ['path'],
  removeFolder: ['path'],
  toTrash: ['data'],
  fromTrash: ['name', 'path'],
  eraseTrash: ['name'],
  park: ['path', 'name'],
  unpark: ['name', 'path'],
  listStaged: [],
  listTrash: [],
  listParked: [],
  fingerprintReserved: ['data', 'name'],
  readReserved: ['data', 'name'],
  maybeOpenElsewhere: ['name'],
  eraseStaged: ['name'],
  stagedToTrash: ['name', 'name'],
  readControl: ['name'],
  writeControl: ['name', 'data'],
  freeBytes: [],
  close: [],
};

const MEMBERS: Readonly<Record<string, Meaning>> = {
  path: 'path',
  from: 'path',
  to: 'path',
  name: 'name',
  staged: 'name',
};

/** Why a path is not one below the root, outside of what is reserved; `null` when it is. */
export function pathFault(path: string): string | null {
  if (path === '') return null;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'leaves its folder';
  if (path.includes('\0')) return 'ends early';
  return parts[0] === RESERVED_FOLDER ? 'is in the reserved folder' : null;
}

export function nameFault(name: string): string | null {
  return /^[A-Za-z0-9._-]{1,200}$/.test(name) && !/^\.{1,2}$/.test(name) ? null : 'is no plain name';
}

export interface DiskListener {
  /** Something is asked for outside of where the engine may act. */
  readonly astray: (call: string, target: string, why: string) => void;
  /** About to be erased for good. */
  readonly erasing: (area: 'staging' | 'trash', names: readonly string[]) => void;
}

/** The same disk, watched. */
export function witnessed(disk: Disk, listener: DiskListener): Disk {
  return new Proxy(disk, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function' || typeof member !== 'string' || !isCall(member)) return value;
      return (...args: unknown[]): unknown => {
        lookAt(member, args, listener);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

function isCall(member: string): member is keyof Disk {
  return Object.hasOwn(MEANINGS, member);
}

function lookAt(call: keyof Disk, args: readonly unknown[], listener: DiskListener): void {
  const names: string[] = [];
  for (const [index, argument] of args.entries()) {
    for (const [meaning, text] of targetsOf(argument, MEANINGS[call][index] ?? 'data')) {
      const fault = meaning === 'path' ? pathFault(text) : nameFault(text);
      if (fault !== null) listener.astray(call, text, fault);
      if (meaning === 'name') names.push(text);
    }
  }
  if (call === 'eraseStaged') listener.erasing('staging', names);
  if (call === 'eraseTrash') listener.erasing('trash', names);
}

function* targetsOf(argument: unknown, meaning: Meaning): Generator<readonly ['path' | 'name', string]> {
  if (typeof argument === 'string') {
    if (meaning !== 'data') yield [meaning, argument];
  } else if (Array.isArray(argument)) {
    for (const item of argument) yield* targetsOf(item, meaning);
  } else if (typeof argument === 'object' && argument !== null && !ArrayBuffer.isView(argument)) {
    for (const [member, value] of Object.entries(argument)) {
      const means = MEMBERS[member];
      if (means !== undefined) yield* targetsOf(value, means);
    }
  }
}

/** The files that stand under these names in the reserved folder just now. */
export function reservedFiles(
  machine: Machine,
  area: 'staging' | 'trash',
  names: readonly string[],
): SimNode[] {
  if (machine.volume.absent) return [];
  const { volume } = machine;
  const reserved = volume.childOf(volume.root, RESERVED_FOLDER);
  const folder = reserved && volume.childOf(reserved, area);
  if (folder === undefined) return [];
  return names
    .flatMap((name) => volume.childOf(folder, name) ?? [])
    .flatMap(below)
    .filter((node) => node.kind === 'file');
}
