/** Real processes of the real program, started through bin/tidemark, ended by their ids whatever happens to the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is started: another program of the same spelling can be put here. */
export const TIDEMARK =
  process.env['TIDEMARK_BIN'] ?? fileURLToPath(new URL('../../bin/tidemark', import.meta.url));

let built = false;

/** The program runs bundled: a bundle older than its sources would test yesterday's code. */
function build(): void {
  if (built || process.env['TIDEMARK_BIN'] !== undefined) return;
  const setup = spawnSync(process.execPath, ['src/setup.mjs'], { cwd: ROOT, encoding: 'utf8' });
  if (setup.status !== 0) throw new Error(`The program could not be built:\n${setup.stderr}`);
  built = true;
}

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A long-lived process. */
export class Running {
  readonly child: ChildProcess;
  readonly logFile: string;
  /** Exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;

  /** `env`: on top of this process's own. `program`: what is started instead of the program itself. */
  constructor(
    words: readonly string[],
    logFile: string,
    env: Readonly<Record<string, string>> = {},
    program: readonly [string, ...string[]] = [TIDEMARK],
  ) {
    build();
    this.logFile = logFile;
    const log = openSync(logFile, 'a');
    const [file, ...first] = program;
    const stdio = ['ignore', log, log] as const;
    this.child = spawn(file, [...first, ...words], { stdio: [...stdio], env: { ...process.env, ...env } });
    closeSync(log);
    living.add(this.child);
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', (code) => {
        living.delete(this.child);
        resolve(code);
      });
    });
  }

  get alive(): boolean {
    return living.has(this.child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** SIGTERM, and its exit code; one that does not end in time is killed and answers with null. */
  async stop(graceMs = 15_000): Promise<number | null> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  /** SIGKILL: it gets no chance to put anything down. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  log(): string {
    try {
      return readFileSync(this.logFile, 'utf8');
    } catch {
      return '';
    }
  }
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a short command to its end. */
export function command(words: readonly string[], cwd = '/'): Promise<Ran> {
  build();
  return new Promise((resolve, reject) => {
    const child = spawn(TIDEMARK, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    living.add(child);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    child.once('error', reject);
    child.once('close', (code) => {
      living.delete(child);
      resolve({ code, ...texts });
    });
  });
}
