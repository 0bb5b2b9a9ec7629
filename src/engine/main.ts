/** The engine process: wiring only. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../core/names/portability.ts';
import { EXIT } from '../ipc/exit.ts';
import { exitCodeOf } from '../ipc/exit-codes.ts';
import type { RunOptions } from '../ipc/link.ts';
import { readControlFile } from '../ipc/node-control-file.ts';
import { productVersion } from '../ipc/node-version.ts';
import { type ErrorCode, sentenceOf } from '../protocol/errors.ts';
import { createControlServer } from './control/node-control-server.ts';
import { Engine } from './engine.ts';
import { nodeLog, openNodeEnvironment } from './local/node-environment.ts';
import { bordersOfRoot } from './shares/mount-borders.ts';
import { openNodeShareHomes } from './shares/node-share-home.ts';
import { ShareKeeper } from './shares/share-keeper.ts';
import { type StateTrouble, stateTrouble } from './state/database.ts';
import { hasRoomForState, openStateFolder } from './state/node-state-folder.ts';
import { createControl } from './verbs/control.ts';

const PLATFORMS = { darwin: 'macos', win32: 'windows' } as const;
const LOOK_AGAIN_MS = 2000;

function platformHere(): Platform {
  return process.platform === 'darwin' || process.platform === 'win32'
    ? PLATFORMS[process.platform]
    : 'linux';
}

type Ended = { readonly kind: 'ended'; readonly code: number } | { readonly kind: 'again' };

/** Runs the engine of a linked state in the foreground until it is told to stop. Resolves to the exit code. */
export async function runEngine({ state, paused }: RunOptions): Promise<number> {
  // A log on a full disk, or a reader that has gone: nobody is left to be told.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const settings: Settings = { state, paused, token: null, startedAt: Date.now() };
  for (;;) {
    const ended = await runOnce(settings, stop);
    if (ended.kind === 'ended') return ended.code;
  }
}

interface Settings {
  readonly state: string;
  paused: boolean;
  /** As it was given, for a state that does not keep it. */
  token: string | null;
  readonly startedAt: number;
}

/** Until it is told to stop, or until its state could not be written and now can: then it begins again. */
async function runOnce(settings: Settings, stop: AbortController): Promise<Ended> {
  const { state } = settings;
  const opened = openStateFolder(state);
  if (opened.kind !== 'open') return refuse(opened, state);
  const { account, db } = opened;
  const token = opened.token ?? settings.token;
  if (opened.setAside !== null) say('state-corrupt', { file: state }, opened.setAside);
  const env = await openNodeEnvironment(account.folder, account);
  const { paused, startedAt } = settings;
  const boundaries = bordersOfRoot(
    () => engine.state.mounts,
    account,
    (seen) => keeper.noteSeen(seen),
  );
  const platform = platformHere();
  const engine: Engine = new Engine({ env, db, account, token, platform, paused, boundaries });
  const keeper: ShareKeeper = new ShareKeeper(
    engine,
    openNodeShareHomes({ state, platform, transport: env.transport }),
  );
  const facts = { version: productVersion(), pid: process.pid, stateFolder: state, startedAt };
  const control = await createControlServer(
    createControl(engine, facts, () => stop.abort(), keeper),
    { state, folder: account.folder, log: nodeLog },
  );
  if (control.kind !== 'listening') {
    if (control.kind === 'in-use') say('state-in-use', { file: state, other: control.pid });
    else say('state-unusable', { file: state, detail: control.detail });
    await keeper.close();
    opened.release();
    return { kind: 'ended', code: EXIT.needsYou };
  }
  const failures = new StateFailures(engine, state);
  // Whatever stops it is told as its status, which the command line follows.
  await failures.guard(async () => {
    if (await hasToken(engine, state, stop.signal)) await engine.start();
  });
  await failures.untilOver(stop.signal);
  settings.token = engine.token;
  settings.paused = engine.pauses.reason === 'user' && engine.pauses.untilMs === null;
  await failures.guard(() => keeper.close());
  await failures.guard(() => engine.stop());
  await control.server.close();
  await env.close();
  db.close();
  opened.release();
  failures.close();
  return stop.signal.aborted ? { kind: 'ended', code: EXIT.ok } : { kind: 'again' };
}

/** Resolves when the engine has its token, which may be at once; false when it is told to stop before. */
function hasToken(engine: Engine, state: string, stop: AbortSignal): Promise<boolean> {
  if (engine.token !== null) return Promise.resolve(true);
  say('token-awaited', { state });
  return new Promise((resolve) => {
    const unhear = engine.onChange(() => settle());
    const settle = () => {
      if (engine.token === null && !stop.aborted) return;
      unhear();
      stop.removeEventListener('abort', settle);
      resolve(!stop.aborted);
    };
    stop.addEventListener('abort', settle);
    settle();
  });
}

/**
 * A state that cannot be written, wherever in the engine that shows. What is in memory may then be ahead of it: the
 * engine stands still, and begins anew as after a kill once the state can be written again.
 */
class StateFailures {
  private readonly engine: Engine;
  private readonly state: string;
  private readonly first = Promise.withResolvers<StateTrouble>();

  constructor(engine: Engine, state: string) {
    this.engine = engine;
    this.state = state;
    process.on('uncaughtException', this.failed);
  }

  close(): void {
    process.off('uncaughtException', this.failed);
  }

  async guard(work: () => Promise<void>): Promise<void> {
    await work().catch(this.failed);
  }

  /** Resolves when the engine is told to stop, or is to begin anew. */
  async untilOver(stop: AbortSignal): Promise<void> {
    const trouble = await Promise.race([this.first.promise, told(stop)]);
    if (trouble === null) return;
    do await sleep(LOOK_AGAIN_MS, null, { signal: stop }).catch(() => null);
    while (!stop.aborted && trouble === 'full' && !hasRoomForState(this.state));
  }

  private readonly failed = (error: unknown): void => {
    const trouble = stateTrouble(error);
    // A fault of the program: it ends here, and the next start settles what it left.
    if (trouble === null) throw error;
    const facts = { file: this.state, detail: error instanceof Error ? error.message : '' };
    this.engine.halt({ code: CODES[trouble], facts, recovers: false });
    this.first.resolve(trouble);
  };
}

const CODES: Readonly<Record<StateTrouble, ErrorCode>> = {
  full: 'state-full',
  damaged: 'state-corrupt',
  failing: 'state-unusable',
};

function told(stop: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve(null);
    stop.addEventListener('abort', () => resolve(null), { once: true });
  });
}

function say(code: ErrorCode, facts: Readonly<Record<string, string | number>>, more = ''): void {
  process.stderr.write(`${sentenceOf(code, facts)}${more === '' ? '' : ` (${more})`}\n`);
}

async function refuse(
  opened: Exclude<ReturnType<typeof openStateFolder>, { kind: 'open' }>,
  state: string,
): Promise<Ended> {
  const codes = {
    missing: 'state-missing',
    'in-use': 'state-in-use',
    newer: 'state-newer',
    full: 'state-full',
    unusable: 'state-unusable',
  } as const;
  const code = codes[opened.kind];
  const other = (await readControlFile(state))?.pid ?? 'unknown';
  say(code, { file: state, other, detail: opened.kind === 'unusable' ? opened.detail : '' });
  return { kind: 'ended', code: exitCodeOf(code) };
}
