/** The engine process: wiring only. */
import type { Platform } from '../core/names/portability.ts';
import { EXIT } from '../ipc/exit.ts';
import { exitCodeOf } from '../ipc/exit-codes.ts';
import type { RunOptions } from '../ipc/link.ts';
import { productVersion } from '../ipc/node-version.ts';
import { sentenceOf } from '../protocol/errors.ts';
import { createControlServer } from './control/node-control-server.ts';
import { Engine } from './engine.ts';
import { nodeLog, openNodeEnvironment } from './local/node-environment.ts';
import { openStateFolder } from './state/node-state-folder.ts';
import { createControl } from './verbs/control.ts';

const PLATFORMS = { darwin: 'macos', win32: 'windows' } as const;

function platformHere(): Platform {
  return process.platform === 'darwin' || process.platform === 'win32'
    ? PLATFORMS[process.platform]
    : 'linux';
}

/** Runs the engine of a linked state in the foreground until it is told to stop. Resolves to the exit code. */
export async function runEngine({ state, paused }: RunOptions): Promise<number> {
  const opened = openStateFolder(state);
  if (opened.kind !== 'open') return refuse(opened, state);
  const { account, token, db } = opened;
  if (opened.setAside !== null)
    process.stderr.write(`${sentenceOf('state-corrupt', { file: state })} (${opened.setAside})\n`);
  const env = await openNodeEnvironment(account.folder, account.serverUrl);
  const engine = new Engine({ env, db, account, token, platform: platformHere(), paused });
  let finish: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    finish = resolve;
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => finish());
  const facts = { version: productVersion(), pid: process.pid, stateFolder: state, startedAt: Date.now() };
  const control = await createControlServer(
    createControl(engine, facts, () => finish()),
    { state, folder: account.folder, log: nodeLog },
  );
  if (control.kind !== 'listening') {
    process.stderr.write(
      `${control.kind === 'in-use' ? sentenceOf('state-in-use', { file: state, other: control.pid }) : control.detail}\n`,
    );
    opened.release();
    return EXIT.needsYou;
  }
  const halt = await engine.start();
  if (halt) process.stderr.write(`${sentenceOf(halt.code, halt.facts)}\n`);
  await stopped;
  await engine.stop();
  await control.server.close();
  await env.close();
  db.close();
  opened.release();
  return 0;
}

function refuse(
  opened: Exclude<ReturnType<typeof openStateFolder>, { kind: 'open' }>,
  state: string,
): number {
  const code = {
    missing: 'state-missing',
    'in-use': 'state-in-use',
    newer: 'state-newer',
    unusable: 'state-corrupt',
  } as const;
  const detail = opened.kind === 'unusable' ? ` (${opened.detail})` : '';
  process.stderr.write(`${sentenceOf(code[opened.kind], { file: state, other: 'unknown' })}${detail}\n`);
  return exitCodeOf(code[opened.kind]);
}
