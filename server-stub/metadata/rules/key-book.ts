/** Which keys of a batch may have been used already: asked once for the whole batch, not once per claim. */
import type { Claim } from '../../../src/protocol/claims.ts';
import type { DeviceId } from '../../../src/protocol/ids.ts';
import type { ReadTx } from '../metadata-store.ts';
import type { Caller } from './context.ts';

export class KeyBook {
  /** Every key below is settled and can never commit. */
  readonly settledBelow: number;
  /** Of this batch: those that had their answers before. */
  readonly again = new Set<number>();
  readonly #before: readonly number[];
  #used: Set<number>;

  private constructor(before: readonly number[], settledBelow: number) {
    this.#before = before;
    this.#used = new Set(before);
    this.settledBelow = settledBelow;
  }

  static async of(
    tx: ReadTx,
    caller: Caller,
    claims: readonly Claim[],
    settledBelow: number,
  ): Promise<KeyBook> {
    const keys = claims.map((claim) => claim.key);
    if (keys.length === 0) return new KeyBook([], settledBelow);
    const used = await tx.outcomeKeys(caller.device, Math.min(...keys), Math.max(...keys));
    return new KeyBook(used, settledBelow);
  }

  has(key: number): boolean {
    return this.#used.has(key);
  }

  add(key: number): void {
    this.#used.add(key);
  }

  /** Back to before the batch, when everything it did was undone. */
  reset(): void {
    this.#used = new Set(this.#before);
    this.again.clear();
  }
}

/** Above all that the device has used, burned or settled. */
export async function keysBelow(tx: ReadTx, device: DeviceId): Promise<number> {
  const settled = (await tx.device(device))?.settledBelow ?? 0;
  const open = await tx.outcomeKeys(device, settled, Number.MAX_SAFE_INTEGER);
  return open.reduce((most, key) => Math.max(most, key + 1), settled);
}
