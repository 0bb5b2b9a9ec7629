/**
 * Devices that come back all at once wait for each other, in the order in which they came: what those that are there
 * already ask for is not held up by the crowd at the door.
 */
export class Greetings {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work when it is its turn. `gone`: whoever asked has left meanwhile, and is passed over. */
  async run<T>(work: () => Promise<T>, gone?: AbortSignal): Promise<T | null> {
    if (this.#underWay >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      return gone?.aborted ? null : await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}
