/** BLAKE3 from the prebuilt native package, or from WebAssembly where none exists for this system. Proven equal. */
import { createRequire } from 'node:module';

export type Blake3Backend = 'native' | 'wasm';

export interface Blake3Engine {
  readonly backend: Blake3Backend;
  hash(bytes: Uint8Array): Uint8Array;
  hex(bytes: Uint8Array): string;
}

const HASH_BYTES = 32;
const require = createRequire(import.meta.url);

/** The wanted implementation, or the best that loads. */
export function loadBlake3(wanted?: Blake3Backend): Blake3Engine {
  if (wanted === 'wasm') return wasmEngine();
  const native = nativeEngine();
  if (native !== null) return native;
  if (wanted === 'native') throw new Error('native BLAKE3 does not load here');
  return wasmEngine();
}

function nativeEngine(): Blake3Engine | null {
  let loaded: unknown;
  try {
    loaded = require('@napi-rs/blake-hash');
  } catch {
    return null;
  }
  // Its answer as text costs a third of its answer as a buffer, whose finalizer outweighs hashing a small file.
  const text = functionIn(loaded, 'blake3UrlSafeBase64');
  if (text === null) return null;
  const decoded = (bytes: Uint8Array): Buffer => {
    const answer = text(asBuffer(bytes));
    if (typeof answer !== 'string') throw new TypeError('BLAKE3 gave no text');
    return Buffer.from(answer, 'base64url');
  };
  return {
    backend: 'native',
    hash: (bytes) => new Uint8Array(decoded(bytes)),
    hex: (bytes) => decoded(bytes).toString('hex'),
  };
}

function wasmEngine(): Blake3Engine {
  // The module below the package's own entry: it writes into a buffer of ours and allocates nothing.
  const hashInto = functionIn(require('blake3/dist/wasm/nodejs/blake3_js.js'), 'hash');
  if (hashInto === null) throw new Error('BLAKE3 in WebAssembly has another shape than expected');
  const hash = (bytes: Uint8Array): Uint8Array => {
    const out = new Uint8Array(HASH_BYTES);
    hashInto(bytes, out);
    return out;
  };
  return { backend: 'wasm', hash, hex: (bytes) => Buffer.from(hash(bytes).buffer).toString('hex') };
}

function functionIn(module: unknown, name: string): ((...values: readonly unknown[]) => unknown) | null {
  if (typeof module !== 'object' || module === null) return null;
  const value: unknown = Reflect.get(module, name);
  return typeof value === 'function' ? (...values) => Reflect.apply(value, module, values) as unknown : null;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
