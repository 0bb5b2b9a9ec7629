/** The story of one chunk: where it is, who needs it, and what the collection decided about it. */
import { type ChunkId, parseManifestId, type TenantId } from '../../src/protocol/ids.ts';
import { chunkActions } from './actions.ts';
import type { ChunkStory, ExplainAnswer, Question } from './answer.ts';
import type { LineReader } from './reader.ts';
import { chunkState } from './version-story.ts';

/** Manifests that are looked through for one answer. */
const SCAN = 5000;
const VERSIONS = 20;
const SHOWN = 200;
const DECISIONS = 50;

/** `after`: `<tenants passed>.<last manifest>`, from an earlier answer. */
export async function chunkStory(
  lines: LineReader,
  chunk: ChunkId,
  question: Question,
): Promise<ExplainAnswer> {
  const { tx } = lines;
  const tenants = await tx.tenantsHolding(chunk);
  const decisions = await tx.decisions({ subject: `chunk ${chunk}` }, null, DECISIONS);
  if (tenants.length === 0 && decisions.length === 0)
    return { kind: 'nothing', question, why: 'No such chunk was ever stored here, as far as is remembered.' };
  const copies: ChunkStory['copies'][number][] = [];
  for (const tenant of tenants) {
    const copy = await copyOf(lines, tenant, chunk);
    if (copy !== null) copies.push(copy);
  }
  const { references, next } = await referencesTo(lines, tenants, chunk, question.after);
  const isMissing = copies.every(({ state }) => state !== 'stored');
  return { kind: 'chunk', chunk, copies, references, next, decisions, actions: chunkActions(isMissing) };
}

async function copyOf(
  lines: LineReader,
  tenant: TenantId,
  chunk: ChunkId,
): Promise<ChunkStory['copies'][number] | null> {
  const row = await lines.tx.chunk(tenant, chunk);
  if (row === null) return null;
  const { size, location, storedAt, quarantinedAt, damagedAt } = row;
  const state = await chunkState(lines, tenant, chunk);
  const pinned = await lines.tx.chunkPinned(tenant, chunk, lines.rules.now);
  return { tenant, state, size, location, storedAt, quarantinedAt, damagedAt, pinned };
}

/** Derived from manifests, as liveness is: so many per answer, tenant by tenant. */
async function referencesTo(
  lines: LineReader,
  tenants: readonly TenantId[],
  chunk: ChunkId,
  after: string | null,
): Promise<Pick<ChunkStory, 'references' | 'next'>> {
  const [, passed = '0', from] = /^(\d{1,3})\.([0-9a-f]{64})?$/.exec(after ?? '') ?? [];
  const at = Number(passed);
  const tenant = tenants[at];
  if (tenant === undefined) return { references: [], next: null };
  const last = from === undefined ? null : parseManifestId(from);
  const page = await lines.tx.manifestsHolding(tenant, chunk, last, SCAN);
  const references: ChunkStory['references'][number][] = [];
  for (const manifest of page.rows) {
    for (const place of await lines.tx.versionsOfManifest(tenant, manifest, VERSIONS)) {
      const version = await lines.versionOf(place.namespace, place.version);
      const row = await lines.tx.version(place.namespace, place.version);
      const node = row === null ? null : await lines.lineOf(place.namespace, row.node);
      if (version !== null && node !== null) references.push({ at: node, version });
    }
    if (references.length >= SHOWN) return { references, next: `${at}.${manifest}` };
  }
  if (page.next !== null) return { references, next: `${at}.${page.next}` };
  return { references, next: at + 1 < tenants.length ? `${at + 1}.` : null };
}
