/** Where the control socket lies, and whether one that is already there belongs to a living engine. */
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { CONTROL_FILE, type ControlPlace, isAlive, readControlFile } from '../../ipc/node-control-file.ts';

/** The kernel takes 107 bytes on Linux and 103 on macOS; a longer path is cut or refused. */
const MAX_SOCKET_PATH = 100;

export type SocketPlace =
  | { readonly kind: 'place'; readonly path: string /** A pipe is no file. */; readonly isFile: boolean }
  | { readonly kind: 'refused'; readonly detail: string };

export type Platform = 'unix' | 'windows';
export const PLATFORM: Platform = process.platform === 'win32' ? 'windows' : 'unix';

function shortName(state: string): string {
  return createHash('sha256').update(state).digest('hex').slice(0, 16);
}

/** A folder that only we can enter. One that somebody else prepared under the name we want is refused. */
async function ownFolder(path: string): Promise<boolean> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const stat = await lstat(path);
  if (!stat.isDirectory() || stat.uid !== userInfo().uid) return false;
  if ((stat.mode & 0o077) !== 0) await chmod(path, 0o700);
  return true;
}

/** The state folder itself, or a private folder elsewhere when its path is too long for a socket. */
export async function choosePlace(state: string, platform: Platform = PLATFORM): Promise<SocketPlace> {
  if (platform === 'windows') {
    return { kind: 'place', path: `\\\\.\\pipe\\tidemark-${shortName(state)}`, isFile: false };
  }
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const user = `tidemark-${userInfo().uid}`;
  const folders = [
    state,
    ...(runtime ? [join(runtime, user)] : []),
    join(tmpdir(), user),
    join('/tmp', user),
  ];
  for (const folder of folders) {
    const path = join(folder, folder === state ? 'control.sock' : `${shortName(state)}.sock`);
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) continue;
    const own = await ownFolder(folder).catch(() => false);
    if (own) return { kind: 'place', path, isFile: true };
    if (folder === state) return { kind: 'refused', detail: `${state} is not a folder of this user` };
  }
  return { kind: 'refused', detail: 'no private folder with a path short enough for a socket' };
}

/** Whether somebody accepts connections there. A stopped process still does: its kernel queue answers. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    // EAGAIN: there is a listener, and its queue is full.
    socket.once('error', (error) => settle('code' in error && error.code === 'EAGAIN'));
  });
}

/**
 * The living engine that owns this state, or null. A dead pid settles it; a living one is only believed when somebody
 * listens, since pids are given out again. The same for a socket without a control file.
 */
export async function livingOwner(state: string, place: string): Promise<number | null> {
  const known = await readControlFile(state);
  if (known !== null && isAlive(known.pid) && (await isListening(known.socket))) return known.pid;
  if (known?.socket !== place && (await isListening(place))) return known?.pid ?? 0;
  return null;
}

export async function removeSocket(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}

/** Whole or not at all: readers never see half of it. Not flushed, since it means nothing after a power cut. */
export async function writeControlFile(state: string, place: ControlPlace): Promise<void> {
  const next = join(state, `.${CONTROL_FILE}.${place.pid}`);
  await unlink(next).catch(() => undefined);
  await writeFile(next, `${JSON.stringify(place)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(next, join(state, CONTROL_FILE));
}

/** Removes the control file unless a later engine has written its own. */
export async function removeControlFile(state: string, place: ControlPlace): Promise<void> {
  const known = await readControlFile(state);
  if (known?.pid === place.pid && known.socket === place.socket) {
    await unlink(join(state, CONTROL_FILE)).catch(() => undefined);
  }
}
