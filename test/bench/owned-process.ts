/** A process of another program, ended by its id whatever happens to the bench. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const GRACE_MS = 20_000;
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export class OwnedProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(name: string, words: readonly [string, ...string[]], env: NodeJS.ProcessEnv, logFile: string) {
    this.name = name;
    const log = openSync(logFile, 'a');
    const [program, ...rest] = words;
    const child = spawn(program, rest, { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    closeSync(log);
    living.add(child);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const over = () => {
        living.delete(child);
        resolve();
      };
      child.once('error', over);
      child.once('exit', over);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
