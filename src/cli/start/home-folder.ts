/** The folder in which `tidemark start` keeps everything: server data, password, state of this computer, logs. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../ipc/node-control-file.ts';
import { stateInHome } from '../defaults.ts';

export interface HomeFolder {
  readonly root: string;
  readonly serverData: string;
  readonly readyFile: string;
  readonly serverLog: string;
  readonly engineLog: string;
  readonly passwordFile: string;
  readonly portFile: string;
  readonly startFile: string;
  readonly state: string;
}

export function homeFolder(root: string): HomeFolder {
  return {
    root,
    serverData: join(root, 'server'),
    readyFile: join(root, 'server-ready.json'),
    serverLog: join(root, 'server.log'),
    engineLog: join(root, 'this-computer.log'),
    passwordFile: join(root, 'password'),
    portFile: join(root, 'server-port'),
    startFile: join(root, 'start.pid'),
    state: stateInHome(root),
  };
}

async function numberIn(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d{1,10}\s*$/.test(text) ? Number(text) : null;
}

/** Whole or not at all, and for the owner only. */
async function writeOwn(file: string, text: string): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, file);
}

export async function prepareHome(home: HomeFolder): Promise<void> {
  await mkdir(home.root, { recursive: true, mode: 0o700 });
  await chmod(home.root, 0o700);
}

/** How long a start may take until server or engine can be seen. */
const STARTING_MS = 60_000;

/**
 * Takes the home for this process; answers with the process that has it, when one does. A living pid is not enough,
 * since pids are given out again: something of ours must be up, or the start must be young.
 */
export async function claimHome(home: HomeFolder, isUp: () => Promise<boolean>): Promise<number | null> {
  const owner = await numberIn(home.startFile);
  if (owner !== null && owner !== process.pid && isAlive(owner)) {
    const age = Date.now() - ((await stat(home.startFile).catch(() => null))?.mtimeMs ?? 0);
    if (age < STARTING_MS || (await isUp())) return owner;
  }
  await writeOwn(home.startFile, String(process.pid));
  return null;
}

export async function releaseHome(home: HomeFolder): Promise<void> {
  if ((await numberIn(home.startFile)) === process.pid) await rm(home.startFile, { force: true });
}

/** The password of the first user: made once, read again by later starts. */
export async function ensurePassword(home: HomeFolder): Promise<void> {
  const known = await readFile(home.passwordFile, 'utf8').catch(() => '');
  if (known.trim() === '') await writeOwn(home.passwordFile, `${randomBytes(18).toString('base64url')}\n`);
}

/** The port is kept, since linked devices know the server by it. */
export function knownPort(home: HomeFolder): Promise<number | null> {
  return numberIn(home.portFile);
}

export async function keepPort(home: HomeFolder, url: string): Promise<void> {
  await writeOwn(home.portFile, new URL(url).port);
}

/** The first user of the server is called like the person at this computer. */
export function firstUser(): string {
  try {
    return userInfo().username || 'me';
  } catch {
    return 'me';
  }
}
