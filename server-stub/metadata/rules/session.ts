/**
 * Opening an upload session: an attempt, never the commit. It says early which claims are hopeless, which will fork,
 * and which chunks to send; the chunks of the others are pinned.
 */
import type { Manifest } from '../../../src/core/manifest/manifest.ts';
import type { Claim } from '../../../src/protocol/claims.ts';
import { contentKey } from '../../../src/protocol/content.ts';
import { type ChunkId, type NodeId, toHex, type VersionId } from '../../../src/protocol/ids.ts';
import type { OpenAnswer } from '../../../src/protocol/routes.ts';
import { EventBuilder } from '../event-of.ts';
import type { WriteTx } from '../metadata-store.ts';
import { contentOf, openManifest } from './content.ts';
import type { Caller, RuleEffects } from './context.ts';
import { roomOf } from './room.ts';

const SESSION_MS = 24 * 60 * 60 * 1000;

type Early = OpenAnswer['answers'][number];

export async function openSession(
  tx: WriteTx,
  effects: RuleEffects,
  caller: Caller,
  claims: readonly Claim[],
): Promise<OpenAnswer> {
  const now = effects.now();
  if (!(await tx.isSwitchedOn('quarantine-sessions'))) await tx.expireSessions(now);
  const builder = new EventBuilder(tx, caller.namespace);
  const answers: Early[] = [];
  const chunks = new Set<ChunkId>();
  const missing = new Set<ChunkId>();
  let room = roomOf(await tx.storedBytes(caller.tenant));
  let files = 0;
  let bytes = 0;
  for (const claim of claims) {
    const early = await answerEarly(tx, builder, caller, claim);
    answers.push(early);
    if (early.answer === 'stale' || early.answer === 'answered') continue;
    const content = 'content' in claim ? claim.content : null;
    if (content?.kind !== 'file') continue;
    const opened = openManifest(content, effects);
    // A manifest that says something else than its claim is refused by finalize; nothing need be sent for it.
    if (opened.kind === 'fault') continue;
    files += 1;
    bytes += content.size;
    for (const chunk of opened.manifest.chunks) chunks.add(chunk.id);
    const lacking = await lackingOf(tx, caller, opened.manifest, missing);
    const lackingBytes = [...lacking.values()].reduce((sum, size) => sum + size, 0);
    // What does not fit is not asked for: finalize says so, without a byte sent for it.
    if (lackingBytes > room) continue;
    room -= lackingBytes;
    for (const id of lacking.keys()) missing.add(id);
  }
  if (chunks.size > 0) {
    const session = {
      id: toHex(effects.randomBytes(16)),
      device: caller.device,
      namespace: caller.namespace,
      lastKey: Math.max(...claims.map((claim) => claim.key)),
      files,
      bytes,
      openedAt: now,
      expiresAt: now + SESSION_MS,
    };
    await tx.addSession(session, caller.tenant, [...chunks]);
  }
  return { answers, missing: [...missing] };
}

/** Chunks of a file, with their sizes, that are not stored and not asked for yet. */
async function lackingOf(
  tx: WriteTx,
  caller: Caller,
  { chunks }: Manifest,
  asked: ReadonlySet<ChunkId>,
): Promise<ReadonlyMap<ChunkId, number>> {
  const lacking = new Map<ChunkId, number>();
  for (const { id, size } of chunks)
    if (!asked.has(id) && !(await tx.chunkPresent(caller.tenant, id))) lacking.set(id, size);
  return lacking;
}

async function answerEarly(tx: WriteTx, builder: EventBuilder, caller: Caller, claim: Claim): Promise<Early> {
  const early = (answer: Early['answer'], current: Early['current'] = null): Early => ({
    key: claim.key,
    answer,
    current,
  });
  if ((await tx.outcome(caller.device, claim.key)) !== null) return early('answered');
  // Unanswered keys may have moved the head: only finalize can tell.
  if (claim.op !== 'edit' || claim.unanswered.length > 0) return early('proceed');
  const alias = await tx.alias(caller.device, caller.namespace, claim.node);
  const own = await tx.node(caller.namespace, claim.node);
  const node = alias === null || own?.live === true ? own : await tx.node(caller.namespace, alias);
  if (node === null || !node.live || node.head === null || node.head === claim.base) return early('proceed');
  if (await holdsSince(tx, caller, node.id, node.head, claim)) return early('proceed');
  const [current] = await builder.ofNodes([node.id]);
  return early(claim.onStale === 'reject' ? 'stale' : 'will-fork', current ?? null);
}

/** True if the claimed content is a version after the claimed base: finalize will adopt it. */
async function holdsSince(
  tx: WriteTx,
  caller: Caller,
  node: NodeId,
  head: VersionId,
  claim: Extract<Claim, { op: 'edit' }>,
): Promise<boolean> {
  const base = await tx.version(caller.namespace, claim.base);
  const since =
    base?.node === node
      ? await tx.versionsAfter(caller.namespace, node, base.number)
      : [await tx.version(caller.namespace, head)];
  const wanted = contentKey(contentOf(claim.content));
  return since.some((version) => version !== null && contentKey(version.content) === wanted);
}
