/** What is done now and then while nothing else is: old trash and ledger rows go, and files are verified over weeks. */
import type { Context } from './executor/context.ts';
import { expireTrash } from './expire-trash.ts';
import { SilentChanges } from './local/silent-changes.ts';

const EVERY_MS = 60_000;
const TIDY_EVERY_MS = 3_600_000;
/** Resting with more than this, and more than a share above what was left last time, is worth a collection. */
const LARGE = 128 * 1024 * 1024;
const GROWTH = 1.25;

export class Housekeeping {
  private readonly context: Context;
  private readonly silent: SilentChanges;
  private readonly idle: () => boolean;
  private cancel: () => void = () => undefined;
  private ended = false;
  private working: Promise<void> = Promise.resolve();
  private tidied = Number.NEGATIVE_INFINITY;
  private restedWith = 0;

  /** `idle`: true while everything is in step; otherwise there is more important work. */
  constructor(context: Context, idle: () => boolean) {
    this.context = context;
    this.idle = idle;
    this.silent = new SilentChanges(context);
  }

  start(): void {
    this.cancel = this.context.env.clock.after(EVERY_MS, () => {
      this.working = this.turn();
    });
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.ended = true;
    this.cancel();
    await this.working;
  }

  private async turn(): Promise<void> {
    if (this.idle() && !this.context.stopped()) {
      await this.silent.verifySome();
      await this.tidy();
      this.shrink();
    }
    if (!this.ended) this.start();
  }

  /** After a burst of work: rows remembered, the database's pages and the heap go back. */
  private shrink(): void {
    const { env, state } = this.context;
    if (env.memory() < Math.max(LARGE, this.restedWith * GROWTH)) return;
    state.forgetRows();
    state.db.pragma('shrink_memory');
    env.releaseMemory();
    this.restedWith = env.memory();
  }

  private async tidy(): Promise<void> {
    const { env, state } = this.context;
    const now = env.clock.monotonic();
    if (now - this.tidied < TIDY_EVERY_MS) return;
    this.tidied = now;
    await expireTrash(this.context);
    state.ledger.expire(env.clock.now());
    state.problems.expire(env.clock.now());
    state.manifests.tidy();
    state.claims.dropOrphans();
  }
}
