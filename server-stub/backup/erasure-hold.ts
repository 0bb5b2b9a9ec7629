/** Nothing is erased while somebody reads everything. A holder that dies holds up erasing for some hours, and nothing else. */
import { randomBytes } from 'node:crypto';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';

const HELD_MS = 6 * 3_600_000;
const AGAIN_MS = 5 * 60_000;

/** Called between pieces of work; throws a Refusal when the hold could not be kept. */
export type GoOn = () => Promise<void>;

export async function withErasureHeld<T>(
  store: MetadataStore,
  by: string,
  work: (goOn: GoOn) => Promise<T>,
): Promise<T> {
  const id = randomBytes(8).toString('hex');
  const hold = () => {
    const until = realClock.now() + HELD_MS;
    return store.write(async (tx) => tx.holdErasure({ id, by, until }));
  };
  await hold();
  let heldAt = realClock.monotonic();
  const goOn = async () => {
    const waited = realClock.monotonic() - heldAt;
    if (waited < AGAIN_MS) return;
    if (waited >= HELD_MS)
      throw new Refusal('It stood still for so long that files may be gone by now; begin it again.');
    await hold();
    heldAt = realClock.monotonic();
  };
  try {
    return await work(goOn);
  } finally {
    await store.write(async (tx) => tx.endErasureHolds(id));
  }
}
