/** Finds and loads the compiled helper. Its absence is an expected outcome with a reason, not an error. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface NativeHelper {
  /** Runs one batch on a pool thread; the answer begins with the errno of the batch and a zero (32 bits each). */
  run(operation: number, root: Uint8Array, request: Uint8Array): Promise<Uint8Array>;
  /** Remembers which object a root path leads to; an errno where it cannot. */
  identify(path: string): Uint8Array | number;
  /** Chunk ends in a piece of a file; `state` is [min, mean, max, open length, hash]. Returns how many are in `ends`. */
  chunkEnds(bytes: Uint8Array, state: Uint32Array, ends: Uint32Array): number;
}

export type HelperOutcome =
  | { readonly kind: 'loaded'; readonly helper: NativeHelper; readonly path: string }
  | { readonly kind: 'missing'; readonly why: string };

const PLACE = new URL('../../../native-helpers/disk/build/disk.node', import.meta.url);

/** Loads once per thread. */
export function loadHelper(): HelperOutcome {
  loaded ??= load();
  return loaded;
}

let loaded: HelperOutcome | undefined;

function load(): HelperOutcome {
  const path = fileURLToPath(PLACE);
  if (!existsSync(path)) return { kind: 'missing', why: 'the compiled helper was not built' };
  try {
    const addon: unknown = createRequire(import.meta.url)(path);
    if (isHelper(addon)) return { kind: 'loaded', helper: addon, path };
    return { kind: 'missing', why: 'the compiled helper is of another version' };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { kind: 'missing', why: `the compiled helper did not load: ${reason}` };
  }
}

function isHelper(value: unknown): value is NativeHelper {
  if (typeof value !== 'object' || value === null) return false;
  return ['run', 'identify', 'chunkEnds'].every(
    (name) => typeof (value as Record<string, unknown>)[name] === 'function',
  );
}
