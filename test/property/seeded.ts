import type { TestContext } from 'node:test';
import fc from 'fast-check';

/**
 * Always the same seed in `npm test`: a red build must be about the change, not about luck. Fresh seeds are the work of
 * the soaks.
 */
const DEFAULT_SEED = 20_261_122;

/** The seed of this run: PROPERTY_SEED is a number, or `random` for a new one. */
export const seed = seedFrom(process.env['PROPERTY_SEED']);

function seedFrom(wish: string | undefined): number {
  if (wish === undefined) return DEFAULT_SEED;
  if (wish === 'random') return Math.floor(Math.random() * 2 ** 31);
  const wished = Number(wish);
  if (wish.trim() === '' || !Number.isSafeInteger(wished))
    throw new Error(`PROPERTY_SEED=${wish} is neither a whole number nor "random"`);
  return wished;
}

/** Checks a property and says with which seed, so that a failure seen anywhere can be had again. */
export function holds<Values>(t: TestContext, property: fc.IProperty<Values>, runs = 100): void {
  t.diagnostic(`PROPERTY_SEED=${seed}`);
  fc.assert(property, { seed, numRuns: runs });
}

/** Bytes that look random and depend on two numbers only (mulberry32). */
export function noise(state: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let word = state | 0;
  for (let at = 0; at < length; at += 1) {
    word = (word + 0x6d2b79f5) | 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    bytes[at] = (mixed ^ (mixed >>> 14)) >>> 24;
  }
  return bytes;
}

/** Bytes as files have them: stretches of noise, of one value and of a short pattern. */
export function fileBytes(most: number): fc.Arbitrary<Uint8Array> {
  const stretch = fc.record({
    kind: fc.constantFrom('noise', 'noise', 'constant', 'pattern'),
    state: fc.integer(),
    length: fc.integer({ min: 0, max: Math.ceil(most / 4) }),
  });
  return fc.array(stretch, { maxLength: 4 }).map((stretches) => {
    const pieces = stretches.map(({ kind, state, length }) => {
      if (kind === 'noise') return noise(state, length);
      if (kind === 'constant') return new Uint8Array(length).fill(state & 0xff);
      const pattern = noise(state, 1 + (Math.abs(state) % 40));
      return new Uint8Array(length).map((_, at) => pattern[at % pattern.length]!);
    });
    return concat(pieces);
  });
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
