/**
 * Claims whose answers never came (a kill, a lost reply): asked for again under their keys, before anything new is
 * planned for their nodes. A claim that had been committed is answered as it was then (RULES 5).
 */
import type { Claim } from '../../protocol/claims.ts';
import type { Stamp } from '../environment/disk.ts';
import type { UploadItem } from '../remote/server.ts';
import { decodeStamp } from '../state/stamps.ts';
import type { Context } from './context.ts';
import { deliver, type SentClaim } from './upload-lane.ts';

const BATCH = 500;

export async function resendUnanswered(context: Context): Promise<void> {
  const { claims: table } = context.state;
  const claims = table.unanswered().filter((claim) => !table.delivering.has(claim.key));
  for (let i = 0; i < claims.length && !context.stopped(); i += BATCH)
    await resend(context, claims.slice(i, i + BATCH));
}

async function resend(context: Context, claims: readonly Claim[]): Promise<void> {
  const items = claims.map((claim): UploadItem => ({ claim, source: sourceOf(context, claim) }));
  const sent = claims.map((claim): SentClaim => ({ claim, stamp: stampOf(context, claim) }));
  const nodes = claims.map((claim) => claim.node);
  context.operations.holdBack(nodes);
  try {
    await deliver(context, items, sent);
  } finally {
    context.operations.letDecide(nodes);
  }
}

/** The file's stamp, if it still has the content that was claimed; otherwise it has to be compared again. */
function stampOf(context: Context, claim: Claim): string {
  const row = context.state.local.get(claim.node);
  if (!row || (claim.op !== 'create' && claim.op !== 'edit')) return '';
  if (claim.content === null) return row.stamp;
  if (claim.content.kind === 'symlink')
    return row.content?.kind === 'symlink' && row.content.target === claim.content.target ? row.stamp : '';
  return row.content?.kind === 'file' && row.content.manifest === claim.content.manifest ? row.stamp : '';
}

function sourceOf(context: Context, claim: Claim): UploadItem['source'] {
  if ((claim.op !== 'create' && claim.op !== 'edit') || claim.content?.kind !== 'file') return null;
  const row = context.state.local.get(claim.node);
  const path = context.state.pathOf(claim.node);
  if (
    !row ||
    path === null ||
    row.content?.kind !== 'file' ||
    row.content.manifest !== claim.content.manifest
  )
    return null;
  const manifest =
    context.contents.get(row.node, row.stamp)?.manifest ?? context.state.manifests.get(row.content.manifest);
  const parts = decodeStamp(row.stamp);
  if (!manifest || !parts) return null;
  const stamp: Stamp = {
    kind: 'file',
    ...parts,
    fileId: parts.fileId as Stamp['fileId'],
    trusted: true,
    device: '',
    links: 1,
  };
  return { key: claim.key, path, stamp, manifest, bytes: null, signature: null };
}
