/** Files and folders as any program reads them. Nothing is written over, and no link is followed: every name is new. */
import { type FileHandle, mkdir, open, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import type { ManifestId, TenantId } from '../../src/protocol/ids.ts';
import type { ChunkStore } from '../chunks/chunk-store.ts';
import { systemCode } from '../chunks/folder/durable-file.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { VersionRow } from '../metadata/rows.ts';
import { findChunks, readChunks } from '../routes/chunk-reading.ts';

/** A name that is taken although the server holds both: this disk does not tell them apart. */
const TRIES = 1000;

export interface PlainParts {
  readonly store: MetadataStore;
  readonly chunks: ChunkStore;
  readonly tenant: TenantId;
}

/** Makes it under the first name that is free; answers that name. */
async function underFreeName(name: string, make: (name: string) => Promise<unknown>): Promise<string> {
  const safe = /[/\0]|^\.{0,2}$/.test(name) ? name.replace(/[/\0]/g, '_').replace(/^\.{0,2}$/, '_') : name;
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? safe : `${safe} (${n})`;
    try {
      await make(tried);
      return tried;
    } catch (cause) {
      if (systemCode(cause) !== 'EEXIST' || n >= TRIES) throw cause;
    }
  }
}

export function makeFolder(inside: string, name: string): Promise<string> {
  return underFreeName(name, (tried) => mkdir(join(inside, tried)));
}

/** Answers the name it got, or why its bytes are not there. */
export async function makeFile(
  parts: PlainParts,
  inside: string,
  name: string,
  version: VersionRow,
): Promise<{ readonly name: string; readonly trouble: string | null }> {
  const { content } = version;
  if (content.kind === 'symlink')
    return {
      name: await underFreeName(name, (tried) => symlink(content.target, join(inside, tried))),
      trouble: null,
    };
  const opened: { file: FileHandle | null } = { file: null };
  const given = await underFreeName(name, async (tried) => {
    opened.file = await open(join(inside, tried), 'wx', content.executable ? 0o755 : 0o644);
  });
  const { file } = opened;
  if (file === null) throw new Error('a file was made and is not open');
  let trouble: string | null;
  try {
    trouble = await writeBytes(parts, file, content.manifest);
    await file.sync();
  } finally {
    await file.close();
  }
  const seconds = Number(BigInt(version.mtimeNs) / 1_000_000n) / 1000;
  await utimes(join(inside, given), seconds, seconds);
  return { name: given, trouble };
}

async function writeBytes(parts: PlainParts, file: FileHandle, id: ManifestId): Promise<string | null> {
  const { store, chunks, tenant } = parts;
  const row = await store.read(async (tx) => tx.manifest(tenant, id));
  const manifest = row === null ? null : decodeManifest(row.encoded);
  if (manifest === null || isInvalidManifest(manifest)) return 'the list of its parts is not readable';
  for (const { id: chunk } of manifest.chunks) {
    const reading = { store, chunks, log: () => {} };
    // Wherever it stands whole: it may be moved meanwhile, and be whole in the second store alone.
    const found = [...(await findChunks(reading, tenant, [chunk])).values()];
    const bytes = await readChunks(reading, found).then(
      (all) => all.get(chunk),
      () => null,
    );
    if (bytes === null) return 'a part of it cannot be read: the disk fails';
    if (bytes === undefined) return `a part of it is ${found.length === 0 ? 'not stored' : 'not whole'}`;
    await file.writeFile(bytes);
  }
  return null;
}
