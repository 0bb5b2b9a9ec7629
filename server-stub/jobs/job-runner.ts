/** Does the jobs, one step at a time and one job after the other, under a lease that a second runner respects. */
import type { ServerClock, ServerLog, ServerRandom } from '../exchange.ts';
import type { JobName, JobRound } from '../metadata/job-rows.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { type Job, type JobContext, LeaseLost, requireFence, type Step } from './job.ts';

/** A runner that died leaves its lease; after this another one may take it. */
const LEASE_MS = 60_000;
/** Between looks for what is due. */
const IDLE_MS = 30_000;
/** Requests come first: a step is followed by a pause, so that background work takes a part of the machine only. */
const PAUSE_MS = 5;

export interface JobParts {
  readonly store: MetadataStore;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly log: ServerLog;
  /** Hears of every decision, for metrics; it may be one that is then rolled back. */
  readonly onDecision?: (job: JobName, decision: string) => void;
}

export type RoundResult =
  | { readonly kind: 'done'; readonly said: string }
  | { readonly kind: 'stopped'; readonly why: string }
  /** Another runner does it, or the server is closing, or background work is shed. */
  | { readonly kind: 'not-now'; readonly why: string };

export class JobRunner {
  readonly #parts: JobParts;
  readonly #jobs: readonly Job[];
  readonly #holder: string;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(parts: JobParts, jobs: readonly Job[]) {
    this.#parts = parts;
    this.#jobs = jobs;
    this.#holder = Buffer.from(parts.random.bytes(8)).toString('hex');
  }

  /** Does what is due, again and again, until `close`. */
  start(): void {
    this.#running ??= this.#loop();
  }

  /** Waits for the step under way. Leases are given back. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Every job that is due, a whole round each. */
  async runDue(): Promise<void> {
    for (const job of this.#jobs) {
      if (this.#stop.signal.aborted) return;
      try {
        if (await this.#isDue(job)) await this.#round(job);
      } catch (cause) {
        this.#parts.log('error', 'a job failed; it is tried again', { job: job.name, cause: String(cause) });
      }
    }
  }

  /** A round now, whether or not it is due: what an operator asks for. Throws what the job throws. */
  async runNow(name: JobName): Promise<RoundResult> {
    const job = this.#jobs.find((each) => each.name === name);
    if (job === undefined) throw new Error(`no job ${name}`);
    return this.#round(job);
  }

  async #loop(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#stop.signal.aborted) {
      await this.runDue();
      await clock.sleep(IDLE_MS, this.#stop.signal);
    }
  }

  async #isDue(job: Job): Promise<boolean> {
    const { store, clock } = this.#parts;
    const round = await store.read(async (tx) => tx.jobRound(job.name));
    if (round === null || round.state !== null || round.endedAt === null) return true;
    const waited = clock.now() - round.endedAt;
    // A clock set back must not keep a job from running for years.
    return waited >= job.everyMs || waited < 0;
  }

  async #round(job: Job): Promise<RoundResult> {
    const fence = await this.#take(job.name);
    if (fence === null) return { kind: 'not-now', why: 'another runner does it' };
    const context = this.#contextFor(job.name, fence);
    try {
      return await this.#steps(job, context, fence);
    } catch (cause) {
      if (!(cause instanceof LeaseLost)) throw cause;
      return { kind: 'not-now', why: cause.message };
    } finally {
      await this.#giveBack(job.name, fence);
    }
  }

  async #steps(job: Job, context: JobContext, fence: number): Promise<RoundResult> {
    const { clock, log } = this.#parts;
    const before = await context.read(async (tx) => tx.jobRound(job.name));
    let state = before?.state ?? null;
    const beganAt = state === null ? clock.now() : (before?.beganAt ?? clock.now());
    for (;;) {
      if (this.#stop.signal.aborted) return { kind: 'not-now', why: 'the server is closing' };
      if (await context.isOn('shed-background')) return { kind: 'not-now', why: 'background work is shed' };
      const step = await job.step(context, state);
      await this.#note(job.name, fence, beganAt, step);
      if (step.kind === 'stopped') log('warn', 'a job stopped by itself', { job: job.name, cause: step.why });
      if (step.kind !== 'more') return step;
      state = step.state;
      await clock.sleep(PAUSE_MS, this.#stop.signal);
    }
  }

  async #note(name: JobName, fence: number, beganAt: number, step: Step): Promise<void> {
    const at = this.#parts.clock.now();
    const round: JobRound = {
      beganAt,
      stepAt: at,
      endedAt: step.kind === 'more' ? null : at,
      state: step.kind === 'more' ? step.state : null,
      said: step.kind === 'stopped' ? step.why : step.said,
    };
    // A step stands being done twice: how far it got need not be known before the next thing that counts.
    await this.#parts.store.write(async (tx) => {
      await requireFence(tx, name, fence);
      await tx.setLease(name, { holder: this.#holder, fence, until: at + LEASE_MS });
      await tx.setJobRound(name, round);
    }, 'with-the-next');
  }

  /** The fence under which this runner may write, or `null` while another one holds the lease. */
  #take(name: JobName): Promise<number | null> {
    const { store, clock } = this.#parts;
    return store.write(async (tx) => {
      const lease = await tx.lease(name);
      const now = clock.now();
      // A lease from the future was written under another clock; nobody can say when it ends.
      const isHeld = lease !== null && lease.until > now && lease.until <= now + LEASE_MS;
      if (isHeld && lease.holder !== this.#holder) return null;
      const fence = (lease?.fence ?? 0) + 1;
      await tx.setLease(name, { holder: this.#holder, fence, until: now + LEASE_MS });
      return fence;
    });
  }

  async #giveBack(name: JobName, fence: number): Promise<void> {
    await this.#parts.store.write(async (tx) => {
      if ((await tx.lease(name))?.fence === fence)
        await tx.setLease(name, { holder: this.#holder, fence, until: 0 });
    }, 'with-the-next');
  }

  #contextFor(job: JobName, fence: number): JobContext {
    const { store, clock, onDecision } = this.#parts;
    return {
      read: (fn) => store.read(fn),
      write: (fn, durable) =>
        store.write(async (tx) => {
          await requireFence(tx, job, fence);
          return fn(tx);
        }, durable),
      decide: async (tx, subject, decision, why) => {
        await tx.addDecision({ at: clock.now(), job, subject, decision, why });
        onDecision?.(job, decision);
      },
      isOn: (name) => store.read(async (tx) => tx.isSwitchedOn(name)),
      now: () => clock.now(),
    };
  }
}
