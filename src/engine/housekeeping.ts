/** What is done now and then while nothing else is: old trash and ledger rows go, and files are verified over weeks. */
import type { Context } from './executor/context.ts';
import { SilentChanges } from './local/silent-changes.ts';
import { expireTrash } from './recovery.ts';

const EVERY_MS = 60_000;
const TIDY_EVERY_MS = 3_600_000;

export class Housekeeping {
  private readonly context: Context;
  private readonly silent: SilentChanges;
  private readonly idle: () => boolean;
  private cancel: () => void = () => undefined;
  private ended = false;
  private working: Promise<void> = Promise.resolve();
  private tidied = Number.NEGATIVE_INFINITY;

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
    }
    if (!this.ended) this.start();
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
  }
}
