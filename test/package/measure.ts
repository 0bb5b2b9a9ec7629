/** Numbers of the packed app on this machine: size, start-up until the tray's icon is there, memory at rest. No test. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { _electron } from '@playwright/test';
import { openDisplay } from '../support/display.ts';
import { packedApp } from './packed-app.ts';
import { plainRun } from './run-as.ts';

const REST_MS = 12_000;
const STARTS = 5;
/** By then the tray is there, on a slow machine too. */
const START_MS = 8000;

/** Proportional set size: shared pages are counted once, spread over who shares them. */
function pssKiB(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: string;
}

function processes(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid: Number(name), parent, words: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
    } catch {
      return [];
    }
  });
}

function below(pid: number): readonly Process[] {
  const all = processes();
  const found: Process[] = all.filter((one) => one.pid === pid);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
}

const app = packedApp();
const du = (path: string) => Number(execFileSync('du', ['-sm', path], { encoding: 'utf8' }).split('\t')[0]);
console.log(
  `unpacked ${du(app.folder)} MiB: archive ${du(app.archive)}, Node and engine ${du(join(app.resources, 'tidemark'))}`,
);

const display = await openDisplay();
const run = plainRun(app.executable);
const environment = {
  PATH: process.env['PATH'] ?? '',
  ...display.env,
  HOME: run.base,
  TIDEMARK_HOME: join(run.base, 'home'),
  TIDEMARK_FOLDER: join(run.base, 'Tidemark'),
  TIDEMARK_E2E: '1',
};
const launch = () =>
  _electron.launch({
    executablePath: run.executable,
    args: [...run.args, `--user-data-dir=${join(run.base, 'app')}`],
    env: environment,
  });

/** Asked by the inspector alone: Playwright holds the start up until it has looked around. */
async function trayAfterMs(output: Readable): Promise<number> {
  let said = '';
  let address: string | undefined;
  for await (const chunk of output) {
    said += String(chunk);
    address = /ws:\/\/\S+/.exec(said)?.[0];
    if (address !== undefined) break;
  }
  if (address === undefined) throw new Error(`the app did not start: ${said}`);
  await new Promise((resolve) => setTimeout(resolve, START_MS));
  const inspector = new WebSocket(address);
  await once(inspector, 'open');
  const expression = 'globalThis.tidemarkProbe.trayAfterMs';
  inspector.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
  const [answer] = await once(inspector, 'message');
  inspector.close();
  const value: unknown = JSON.parse(String(Object(answer).data))?.result?.result?.value;
  if (typeof value !== 'number' || value === 0) throw new Error('no tray yet');
  return value;
}

const starts: number[] = [];
for (let round = 0; round < STARTS; round += 1) {
  const app = spawn(
    run.executable,
    [...run.args, `--user-data-dir=${join(run.base, 'app')}`, '--inspect=0'],
    {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const gone = once(app, 'exit');
  starts.push(await trayAfterMs(app.stderr));
  app.kill('SIGTERM');
  await gone;
}
console.log(`start to tray, ms: ${starts.map(Math.round).join(', ')}`);

const electron = await launch();
const page = await electron.firstWindow();
const wish = { target: { kind: 'here' as const }, folder: join(run.base, 'Tidemark'), device: 'measured' };
await page.evaluate((what) => window.tidemark.ask('first-run.begin', what), wish);
await new Promise((resolve) => setTimeout(resolve, 3000));
const root = await electron.evaluate(() => process.pid);
const tell = (when: string) => {
  const all = below(root);
  const isOurNode = ({ words }: Process) => words.includes('cli.js');
  const sum = (some: readonly Process[]) =>
    Math.round(some.reduce((total, { pid }) => total + pssKiB(pid), 0) / 1024);
  const shell = all.filter((one) => !isOurNode(one));
  console.log(
    `${when}: app ${sum(shell)} MiB PSS in ${shell.length} processes; engine and server ${sum(all.filter(isOurNode))} MiB`,
  );
};
await new Promise((resolve) => setTimeout(resolve, REST_MS));
tell('window open, at rest');
await electron.evaluate(({ BrowserWindow }) => {
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
});
await new Promise((resolve) => setTimeout(resolve, REST_MS));
tell('window closed, at rest');
await electron.close();
await display.close();
await rm(run.prefix.length > 0 ? dirname(run.base) : run.base, { recursive: true, force: true });
