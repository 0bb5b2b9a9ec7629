/** What the control thread and its hash threads tell each other. Both ends are this program, of one build. */
import type { Blake3Backend } from './node-blake3.ts';
import type { Hashed } from './node-fingerprint.ts';

export interface HashJob {
  readonly id: number;
  /** Opened and closed by the control thread. */
  readonly fd: number;
  readonly size: number;
  readonly wantSignature: boolean;
}

export type HashAnswer =
  | ({ readonly kind: 'hashed'; readonly id: number } & Hashed)
  /** The file ended before its size: it changed. */
  | { readonly kind: 'short'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string };

export interface ThreadOptions {
  /** Null: the best that loads. */
  readonly blake3: Blake3Backend | null;
  readonly nativeCutter: boolean;
}

export function parseThreadOptions(value: unknown): ThreadOptions {
  if (typeof value !== 'object' || value === null) throw new TypeError('a hash thread needs options');
  const blake3: unknown = Reflect.get(value, 'blake3');
  return {
    blake3: blake3 === 'native' || blake3 === 'wasm' ? blake3 : null,
    nativeCutter: Reflect.get(value, 'nativeCutter') === true,
  };
}
