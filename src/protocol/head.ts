import { type Static, Type } from 'typebox';
import { LIMITS } from './limits.ts';
import {
  Base64,
  Count,
  DeviceIdSchema,
  ManifestIdSchema,
  Millis,
  Nanos,
  nullable,
  record,
  Seq,
  VersionIdSchema,
} from './schema.ts';

/** Content of a committed version; `encoded` carries the manifest when it is small enough to ride along. */
export const VersionContent = Type.Union([
  record({
    kind: Type.Literal('file'),
    manifest: ManifestIdSchema,
    size: Count,
    executable: Type.Boolean(),
    encoded: nullable(Base64(LIMITS.inlineManifestBytes)),
  }),
  record({
    kind: Type.Literal('symlink'),
    target: Type.String({ minLength: 1, maxLength: LIMITS.linkTargetBytes }),
  }),
]);
export type VersionContent = Static<typeof VersionContent>;

/** A version as a head or in a history. `number` is for people: V41. */
export const WireHead = record({
  version: VersionIdSchema,
  number: Type.Integer({ minimum: 1 }),
  base: nullable(VersionIdSchema),
  content: VersionContent,
  mtimeNs: Nanos,
  seq: Seq,
  device: DeviceIdSchema,
  deviceName: Type.String(),
  user: Type.String(),
  at: Millis,
  editedAt: Millis,
});
export type WireHead = Static<typeof WireHead>;
