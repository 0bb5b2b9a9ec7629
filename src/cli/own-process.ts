/** This program started again as a child, with other words: a server, an engine, a short verb. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../ipc/node-control-file.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/tidemark', import.meta.url));

/** The command a user can type for this program from where they stand. */
export function programName(cwd: string): string {
  const near = relative(cwd, LAUNCHER);
  return near.startsWith('..') ? LAUNCHER : near;
}

/** How this program is started: the app does it with another Node and another path than the command line. */
export interface Program {
  readonly command: string;
  readonly words: readonly string[];
}

function thisProgram(): Program {
  return { command: process.execPath, words: [...process.execArgv, process.argv[1] ?? LAUNCHER] };
}

/** A long-lived process of ours: a child, or one that an earlier start left running. */
export interface Managed {
  readonly pid: number;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Asks it to end cleanly, and insists after a while. */
  stop(): Promise<void>;
}

const STOP_MS = 20_000;
/** A process that has not said that it is ready by then will not. */
export const START_MS = 60_000;

export function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function endPid(pid: number, ended: Promise<void>): Promise<void> {
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in this very moment.
    }
  };
  send('SIGTERM');
  const insist = setTimeout(() => send('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(insist);
}

/** In a session of its own: a Ctrl-C in the terminal reaches only the parent, which ends its children in order. */
export function spawnOwn(args: readonly string[], logFile: string, program = thisProgram()): Managed {
  const log = openSync(logFile, 'a', 0o600);
  const words = [...program.words, ...args];
  const child = spawn(program.command, words, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = whenEnded(child);
  const pid = child.pid ?? 0;
  return { pid, ended, stop: () => (pid === 0 ? ended : endPid(pid, ended)) };
}

function whenEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/** A process that somebody else started. */
export function adopt(pid: number): Managed {
  const ended = (async () => {
    while (isAlive(pid)) await pauseFor(200);
  })();
  return { pid, ended, stop: () => endPid(pid, ended) };
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a short verb to its end. */
export function runOwn(args: readonly string[], program = thisProgram()): Promise<Ran> {
  return new Promise((resolve) => {
    const words = [...program.words, ...args];
    const child = spawn(program.command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', (error) => resolve({ code: 1, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

export interface Ready {
  readonly url: string;
  readonly pid: number;
}

/** What a server's ready file says; null while it says nothing. */
export async function readReady(file: string): Promise<Ready | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('url' in value) || !('pid' in value)) return null;
    const { url, pid } = value;
    return typeof url === 'string' && typeof pid === 'number' ? { url, pid } : null;
  } catch {
    return null;
  }
}

export type ServerStart =
  | { readonly kind: 'running'; readonly url: string; readonly server: Managed }
  | { readonly kind: 'ended'; readonly why: string };

export interface ServerPlace {
  readonly data: string;
  readonly port: number;
  readonly readyFile: string;
  readonly logFile: string;
}

/** Starts a server and waits until it listens. */
export async function startServer(place: ServerPlace, program = thisProgram()): Promise<ServerStart> {
  await rm(place.readyFile, { force: true });
  const args = [
    'server',
    '--data',
    place.data,
    '--port',
    String(place.port),
    '--ready-file',
    place.readyFile,
  ];
  const server = spawnOwn(args, place.logFile, program);
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  const until = performance.now() + START_MS;
  while (!over && performance.now() < until) {
    const ready = await readReady(place.readyFile);
    if (ready !== null && ready.pid === server.pid) return { kind: 'running', url: ready.url, server };
    await pauseFor(30);
  }
  await server.stop();
  const log = await readFile(place.logFile, 'utf8').catch(() => '');
  return { kind: 'ended', why: log.trim().split('\n').slice(-3).join('\n') };
}
