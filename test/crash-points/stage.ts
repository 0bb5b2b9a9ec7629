/**
 * Three parties of one user: a server, a device whose engine runs in this process, and another device. One of them is
 * under test: a real process behind the shim. One stage serves many runs, each in a folder of its own.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Params, Result } from '../../src/ipc/contract.ts';
import type { Status } from '../../src/ipc/status.ts';
import { pause } from '../support/devices.ts';
import { inStep, type TestDevice as NearDevice } from '../support/engines.ts';
import type { Running } from '../support/processes.ts';
import { Contents } from './contents.ts';
import type { Operation } from './operation.ts';
import type { PointControl } from './point-shim.ts';

/** How long anything here may take: the machine may be busy with all suites at once. */
export const PATIENCE_MS = 90_000;
/** Nothing was counted for so long: what was going on is over. */
const QUIET_MS = 120;
/** So many runs are prepared together. */
const AHEAD = 20;

/** The device that things happen to. */
export type Where = 'tested' | 'other';

type Asked = 'wait' | 'pause' | 'resume' | 'restore' | 'trash.list' | 'trash.restore';
export type Verbs = { readonly [M in Asked]: (params: Params<M>) => Promise<Result<M> | null> };

export abstract class Stage {
  readonly base: string;
  readonly points: PointControl;
  readonly contents = new Contents();
  /** What the status may say at rest, by what was left for the user to decide; none: up to date. */
  readonly restsAs = new Set<string>();
  protected process: Running | null = null;
  #ready: { readonly operation: Operation; readonly folders: string[] } | null = null;
  #folders = 0;

  constructor(base: string, points: PointControl) {
    this.base = base;
    this.points = points;
  }

  // --- the process under test ----------------------------------------------------------------------------------

  /** Starts it; resolves when it answers, or false when it ended before. */
  abstract start(): Promise<boolean>;

  get alive(): boolean {
    return this.process?.alive ?? false;
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Its exit code, or null when a signal ended it. */
  async ended(): Promise<number | null> {
    return (await this.process?.ended) ?? null;
  }

  stop(): Promise<number | null> {
    return this.process?.stop() ?? Promise.resolve(null);
  }

  async kill(): Promise<void> {
    await this.process?.kill();
  }

  log(): string {
    return this.process?.log().slice(-3000) ?? '';
  }

  /** Its database. */
  abstract readonly database: string;
  /** What it left behind though all is at rest. */
  abstract residue(): readonly string[];

  // --- the parties ---------------------------------------------------------------------------------------------

  /** The other device, in this process. */
  abstract readonly other: NearDevice;
  abstract folder(where: Where): string;
  /** What the user of the tested device asks for; null when there is no answer. */
  abstract readonly verbs: Verbs;
  abstract status(): Promise<Status>;
  protected abstract closeParties(keep: boolean): Promise<void>;

  async close(): Promise<void> {
    await this.kill();
    await this.closeParties(false);
    this.points.close();
    await rm(this.base, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Ends everything and leaves the folders for a look. */
  async abandon(): Promise<void> {
    process.stderr.write(`left for a look: ${this.base}\n`);
    await this.kill();
    await this.closeParties(true);
    this.points.close();
  }

  /** Waits until both devices say that they are in step; false when the process under test ended meanwhile. */
  async rest(patienceMs = PATIENCE_MS): Promise<boolean> {
    const end = performance.now() + patienceMs;
    let last = '';
    // On a busy machine a look at everything may take longer than a short wait lasts, again and again.
    for (let timeout = 2; performance.now() < end; timeout = Math.min(2 * timeout, 30)) {
      if (!this.alive) return false;
      const near = await this.other.wait(timeout);
      if (!this.alive) return false;
      const far = await this.verbs.wait({ timeout });
      if (near.done && far?.done === true && (await this.other.wait(timeout)).done) return true;
      last = `other: ${near.sentence}; tested: ${far?.sentence}`;
      await pause(20);
    }
    if (!this.alive) return false;
    const states = [await this.other.status(), await this.status()].map((status) => JSON.stringify(status));
    throw new Error(`they do not come to rest: ${last}\n${states.join('\n')}\n${this.log()}`);
  }

  /** Until nothing has been counted for a while, so that what comes after being in step is counted too. */
  async quiet(): Promise<void> {
    let { count } = this.points;
    for (let since = performance.now(); this.alive && performance.now() - since < QUIET_MS; ) {
      await pause(20);
      if (this.points.count === count) continue;
      count = this.points.count;
      since = performance.now();
    }
  }

  /** A folder in which the operation can begin. Many are made at once: being in step with them takes its time. */
  async prepared(operation: Operation): Promise<string> {
    if (this.#ready?.operation !== operation || this.#ready.folders.length === 0) {
      const folders = Array.from({ length: AHEAD }, (_, i) => `r${this.#folders + i}`);
      this.#folders += AHEAD;
      for (const folder of folders) await operation.prepare(this, folder);
      if (!(await this.rest())) throw new Error(`it ended while it was being prepared:\n${this.log()}`);
      this.#ready = { operation, folders };
    }
    return this.#ready.folders.shift() ?? '';
  }

  // --- what users do -------------------------------------------------------------------------------------------

  /** Writes a content that says its label. */
  write(where: Where, path: string, label: string, bytes?: number): void {
    const file = join(this.folder(where), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, this.contents.make(label, bytes));
  }

  remove(where: Where, path: string): void {
    rmSync(join(this.folder(where), path), { recursive: true });
  }

  /** The path of a run as it is on the other device: a conflict copy with its whole name. */
  realPath(at: string, path: string): string {
    if (!path.includes(' (conflict)')) return `${at}/${path}`;
    const names = readdirSync(join(this.folder('other'), at));
    const [start = '', end = ''] = path.split(' (conflict)');
    const found = names.find((name) => name.startsWith(`${start} (conflict`) && name.endsWith(end));
    return `${at}/${found ?? path}`;
  }

  async history(params: Params<'history'>): Promise<Result<'history'>> {
    const answer = await this.other.control.history(params, { signal: new AbortController().signal });
    assert.ok(answer.kind === 'ok', JSON.stringify(answer));
    return answer.value;
  }

  /** The other device, alone, has everything up. */
  async otherInStep(): Promise<void> {
    await inStep(this.other);
  }
}
