/** Claimed content: does its manifest say what it claims, and is every chunk there for this user? */
import {
  decodeManifest,
  isInvalidManifest,
  type Manifest,
  type ManifestChunk,
  manifestIdOf,
} from '../../../src/core/manifest/manifest.ts';
import type { WireContent } from '../../../src/protocol/claims.ts';
import type { Content } from '../../../src/protocol/content.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import { LIMITS } from '../../../src/protocol/limits.ts';
import type { HeadRow } from '../rows.ts';
import type { RuleEffects } from './context.ts';
import { type Refusal, refused } from './decision.ts';
import { fullFor } from './room.ts';
import type { Scope } from './scope.ts';

export interface TakenContent {
  readonly kind: 'taken';
  readonly content: Content;
  /** Encoded manifest of a file. */
  readonly encoded: Uint8Array | null;
}

/** Content as versions hold it. */
export function contentOf(wire: WireContent): Content {
  if (wire.kind === 'symlink') return { kind: 'symlink', target: wire.target };
  return { kind: 'file', manifest: wire.manifest, size: wire.size, executable: wire.executable };
}

export type OpenedManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest; readonly encoded: Uint8Array }
  | { readonly kind: 'fault'; readonly code: 'bad-manifest' | 'file-too-large'; readonly detail: string };

/** Decodes a claimed manifest and checks it against the claim's id and size. */
export function openManifest(
  wire: Extract<WireContent, { kind: 'file' }>,
  effects: Pick<RuleEffects, 'blake3'>,
): OpenedManifest {
  const encoded = Buffer.from(wire.encoded, 'base64');
  if (manifestIdOf(encoded, effects.blake3) !== wire.manifest) {
    return { kind: 'fault', code: 'bad-manifest', detail: 'the manifest is not the one it is called' };
  }
  const manifest = decodeManifest(encoded);
  if (isInvalidManifest(manifest)) return { kind: 'fault', code: 'bad-manifest', detail: manifest.why };
  if (manifest.size !== wire.size) {
    return { kind: 'fault', code: 'bad-manifest', detail: 'the chunks do not sum to the size' };
  }
  if (manifest.size > LIMITS.fileBytes) {
    return { kind: 'fault', code: 'file-too-large', detail: `${manifest.size} bytes` };
  }
  return { kind: 'manifest', manifest, encoded };
}

/**
 * Checks content that is about to become a version and records its manifest. Presence is asked here, in the
 * transaction of the commit: a pin alone proves nothing (RULES 27).
 */
export async function takeContent(
  scope: Scope,
  node: NodeId,
  wire: WireContent,
): Promise<TakenContent | Refusal> {
  if (wire.kind === 'symlink') return takeLink(node, wire.target);
  const opened = openManifest(wire, scope.effects);
  if (opened.kind === 'fault') return refused(node, opened.code, opened.detail);
  const missing: ManifestChunk[] = [];
  for (const chunk of opened.manifest.chunks) {
    const stored = await scope.tx.keepChunk(scope.caller.tenant, chunk.id);
    if (stored === null) missing.push(chunk);
    else if (stored.size !== chunk.size) {
      return refused(node, 'bad-manifest', `chunk ${chunk.id} has ${stored.size} bytes, not ${chunk.size}`);
    } else if (stored.isCold) await askBack(scope, chunk);
  }
  if (missing.length > 0) {
    // Asking for what would not be taken is in vain: the file waits, and its user is told.
    const full = await fullFor(scope.tx, scope.caller.tenant, missing);
    if (full !== null) return refused(node, 'quota', full);
    return { kind: 'missing-chunks', node, chunks: [...new Set(missing.map(({ id }) => id))] };
  }
  await scope.tx.addManifest(scope.caller.tenant, { id: wire.manifest, encoded: opened.encoded });
  return { kind: 'taken', content: contentOf(wire), encoded: opened.encoded };
}

function takeLink(node: NodeId, target: string): TakenContent | Refusal {
  if (target.includes('\0') || !target.isWellFormed()) {
    return refused(node, 'bad-request', 'the target of a link is not text');
  }
  return { kind: 'taken', content: { kind: 'symlink', target }, encoded: null };
}

/** Content of a retained version, to be put on top again; its chunks must still be there. */
export async function takeVersion(
  scope: Scope,
  node: NodeId,
  { version, encoded }: HeadRow,
): Promise<TakenContent | Refusal> {
  const { content } = version;
  if (content.kind === 'symlink') return { kind: 'taken', content, encoded: null };
  const stored = await scope.tx.manifest(scope.caller.tenant, content.manifest);
  const manifest = stored === null ? null : decodeManifest(stored.encoded);
  if (manifest === null || isInvalidManifest(manifest)) {
    return refused(node, 'unknown-version', 'its manifest is not readable');
  }
  for (const chunk of manifest.chunks) {
    const stored = await scope.tx.keepChunk(scope.caller.tenant, chunk.id);
    if (stored === null) return refused(node, 'unknown-version', 'its bytes are not kept any more');
    if (stored.isCold) await askBack(scope, chunk);
  }
  return { kind: 'taken', content, encoded };
}

/** What a head uses does not stay in the cold store: devices are about to ask for it. */
async function askBack({ tx, caller, effects }: Scope, { id }: ManifestChunk): Promise<void> {
  await tx.askThaw({ tenant: caller.tenant, id }, effects.now());
}
