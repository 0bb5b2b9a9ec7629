/**
 * One chunk on disk, in a segment or in a file of its own:
 *
 *   'TMC1' or 'TMC2' | u32le length | 16 bytes tenant | 32 bytes chunk id | u32le key number | 12 bytes nonce | 16 bytes tag |
 *   u32le checksum of the 88 bytes before | length bytes of ciphertext
 *
 * 'TMC1': the ciphertext is the chunk's. 'TMC2': what follows the head is u32le size of the chunk | ciphertext of its zstd
 * frame; the size is bound by the seal. Records of both kinds are read for ever.
 *
 * An erased record keeps its head (with 'TMX1') so that a segment can still be walked; its bytes are zero.
 */
import { crc32 } from 'node:zlib';
import { parseTenantId, type TenantId } from '../../../src/protocol/ids.ts';

export const RECORD_HEAD = 92;
export const NONCE_BYTES = 12;
const CHECKED = 88;
const MAGIC = { plain: 'TMC1', packed: 'TMC2', erased: 'TMX1' } as const;
const STATES: ReadonlyMap<string, keyof typeof MAGIC> = new Map([
  [MAGIC.plain, 'plain'],
  [MAGIC.packed, 'packed'],
  [MAGIC.erased, 'erased'],
]);

export interface RecordHead {
  readonly state: keyof typeof MAGIC;
  /** Bytes that follow the head. */
  readonly length: number;
  /** 32 hex digits. */
  readonly tenant: string;
  readonly id: string;
  /** Which of the tenant's keys sealed it. */
  readonly keyNumber: number;
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
}

/** A tenant id without its dashes: how records name it. */
export function tenantHex(tenant: string): string {
  if (tenant !== lastTenant) {
    lastTenant = tenant;
    lastHex = tenant.replaceAll('-', '');
  }
  return lastHex;
}

/** Back from `tenantHex`. */
export function tenantOf(hex: string): TenantId {
  return parseTenantId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}

/** A body's chunks are all of one tenant. */
let lastTenant = '';
let lastHex = '';

export function writeRecordHead(into: Buffer, at: number, head: RecordHead): void {
  into.write(MAGIC[head.state], at, 'latin1');
  into.writeUInt32LE(head.length, at + 4);
  into.write(head.tenant, at + 8, 'hex');
  into.write(head.id, at + 24, 'hex');
  into.writeUInt32LE(head.keyNumber, at + 56);
  into.set(head.nonce, at + 60);
  into.set(head.tag, at + 72);
  into.writeUInt32LE(crc32(into.subarray(at, at + CHECKED)), at + CHECKED);
}

/** `null` where no whole, unharmed head stands. */
export function readRecordHead(from: Buffer, at: number): RecordHead | null {
  if (from.length - at < RECORD_HEAD) return null;
  const state = STATES.get(from.toString('latin1', at, at + 4));
  if (state === undefined) return null;
  if (from.readUInt32LE(at + CHECKED) !== crc32(from.subarray(at, at + CHECKED))) return null;
  return {
    state,
    length: from.readUInt32LE(at + 4),
    tenant: from.toString('hex', at + 8, at + 24),
    id: from.toString('hex', at + 24, at + 56),
    keyNumber: from.readUInt32LE(at + 56),
    nonce: from.subarray(at + 60, at + 72),
    tag: from.subarray(at + 72, at + CHECKED),
  };
}
