/** The story of one version: where it comes from, what it is made of, who has it, and whether it stays. */
import { decodeManifest, isInvalidManifest, type ManifestChunk } from '../../src/core/manifest/manifest.ts';
import type { ManifestId, NamespaceId, TenantId, VersionId } from '../../src/protocol/ids.ts';
import { versionActions } from './actions.ts';
import type { ChunkState, VersionStory } from './answer.ts';
import type { LineReader } from './reader.ts';

const CHUNKS = 100;
const DEVICES = 100;
const DECISIONS = 20;

export async function versionStory(
  lines: LineReader,
  ns: NamespaceId,
  id: VersionId,
): Promise<VersionStory | null> {
  const { tx } = lines;
  const row = await tx.version(ns, id);
  const space = await tx.namespace(ns);
  const at = row === null ? null : await lines.lineOf(ns, row.node);
  if (row === null || at === null || space === null) return null;
  const version = await lines.versionLine(ns, row);
  const chunks = row.content.kind === 'file' ? await chunksOf(lines, space.tenant, row.content.manifest) : [];
  const told: VersionStory['chunks'][number][] = [];
  for (const { id: chunk, size } of chunks.slice(0, CHUNKS))
    told.push({ chunk, size, state: await chunkState(lines, space.tenant, chunk) });
  return {
    kind: 'version',
    at,
    version,
    base: await lines.versionOf(ns, row.base),
    chunks: told,
    chunkCount: chunks.length,
    reach: await lines.reach(ns, row.seq, DEVICES),
    decisions: await tx.decisions({ subject: `version ${id}` }, null, DECISIONS),
    actions: versionActions(at, row.number, version.isHead),
  };
}

async function chunksOf(
  { tx }: LineReader,
  tenant: TenantId,
  id: ManifestId,
): Promise<readonly ManifestChunk[]> {
  const row = await tx.manifest(tenant, id);
  const manifest = row === null ? null : decodeManifest(row.encoded);
  return manifest === null || isInvalidManifest(manifest) ? [] : manifest.chunks;
}

export async function chunkState(
  { tx }: LineReader,
  tenant: TenantId,
  id: ManifestChunk['id'],
): Promise<ChunkState> {
  const row = await tx.chunk(tenant, id);
  if (row === null) return 'missing';
  if (row.damagedAt !== null) return 'damaged';
  return row.quarantinedAt === null ? 'stored' : 'quarantined';
}
