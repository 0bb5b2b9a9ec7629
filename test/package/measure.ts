/** Numbers of the packed app on this machine: size, start-up until the tray's icon is there, memory at rest. No test. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { _electron } from '@playwright/test';
import { openDisplay } from '../support/display.ts';
import { packedApp } from './packed-app.ts';
import { plainRun } from './run-as.ts';

const REST_MS = 12_000;
const STARTS = 3;

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
const launch = () =>
  _electron.launch({
    executablePath: run.executable,
    args: [...run.args, `--user-data-dir=${join(run.base, 'app')}`],
    env: {
      PATH: process.env['PATH'] ?? '',
      ...display.env,
      HOME: run.base,
      TIDEMARK_HOME: join(run.base, 'home'),
      TIDEMARK_FOLDER: join(run.base, 'Tidemark'),
      TIDEMARK_E2E: '1',
    },
  });

const starts: number[] = [];
for (let round = 0; round < STARTS; round += 1) {
  const electron = await launch();
  const page = await electron.firstWindow();
  await page.evaluate(() => window.tidemark.ask('shell.state', {}));
  starts.push(
    await electron.evaluate(() => Number(Object(Reflect.get(globalThis, 'tidemarkProbe')).trayAfterMs)),
  );
  await electron.close();
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
