/**
 * Hints on their way to the control thread: equal ones become one, batches go out a few milliseconds after the first,
 * and only when the last was taken. What piles up meanwhile is bounded: too much of it becomes "look at everything".
 */
import type { RelPath } from '../environment/disk.ts';
import type { Hint } from '../environment/watch.ts';

const FIRST_DELAY_MS = 4;
const NEXT_DELAY_MS = 12;
const MOST_PENDING = 65_536;

export class HintQueue {
  readonly #post: (hints: readonly Hint[]) => void;
  /** Names per folder; '' stands for the folder itself. */
  readonly #pending = new Map<RelPath, Set<string>>();
  #count = 0;
  #lost: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #untaken = false;

  constructor(post: (hints: readonly Hint[]) => void) {
    this.#post = post;
  }

  look(folder: RelPath, child: string | null): void {
    if (this.#lost !== null) return;
    const names = this.#pending.get(folder) ?? new Set<string>();
    const before = names.size;
    names.add(child ?? '');
    this.#count += names.size - before;
    this.#pending.set(folder, names);
    if (this.#count > MOST_PENDING) this.lost('more happened than could be told one by one');
    else this.#schedule(FIRST_DELAY_MS);
  }

  lost(why: string): void {
    this.#lost = why;
    this.#pending.clear();
    this.#count = 0;
    this.#schedule(FIRST_DELAY_MS);
  }

  taken(): void {
    this.#untaken = false;
    if (this.#lost !== null || this.#count > 0) this.#schedule(NEXT_DELAY_MS);
  }

  /** Everything that waits goes out at once. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lost !== null || this.#count > 0) this.#send();
  }

  #schedule(delay: number): void {
    if (this.#timer !== null || this.#untaken) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#send();
    }, delay);
  }

  #send(): void {
    this.#untaken = true;
    this.#post(this.#take());
  }

  #take(): readonly Hint[] {
    if (this.#lost !== null) {
      const why = this.#lost;
      this.#lost = null;
      return [{ kind: 'lost', why }];
    }
    const hints: Hint[] = [];
    for (const [folder, names] of this.#pending) {
      for (const name of names) hints.push({ kind: 'look', folder, child: name === '' ? null : name });
    }
    this.#pending.clear();
    this.#count = 0;
    return hints;
  }
}
