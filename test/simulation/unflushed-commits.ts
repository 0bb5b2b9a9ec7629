/**
 * What of a server's commits a power cut takes: those that wait for the next flush, the newest of them, up to any, and
 * never one from between. A commit that changes nothing flushes nothing.
 */
import type { LentDatabase } from './lent-database.ts';
import { storeFrom } from './memory-databases.ts';
import type { Stream } from './random.ts';

/** One commit in so many can be what a power cut goes back to, besides the last durable one and the last. */
const KEPT_ONE_IN = 6;
const KEPT_MOST = 8;

export class UnflushedCommits {
  readonly #stream: Stream;
  /** The durable state, and some of those since then, oldest first; none: all is durable. */
  #states: Buffer[] = [];
  #changes = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** From now on this is the server's database, and all in it is durable. */
  watch(view: LentDatabase): LentDatabase {
    this.#states = [];
    view.onLoosened = () => {
      this.#changes = view.changes;
      if (this.#states.length === 0) this.#states.push(view.serialize());
    };
    view.onCommit = (isFull) => this.#committed(view, isFull);
    return view;
  }

  /** The power goes, and comes back: what the next life finds. */
  cut(view: LentDatabase): LentDatabase {
    const next = view.handOver();
    const at = this.#stream.below(this.#states.length + 1);
    const shown = this.#states[at];
    if (shown === undefined) return this.watch(next);
    next.giveBack();
    return this.watch(storeFrom(shown));
  }

  #committed(view: LentDatabase, isFull: boolean): void {
    if (this.#states.length === 0) return;
    const { changes } = view;
    if (changes === this.#changes) return;
    this.#changes = changes;
    if (isFull) this.#states = [];
    else if (this.#states.length < KEPT_MOST && this.#stream.chance(1 / KEPT_ONE_IN))
      this.#states.push(view.serialize());
  }
}
