/** BLAKE3 for the server: native where a prebuilt binary exists, WebAssembly otherwise. Both give the same bytes. */
export type HashBackend = 'native' | 'wasm';

export interface Blake3Hasher {
  readonly backend: HashBackend;
  /** 32 bytes. */
  hash(bytes: Uint8Array): Uint8Array;
  /** The same as 64 hex digits; cheaper than `hash` where only those are wanted. */
  hex(bytes: Uint8Array): string;
}

export async function loadBlake3(wanted?: HashBackend): Promise<Blake3Hasher> {
  if (wanted !== 'wasm') {
    try {
      const { blake3, Blake3Hasher: Hasher } = await import('@napi-rs/blake-hash');
      const hasher = new Hasher();
      const hex = (bytes: Uint8Array) => {
        hasher.reset();
        return hasher.update(asBuffer(bytes)).digest('hex');
      };
      return { backend: 'native', hash: (bytes) => blake3(asBuffer(bytes)), hex };
    } catch (cause) {
      if (wanted === 'native') throw cause;
    }
  }
  const { hash } = await import('blake3');
  const digest = (bytes: Uint8Array) => asBytes(hash(asBuffer(bytes)));
  return { backend: 'wasm', hash: digest, hex: (bytes) => digest(bytes).toString('hex') };
}

/** The binding is typed for text too, which it answers only when asked for. */
function asBytes(digest: string | Buffer): Buffer {
  return typeof digest === 'string' ? Buffer.from(digest, 'hex') : digest;
}

/** A view, not a copy: the native binding reads any memory but is typed for Buffer only. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
