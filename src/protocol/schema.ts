/** The vocabulary of wire schemas: each a JSON Schema (validation, OpenAPI) that carries its TypeScript type. */
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type {
  ChunkId,
  ConflictId,
  DeviceId,
  Epoch,
  ManifestId,
  NamespaceId,
  NodeId,
  UserId,
  VersionId,
} from './ids.ts';
import { LIMITS } from './limits.ts';

const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const HASH = '^[0-9a-f]{64}$';

function id<Id extends string>(pattern: string) {
  return Type.Unsafe<Id>({ type: 'string', pattern });
}

export const NodeIdSchema = id<NodeId>(UUID);
export const DeviceIdSchema = id<DeviceId>(UUID);
export const UserIdSchema = id<UserId>(UUID);
export const NamespaceIdSchema = id<NamespaceId>(UUID);
export const ConflictIdSchema = id<ConflictId>(UUID);
export const ManifestIdSchema = id<ManifestId>(HASH);
export const ChunkIdSchema = id<ChunkId>(HASH);
export const EpochSchema = id<Epoch>('^[0-9a-f]{12}$');
export const VersionIdSchema = id<VersionId>('^[0-9a-f]{12}\\.[1-9][0-9]{0,15}$');

export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Wall milliseconds: display only. */
export const Millis = Type.Integer({ minimum: -62_135_596_800_000, maximum: 253_402_300_799_999 });
/** File time in nanoseconds since 1970 as decimal text: beyond what a JSON number holds. */
export const Nanos = Type.String({ pattern: '^-?[0-9]{1,20}$' });
export const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameBytes });
export const Base64 = (maxBytes: number) =>
  Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: Math.ceil(maxBytes / 3) * 4 });

export function nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** Objects are closed: an unknown member is a bad request, never silently ignored. */
export function record<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'invalid'; readonly why: string };

/** A checker for one schema, compiled on first use. */
export function parserOf<S extends TSchema>(schema: S): (value: unknown) => Parsed<Static<S>> {
  let compiled: ReturnType<typeof Compile<S>> | null = null;
  return (value) => {
    compiled ??= Compile(schema);
    if (compiled.Check(value)) return { kind: 'ok', value: value as Static<S> };
    const first = compiled.Errors(value)[0];
    return {
      kind: 'invalid',
      why: first ? `${first.instancePath || '/'} ${first.message}` : 'does not match',
    };
  };
}
