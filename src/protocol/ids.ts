/**
 * Branded identifiers. A brand is only given by a parser here, so an unchecked string from wire, disk,
 * IPC or SQL cannot pass for an id.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A stable file or folder object: UUIDv7, proposed by a device, never derived from a path. */
export type NodeId = Branded<'NodeId'>;
export type DeviceId = Branded<'DeviceId'>;
export type UserId = Branded<'UserId'>;
export type TenantId = Branded<'TenantId'>;
export type NamespaceId = Branded<'NamespaceId'>;
/** `<epoch>.<seq>` of the commit that made the version: unique in its namespace, and ordered within an epoch. */
export type VersionId = Branded<'VersionId'>;
/** 64 hex digits: BLAKE3 of the canonical manifest encoding. */
export type ManifestId = Branded<'ManifestId'>;
/** 64 hex digits: BLAKE3 of the chunk's bytes. */
export type ChunkId = Branded<'ChunkId'>;
/** 12 hex digits, drawn anew when a server's history branches (first start, restore from backup). */
export type Epoch = Branded<'Epoch'>;
export type ConflictId = Branded<'ConflictId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const EPOCH = /^[0-9a-f]{12}$/;
const VERSION = /^[0-9a-f]{12}\.[1-9][0-9]{0,15}$/;

export class InvalidId extends Error {
  constructor(kind: string, value: unknown) {
    super(`not a ${kind}: ${JSON.stringify(value)?.slice(0, 80)}`);
    this.name = 'InvalidId';
  }
}

function parser<Id extends string>(kind: string, form: RegExp): (value: unknown) => Id {
  return (value) => {
    if (typeof value === 'string' && form.test(value)) return value as Id;
    throw new InvalidId(kind, value);
  };
}

export const parseNodeId = parser<NodeId>('node id', UUID);
export const parseDeviceId = parser<DeviceId>('device id', UUID);
export const parseUserId = parser<UserId>('user id', UUID);
export const parseTenantId = parser<TenantId>('tenant id', UUID);
export const parseNamespaceId = parser<NamespaceId>('namespace id', UUID);
export const parseConflictId = parser<ConflictId>('conflict id', UUID);
export const parseVersionId = parser<VersionId>('version id', VERSION);
export const parseManifestId = parser<ManifestId>('manifest id', HASH);
export const parseChunkId = parser<ChunkId>('chunk id', HASH);
export const parseEpoch = parser<Epoch>('epoch', EPOCH);

/** The root folder of every namespace: it exists from the start and is never moved or deleted. */
export const ROOT_NODE = parseNodeId('00000000-0000-7000-8000-000000000000');

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += HEX[byte];
  return out;
}

export function fromHex(text: string): Uint8Array {
  const out = new Uint8Array(text.length >> 1);
  for (let i = 0; i < out.length; i += 1) out[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return out;
}

/** RFC 9562 UUIDv7 text from wall milliseconds and 10 random bytes. Time only helps index locality; it decides nothing. */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  const ms = Math.max(0, Math.floor(nowMs));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) & 0xff;
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Position of the version's commit in its epoch. */
export function versionSeq(id: VersionId): number {
  return Number(id.slice(13));
}

export function versionEpoch(id: VersionId): Epoch {
  return id.slice(0, 12) as Epoch;
}

export function versionId(epoch: Epoch, seq: number): VersionId {
  return parseVersionId(`${epoch}.${seq}`);
}
