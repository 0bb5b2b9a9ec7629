/** From intents to claims: what is on this disk now, and what it was made from. */
import { encodeManifest } from '../../core/manifest/manifest.ts';
import {
  type ClaimIntent,
  type CreateIntent,
  claimedName,
  type DeleteIntent,
  type MoveIntent,
} from '../../core/planner/intents.ts';
import { samePlace } from '../../core/tree/nodes.ts';
import { toBase64 } from '../../protocol/base64.ts';
import type { Claim, WireContent } from '../../protocol/claims.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { UploadSource } from '../remote/server.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { decodeStamp } from '../state/stamps.ts';
import type { CachedContent } from './content-cache.ts';
import type { Context } from './context.ts';

type KeyedClaim = (key: number) => Claim;

/** A claim about to be made, with where its bytes come from. */
export interface Draft {
  readonly intent: ClaimIntent;
  readonly make: KeyedClaim;
  readonly source: Omit<UploadSource, 'key'> | null;
  /** Stamp of the file the claim is about; '' where there is none. */
  readonly stamp: string;
}

/**
 * Builds what an intent claims, or `null` when this disk shows something else by now (it is decided again). What the
 * intent was decided on is claimed as it was then: an older belief must not pass for a newer one.
 */
export function draftClaim(context: Context, intent: ClaimIntent): Draft | null {
  switch (intent.kind) {
    case 'create':
      return draftCreate(context, intent);
    case 'edit':
      return draftEdit(context, intent);
    default:
      return draftStructure(context, intent);
  }
}

function draftCreate(context: Context, intent: CreateIntent): Draft | null {
  const row = context.state.local.get(intent.node);
  if (!row || !samePlace(row, intent.at)) return null;
  const checkZombie = context.view.unionMerge && row.kind !== 'folder';
  const common = {
    op: 'create',
    ...baseOf(context, intent.node),
    parent: row.parent,
    name: claimedName(intent),
    mtimeNs: String(row.mtimeNs),
    checkZombie,
  } as const;
  if (row.kind === 'folder')
    return { intent, make: (key) => ({ ...common, key, content: null }), source: null, stamp: row.stamp };
  const content = contentOf(context, row);
  if (!content) return null;
  const from = context.crossings().cameFrom(row.fileId);
  return {
    intent,
    make: (key) => ({
      ...common,
      key,
      editedAt: editedAt(context, row.stamp),
      content: content.wire,
      ...(from === null ? {} : { from }),
    }),
    source: content.source,
    stamp: row.stamp,
  };
}

function draftEdit(context: Context, intent: ClaimIntent): Draft | null {
  const row = context.state.local.get(intent.node);
  const base = context.state.synced.get(intent.node)?.version;
  if (!row || !base) return null;
  const content = contentOf(context, row);
  if (!content) return null;
  const common = {
    op: 'edit',
    ...baseOf(context, intent.node),
    base,
    editedAt: editedAt(context, row.stamp),
    mtimeNs: String(row.mtimeNs),
    onStale: 'fork',
  } as const;
  return {
    intent,
    make: (key) => ({ ...common, key, content: content.wire }),
    source: content.source,
    stamp: row.stamp,
  };
}

function draftStructure(
  context: Context,
  intent: MoveIntent | DeleteIntent | Extract<ClaimIntent, { kind: 'rearrange' }>,
): Draft | null {
  const base = baseOf(context, intent.node);
  const drafted = { intent, source: null, stamp: '' } as const;
  if (intent.kind === 'rearrange') {
    const steps = intent.steps.map((step) => stepFor(context, step)).filter((step) => step !== null);
    if (steps.length < intent.steps.length) return null;
    return { ...drafted, make: (key) => ({ op: 'rearrange', ...base, key, steps }) };
  }
  const step = stepFor(context, intent);
  if (step === null) return null;
  if (step.op === 'move') return { ...drafted, make: (key) => ({ ...base, ...step, key }) };
  const approved = context.state.reviews.isApproved(intent.node, 'delete');
  const isSettled = approved || isMovedAcross(context, intent);
  return { ...drafted, make: (key) => ({ ...base, ...step, approved: isSettled, key }) };
}

/**
 * When this content came to stand here. A device that was off or away says by it that its edit is late, and was no edit at
 * the same time as others. A change time that is none, or is yet to come, is not believed.
 */
function editedAt({ env }: Context, stamp: string): number {
  const now = Math.floor(env.clock.now());
  const changed = Number((decodeStamp(stamp)?.ctimeNs ?? 0n) / 1_000_000n);
  return changed > 0 && changed <= now ? changed : now;
}

function baseOf(context: Context, node: NodeId) {
  return {
    node,
    editedAt: Math.floor(context.env.clock.now()),
    unanswered: context.state.claims.abandonedKeys(node),
  };
}

/** All of it stands in another namespace of this user's: nobody is asked whether it was meant to be deleted. */
function isMovedAcross(context: Context, intent: MoveIntent | DeleteIntent): boolean {
  if (intent.kind !== 'delete' || intent.files === 0) return false;
  return context.crossings().filesAcross(intent.node) >= intent.files;
}

function stepFor(context: Context, intent: MoveIntent | DeleteIntent) {
  const { state } = context;
  const { node, entryRev: baseEntryRev } = intent;
  const row = state.local.get(node);
  if (intent.kind === 'move')
    return row && samePlace(row, intent.at)
      ? ({ op: 'move', node, baseEntryRev, ...intent.at } as const)
      : null;
  const synced = state.synced.get(node);
  if (!synced || row) return null;
  return {
    op: 'delete',
    node,
    base: synced.kind === 'folder' ? null : synced.version,
    baseEntryRev,
    observedSeq: intent.observedSeq,
    unapplied: intent.unapplied.slice(),
    successor: state.successorOf(node),
  } as const;
}

function contentOf(
  context: Context,
  row: ObservedNode,
): { wire: WireContent; source: Omit<UploadSource, 'key'> | null } | null {
  const content = row.content;
  if (!content) return null;
  if (content.kind === 'symlink') return { wire: { kind: 'symlink', target: content.target }, source: null };
  const cached = readContent(context, row);
  const path = context.state.pathOf(row.node);
  const stamp = stampOf(row);
  if (!cached || path === null || !stamp) {
    // The manifest is not at hand any more: the file is read again.
    context.state.local.unhash(row.node);
    return null;
  }
  const encoded = toBase64(encodeManifest(cached.manifest));
  return {
    wire: {
      kind: 'file',
      manifest: content.manifest,
      size: content.size,
      executable: content.executable,
      encoded,
    },
    source: {
      path,
      stamp,
      manifest: cached.manifest,
      bytes: cached.bytes,
      signature: signatureOf(context, row),
    },
  };
}

function readContent(context: Context, row: ObservedNode): CachedContent | null {
  const cached = context.contents.get(row.node, row.stamp);
  if (cached) return cached;
  if (row.content?.kind !== 'file') return null;
  const manifest = context.state.manifests.get(row.content.manifest);
  return manifest ? { stamp: row.stamp, manifest, bytes: null } : null;
}

/** Signature of what the server has of this file already: the synced version's. */
function signatureOf(context: Context, row: ObservedNode): Uint8Array | null {
  const synced = context.state.synced.get(row.node)?.content;
  return synced?.kind === 'file' && row.size > 0 ? context.state.manifests.signature(synced.manifest) : null;
}

function stampOf(row: ObservedNode): Stamp | null {
  const parts = decodeStamp(row.stamp);
  if (!parts) return null;
  return {
    kind: 'file',
    ...parts,
    fileId: parts.fileId as Stamp['fileId'],
    trusted: true,
    device: '',
    links: 1,
  };
}
