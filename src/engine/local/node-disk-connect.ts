/** Which calls a disk runs on, and which object its root is. */
import { realpath } from 'node:fs/promises';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { DiskFailure } from '../environment/disk.ts';
import type { DiskCalls } from './node-disk-calls.ts';
import { codeOf, failed } from './node-disk-errors.ts';
import { FallbackCalls } from './node-disk-fallback.ts';
import { NativeCalls } from './node-disk-native.ts';
import type { Platform } from './node-disk-platform.ts';
import type { StampMaker } from './node-disk-stamps.ts';
import { identifyRoot } from './node-disk-walk.ts';
import { loadHelper, type NativeHelper } from './node-helper.ts';

export interface Connection {
  readonly calls: DiskCalls;
  readonly helper: 'native' | 'fallback';
  readonly helperDetail: string;
  /** Why the root could not be identified; until it can, every call answers `gone`. */
  readonly trouble: DiskFailure | null;
}

/** Kernels before 5.6 and some sandboxes do not have the call that walks without following links. */
const NOT_SUPPORTED: readonly number[] = [constants.errno.ENOSYS, constants.errno.EPERM];

export async function connect(
  root: string,
  forceFallback: boolean,
  stamps: StampMaker,
  platform: Platform,
): Promise<Connection> {
  const absolute = resolve(root);
  const path = await realpath(absolute).catch(() => absolute);
  if (forceFallback) return overNode(path, 'asked for', stamps, platform);
  const loaded = loadHelper();
  if (loaded.kind === 'missing') return overNode(path, loaded.why, stamps, platform);
  const native = overHelper(loaded.helper, loaded.path, path, stamps);
  return native ?? overNode(path, 'this kernel has no openat2', stamps, platform);
}

function overHelper(
  helper: NativeHelper,
  helperDetail: string,
  path: string,
  stamps: StampMaker,
): Connection | null {
  const identity = helper.identify(path);
  if (typeof identity === 'number' && NOT_SUPPORTED.includes(identity)) return null;
  const known = typeof identity === 'number' ? noRoot(path) : identity;
  const trouble = typeof identity === 'number' ? rootTrouble(codeOf(identity)) : null;
  return { calls: new NativeCalls(helper, known, stamps), helper: 'native', helperDetail, trouble };
}

async function overNode(
  path: string,
  helperDetail: string,
  stamps: StampMaker,
  platform: Platform,
): Promise<Connection> {
  const identity = await identifyRoot(path);
  const known = typeof identity === 'string' ? null : identity;
  const trouble = typeof identity === 'string' ? rootTrouble(identity) : null;
  const calls = new FallbackCalls(path, known, stamps, platform);
  return { calls, helper: 'fallback', helperDetail, trouble };
}

/** An identity that no object has. */
function noRoot(path: string): Uint8Array {
  return Buffer.concat([Buffer.alloc(24), Buffer.from(path)]);
}

/** A root that is a file or a dangling link is not there as a root. */
function rootTrouble(code: string): DiskFailure {
  return failed(code === 'ENOTDIR' || code === 'ELOOP' ? 'ENOENT' : code, '');
}
