/** What a backup holds: every file, by the path it has in the data folder and the hash of its bytes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import {
  Count,
  EpochSchema,
  Millis,
  NamespaceIdSchema,
  nullable,
  parserOf,
  record,
  Seq,
} from '../../src/protocol/schema.ts';
import { systemCode } from '../chunks/folder/durable-file.ts';
import { Refusal } from '../refusal.ts';

export const MANIFEST = 'manifest.json';
export const DATABASE = 'metadata.sqlite';

const BackupFile = record({
  /** Relative to the data folder, parts divided by `/`. */
  path: Type.String({
    pattern: '^(metadata\\.sqlite|keys/[a-z0-9.-]+|(chunks|cold)/[a-z0-9-]+(/[a-z0-9.-]+){1,2})$',
  }),
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size: Count,
  /** When the original was last written; null where that says nothing. */
  mtimeMs: nullable(Type.Number()),
});
export type BackupFile = Static<typeof BackupFile>;

const Manifest = record({
  version: Type.Literal(1),
  serverId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  at: Millis,
  schema: Count,
  namespaces: Type.Array(record({ id: NamespaceIdSchema, epoch: EpochSchema, seq: Seq })),
  /** Its chunks are in a second store, and not here. */
  withoutChunks: Type.Optional(Type.Literal(true)),
  /** Chunks that were not in the store any more when it was backed up, or are not here. */
  missing: Count,
  files: Type.Array(BackupFile),
});
export type BackupManifest = Static<typeof Manifest>;
const parse = parserOf(Manifest);

/** null: there is none. Throws a Refusal for what cannot be read. */
export async function readManifest(place: string): Promise<BackupManifest | null> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(place, MANIFEST), 'utf8'));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw new Refusal(`The list of the backup in ${place} cannot be read; use another place.`);
  }
  const parsed = parse(value);
  if (parsed.kind === 'ok') return parsed.value;
  throw new Refusal(`The list of the backup in ${place} is not one of this program (${parsed.why}).`);
}
