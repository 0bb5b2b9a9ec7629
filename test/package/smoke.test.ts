import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { isAlive } from '../../src/ipc/node-control-file.ts';
import { type Display, openDisplay } from '../support/display.ts';
import { type PackedApp, packedApp } from './packed-app.ts';
import { type PlainRun, plainRun } from './run-as.ts';

let app: PackedApp;
let run: PlainRun;
let display: Display;

before(
  async () => {
    app = packedApp();
    run = plainRun(app.executable);
    display = await openDisplay();
  },
  { timeout: 240_000 },
);

after(async () => {
  await display?.close();
  if (run !== undefined)
    await rm(run.prefix.length > 0 ? dirname(run.base) : run.base, { recursive: true, force: true });
});

/** A command of the package's own command line, as the user of the app. */
async function tidemark(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly text: string }> {
  const [command = '', ...args] = [...run.prefix, app.tidemark, ...words];
  const child = spawn(command, args, { cwd: run.base, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const [code] = await once(child, 'close');
  return { code, text };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`it never came to this: ${what}`);
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** As that user: what root writes into the folder is not the user's. */
const write = (file: string, text: string) =>
  once(
    spawn(run.prefix[0] ?? 'sh', [
      ...run.prefix.slice(1),
      ...(run.prefix.length > 0 ? ['sh'] : []),
      '-c',
      `printf %s '${text}' > '${file}'`,
    ]),
    'close',
  );

async function launch(): Promise<{ readonly electron: ElectronApplication; readonly page: Page }> {
  const { TIDEMARK_STATE: _state, ...env } = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const electron = await _electron.launch({
    executablePath: run.executable,
    args: [...run.args, `--user-data-dir=${join(run.base, 'app')}`],
    env: {
      ...env,
      ...display.env,
      HOME: run.base,
      XDG_RUNTIME_DIR: run.base,
      TIDEMARK_HOME: join(run.base, 'home'),
      TIDEMARK_FOLDER: join(run.base, 'Tidemark'),
      TIDEMARK_E2E: '1',
    },
  });
  return { electron, page: await electron.firstWindow() };
}

/** By the renderer's own account of the kernel's filter: 2 is a filter that holds it. */
async function rendererIsFiltered(electron: ElectronApplication): Promise<boolean> {
  const pid = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  return /^Seccomp:\t2$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

test('the packed app starts, syncs a file with a second device both ways, and quits cleanly', {
  timeout: 120_000,
}, async () => {
  const { electron, page } = await launch();
  const closed = once(electron.process(), 'exit');
  const here = join(run.base, 'Tidemark');
  const second = join(run.base, 'second');
  const home = join(run.base, 'home');
  assert.equal(await electron.evaluate(({ app: main }) => main.isPackaged), true);
  assert.equal(await rendererIsFiltered(electron), run.hasSandbox, 'the sandbox of the renderer');

  const shell = await page.evaluate(() => window.tidemark.ask('shell.state', {}));
  assert.equal(shell.phase, 'first-run');
  const wish = { target: { kind: 'here' as const }, folder: here, device: 'packed' };
  const planned = await page.evaluate((what) => window.tidemark.ask('first-run.plan', what), wish);
  assert.equal(planned.kind, 'planned', JSON.stringify(planned));
  const begun = await page.evaluate((what) => window.tidemark.ask('first-run.begin', what), wish);
  assert.deepEqual(begun, { kind: 'done' });
  await until('the engine runs', () => existsSync(join(home, 'this-computer', 'control.json')));

  const { url } = JSON.parse(readFileSync(join(home, 'server-ready.json'), 'utf8'));
  const user = await tidemark('status', '--state', join(home, 'this-computer'), '--json');
  const { user: name, pid: engine } = JSON.parse(user.text);
  const state = join(run.base, 'second-state');
  const who = ['--server', url, '--user', name, '--password-file', join(home, 'password')];
  const linked = await tidemark('link', ...who, '--device', 'second', '--state', state, '--folder', second);
  assert.equal(linked.code, 0);
  const other = tidemark('run', '--state', state);

  await write(join(here, 'from-app.txt'), 'made under the packed app');
  await until(
    'the file of the app is on the second device',
    () => textOf(join(second, 'from-app.txt')) === 'made under the packed app',
  );
  await write(join(second, 'from-second.txt'), 'made on the second device');
  await until(
    'the file of the second device is in the app’s folder',
    () => textOf(join(here, 'from-second.txt')) === 'made on the second device',
  );

  await tidemark('stop', '--state', state);
  await other;
  const server = JSON.parse(readFileSync(join(home, 'server-ready.json'), 'utf8')).pid;
  await page.evaluate(() => void window.tidemark.ask('quit', {})).catch(() => undefined);
  const [code] = await closed;
  assert.equal(code, 0);
  assert.equal(isAlive(engine), false, 'the engine has ended');
  assert.equal(isAlive(server), false, 'the server has ended');
});
