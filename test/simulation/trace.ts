/** What happened in a run, line by line: the hash over all of them identifies it. */
import { createHash } from 'node:crypto';

const BLOCK = 8000;
const RECENT = 300;

export class Trace {
  readonly #hash = createHash('sha256');
  /** Lines that are not in the hash yet. */
  #untold = '';
  readonly #recent: string[] = [];
  events = 0;

  add(line: string): void {
    this.#untold += `${line}\n`;
    if (this.#untold.length > BLOCK) this.#hashUntold();
    this.events += 1;
    this.#recent.push(line);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  #hashUntold(): void {
    this.#hash.update(this.#untold);
    this.#untold = '';
  }

  digest(): string {
    this.#hashUntold();
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  recent(): readonly string[] {
    return this.#recent;
  }
}
