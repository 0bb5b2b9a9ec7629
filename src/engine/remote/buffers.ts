/**
 * Memory that is used again: transfers of large files would otherwise allocate each byte several times over, and the
 * collector would walk the whole engine every few dozen megabytes. Nothing is kept while nothing is transferred.
 */
const MIB = 1024 * 1024;
/** Free buffers kept for the next to come. */
const MOST_KEPT = 24 * MIB;

export class Buffers {
  #lent = 0;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;

  /** At least `size` bytes of any content. Give it back by `release`, or `drop` it while somebody may still look at it. */
  lease(size: number): Uint8Array {
    this.#lent += 1;
    const at = this.#kept.findIndex((buffer) => buffer.length >= size);
    const found = at < 0 ? undefined : this.#kept[at];
    if (found === undefined) return new Uint8Array(Math.ceil(size / MIB) * MIB);
    this.#kept.splice(at, 1);
    this.#keptBytes -= found.length;
    return found;
  }

  /** Smallest first, so that large ones stay for those who need them. */
  release(buffer: Uint8Array): void {
    if (this.#keptBytes + buffer.length <= MOST_KEPT) {
      const at = this.#kept.findIndex((other) => other.length >= buffer.length);
      this.#kept.splice(at < 0 ? this.#kept.length : at, 0, buffer);
      this.#keptBytes += buffer.length;
    }
    this.drop();
  }

  drop(): void {
    this.#lent -= 1;
    if (this.#lent > 0) return;
    this.#kept = [];
    this.#keptBytes = 0;
  }
}

export function largestSize(chunks: readonly { readonly size: number }[]): number {
  return chunks.reduce((most, { size }) => Math.max(most, size), 0);
}
