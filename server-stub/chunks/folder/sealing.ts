/**
 * AES-256-GCM over one chunk. The tenant, the chunk id, the form (plain or packed) and the length of the chunk are bound in as associated data, so a record that
 * was moved, swapped or given to another tenant does not open. Nonces are random: a tenant key is good for 2^32 chunks.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';
import type { Payload } from './packing.ts';
import { NONCE_BYTES, type RecordHead } from './record.ts';

const CIPHER = 'aes-256-gcm';
const LABELS = { plain: Buffer.from('tidemark chunk 1'), zstd: Buffer.from('tidemark chunk 2') } as const;
const LABEL_BYTES = LABELS.plain.length;
/** In front of packed ciphertext: what it unpacks to. */
const SIZE_BYTES = 4;
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
const binding = Buffer.alloc(LABEL_BYTES + 52);

function bound(kind: Payload['kind'], tenant: string, id: string, size: number): Buffer {
  binding.set(LABELS[kind], 0);
  binding.write(tenant, LABEL_BYTES, 'hex');
  binding.write(id, LABEL_BYTES + 16, 'hex');
  binding.writeUInt32LE(size, LABEL_BYTES + 48);
  return binding;
}

export interface Sealed {
  readonly head: RecordHead;
  /** What follows the head. */
  readonly body: Uint8Array;
}

/** A tenant's data key. Chunks name the number of theirs, so that old ones open after a new key came into use. */
export interface DataKey {
  readonly number: number;
  readonly key: KeyObject;
}

export function seal(dataKey: DataKey, tenant: string, id: string, payload: Payload): Sealed {
  const nonce = freshNonce();
  const cipher = createCipheriv(CIPHER, dataKey.key, nonce);
  const size = payload.kind === 'zstd' ? payload.size : payload.bytes.length;
  cipher.setAAD(bound(payload.kind, tenant, id, size));
  const ciphertext = cipher.update(payload.bytes);
  cipher.final();
  const body = payload.kind === 'zstd' ? behindSize(size, ciphertext) : ciphertext;
  const head: RecordHead = {
    state: payload.kind === 'zstd' ? 'packed' : 'plain',
    length: body.length,
    tenant,
    id,
    keyNumber: dataKey.number,
    nonce,
    tag: cipher.getAuthTag(),
  };
  return { head, body };
}

function behindSize(size: number, ciphertext: Uint8Array): Uint8Array {
  const body = Buffer.allocUnsafe(SIZE_BYTES + ciphertext.length);
  body.writeUInt32LE(size);
  body.set(ciphertext, SIZE_BYTES);
  return body;
}

/** Bytes of the chunk that a record holds, as its owner wrote it: nothing vouches for it before the seal is opened. */
export function claimedSize(head: RecordHead, body: Buffer): number | null {
  if (head.state === 'plain') return head.length;
  return head.state === 'packed' && body.length >= SIZE_BYTES ? body.readUInt32LE() : null;
}

/** `null` when the key, the binding or any bit is not the one it was sealed with. */
export function unseal(key: KeyObject, head: RecordHead, body: Buffer): Payload | null {
  const size = claimedSize(head, body);
  if (size === null) return null;
  const kind = head.state === 'packed' ? 'zstd' : 'plain';
  const decipher = createDecipheriv(CIPHER, key, head.nonce);
  decipher.setAAD(bound(kind, head.tenant, head.id, size));
  decipher.setAuthTag(head.tag);
  const bytes = decipher.update(kind === 'zstd' ? body.subarray(SIZE_BYTES) : body);
  try {
    decipher.final();
    return kind === 'zstd' ? { kind, bytes, size } : { kind, bytes };
  } catch {
    return null;
  }
}
