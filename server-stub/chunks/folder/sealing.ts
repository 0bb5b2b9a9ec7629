/**
 * AES-256-GCM over one chunk. The tenant, the chunk id and the length are bound in as associated data, so a record that
 * was moved, swapped or given to another tenant does not open. Nonces are random: a tenant key is good for 2^32 chunks.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';
import { NONCE_BYTES, type RecordHead } from './record.ts';

const CIPHER = 'aes-256-gcm';
const LABEL = Buffer.from('tidemark chunk 1');
/** Drawing random bytes in bulk: one draw per small chunk would cost as much as sealing it. */
const pool = Buffer.allocUnsafeSlow(NONCE_BYTES * 1024);
let drawn = pool.length;

function freshNonce(): Uint8Array {
  if (drawn >= pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += NONCE_BYTES;
  return Uint8Array.prototype.slice.call(pool, drawn - NONCE_BYTES, drawn);
}

/** One for all: ciphers read it before they return. */
const binding = Buffer.concat([LABEL, Buffer.alloc(52)]);

function bound(tenant: string, id: string, length: number): Buffer {
  binding.write(tenant, LABEL.length, 'hex');
  binding.write(id, LABEL.length + 16, 'hex');
  binding.writeUInt32LE(length, LABEL.length + 48);
  return binding;
}

export interface Sealed {
  readonly head: RecordHead;
  readonly ciphertext: Uint8Array;
}

/** A tenant's data key. Chunks name the number of theirs, so that old ones open after a new key came into use. */
export interface DataKey {
  readonly number: number;
  readonly key: KeyObject;
}

export function seal(dataKey: DataKey, tenant: string, id: string, bytes: Uint8Array): Sealed {
  const nonce = freshNonce();
  const cipher = createCipheriv(CIPHER, dataKey.key, nonce);
  cipher.setAAD(bound(tenant, id, bytes.length));
  const ciphertext = cipher.update(bytes);
  cipher.final();
  return {
    head: {
      erased: false,
      length: bytes.length,
      tenant,
      id,
      keyNumber: dataKey.number,
      nonce,
      tag: cipher.getAuthTag(),
    },
    ciphertext,
  };
}

/** `null` when the key, the binding or any bit is not the one it was sealed with. */
export function unseal(
  key: KeyObject,
  tenant: string,
  id: string,
  head: RecordHead,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const decipher = createDecipheriv(CIPHER, key, head.nonce);
  decipher.setAAD(bound(tenant, id, ciphertext.length));
  decipher.setAuthTag(head.tag);
  const bytes = decipher.update(ciphertext);
  try {
    decipher.final();
    return bytes;
  } catch {
    return null;
  }
}
