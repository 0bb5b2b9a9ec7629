/** One line that says how things stand: rewritten in a terminal, one line per change elsewhere. */
import type { Status } from '../../ipc/status.ts';
import type { Out } from '../out.ts';
import { plural, printable, when } from '../text.ts';

/** Elsewhere than in a terminal: a line for each new state at once, for other news this seldom. */
const QUIET_MS = 10_000;

export function liveSentence(status: Status): string {
  const parts = [status.sentence];
  if (status.conflicts > 0) parts.push(plural(status.conflicts, 'conflict'));
  if (status.review > 0) parts.push(`${plural(status.review, 'large change')} held`);
  if (status.problems > 0) parts.push(`${plural(status.problems, 'file')} with a trouble`);
  return parts.join(' · ');
}

export class LiveLine {
  readonly #out: Out;
  readonly #columns: () => number;
  #state = '';
  #text = '';
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(out: Out, columns: () => number) {
    this.#out = out;
    this.#columns = columns;
  }

  show(status: Status, now: number): void {
    const text = liveSentence(status);
    if (this.#out.terminal) {
      // A line that is wider than the window would break and could not be rewritten.
      const short = [...printable(text)].slice(0, Math.max(20, this.#columns() - 1)).join('');
      void this.#out.raw(`\r\u001b[K${short}`);
    } else if (status.state !== this.#state || (text !== this.#text && now - this.#saidAt > QUIET_MS)) {
      this.#saidAt = now;
      this.#out.say(`${when(now)}  ${text}`);
    }
    this.#state = status.state;
    this.#text = text;
  }

  /** Leaves what was shown, and goes to a new line. */
  end(): void {
    if (this.#out.terminal && this.#text !== '') void this.#out.raw('\n');
  }
}
