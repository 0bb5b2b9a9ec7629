/** How a line delays what goes over it: a way there, and bytes one after another. All connections share it. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface LineShape {
  /** Milliseconds each way. */
  readonly latencyMs?: number;
  /** Bytes each second, each way. */
  readonly bytesPerSecond?: number;
}

export class Line {
  #shape: LineShape = {};
  /** When the last byte that was let on will be off again. */
  #freeAt = 0;

  shape(shape: LineShape): void {
    this.#shape = shape;
  }

  async travel(): Promise<void> {
    const { latencyMs } = this.#shape;
    if (latencyMs !== undefined) await sleep(latencyMs);
  }

  /** Resolves when so many bytes are through; those that ask first go first. */
  async pass(bytes: number): Promise<void> {
    const { bytesPerSecond } = this.#shape;
    if (bytesPerSecond === undefined) return;
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + (bytes / bytesPerSecond) * 1000;
    await sleep(this.#freeAt - now);
  }
}
