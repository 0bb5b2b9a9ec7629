/**
 * Shared memory for large request bodies, used again and again: fresh pages cost more than the bytes that are received
 * into them, and the collector gives shared memory back late.
 */
const CLASSES = [256 * 1024, 1024 * 1024, 4 * 1024 * 1024, 8 * 1024 * 1024, 24 * 1024 * 1024] as const;
/** Memory that is kept while nobody needs it. */
const IDLE_BYTES = 48 * 1024 * 1024;

export interface LentMemory {
  readonly bytes: Uint8Array;
  /** To be called once nothing reads or writes the bytes any more; the next request gets them. */
  readonly giveBack: () => void;
}

export class SharedMemory {
  readonly #idle = new Map<number, SharedArrayBuffer[]>();
  #idleBytes = 0;

  lend(length: number): LentMemory {
    const size = CLASSES.find((each) => each >= length) ?? length;
    const memory = this.#take(size) ?? new SharedArrayBuffer(size);
    let isLent = true;
    return {
      bytes: new Uint8Array(memory, 0, length),
      giveBack: () => {
        if (isLent) this.#keep(size, memory);
        isLent = false;
      },
    };
  }

  #take(size: number): SharedArrayBuffer | undefined {
    const memory = this.#idle.get(size)?.pop();
    if (memory !== undefined) this.#idleBytes -= size;
    return memory;
  }

  #keep(size: number, memory: SharedArrayBuffer): void {
    if (this.#idleBytes + size > IDLE_BYTES) return;
    this.#idleBytes += size;
    const list = this.#idle.get(size) ?? [];
    this.#idle.set(size, list);
    list.push(memory);
  }
}
