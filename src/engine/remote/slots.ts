/** Bounded parallelism: so many things at once, and so many bytes among them. First come, first served. */
export class Slots {
  readonly #count: number;
  readonly #bytes: number;
  #taken = 0;
  #takenBytes = 0;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  constructor(count: number, bytes: number) {
    this.#count = count;
    this.#bytes = bytes;
  }

  /** Resolves when there is room; something larger than all the room goes when it is alone. */
  take(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#occupy(bytes);
      return Promise.resolve();
    }
    return new Promise((go) => this.#waiting.push({ bytes, go }));
  }

  give(bytes: number): void {
    this.#taken -= 1;
    this.#takenBytes -= bytes;
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#occupy(next.bytes);
      next.go();
    }
  }

  async during<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    await this.take(bytes);
    try {
      return await work();
    } finally {
      this.give(bytes);
    }
  }

  #fits(bytes: number): boolean {
    return this.#taken === 0 || (this.#taken < this.#count && this.#takenBytes + bytes <= this.#bytes);
  }

  #occupy(bytes: number): void {
    this.#taken += 1;
    this.#takenBytes += bytes;
  }
}

const MIB = 1024 * 1024;

/**
 * For the bodies of all transfers of a server, up and down: few enough that connections are left for small calls, and
 * their bytes are what transfers hold in memory.
 */
export function transferSlots(): Slots {
  return new Slots(4, 32 * MIB);
}

/** Works through `items` in order, up to `lanes` at a time; an item is taken only when a lane is free for it. */
export async function inLanes<T>(
  items: Iterable<T>,
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const source = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = source.next(); next.done !== true; next = source.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
