/** Local files whose bytes a download may reuse: the old content of the node first, then any equal content on this disk. */
import type { ManifestId, NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { DownloadItem } from '../remote/server.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { decodeStamp } from '../state/stamps.ts';
import type { Context } from './context.ts';

/** Below this a fetch is as cheap as a copy. */
const WORTH_COPYING = 256 * 1024;

export function reusable(
  context: Context,
  node: NodeId,
  manifest: ManifestId,
  size: number,
): DownloadItem['reuse'] {
  if (size < WORTH_COPYING) return [];
  const own = context.state.local.get(node);
  const rows = [...(own ? [own] : []), ...context.state.local.withManifest(manifest)];
  return rows.flatMap((row) => source(context, row) ?? []);
}

function source(context: Context, row: ObservedNode): DownloadItem['reuse'][number] | null {
  const path = context.state.pathOf(row.node);
  const parts = decodeStamp(row.stamp);
  const known = row.content?.kind === 'file' ? context.state.manifests.get(row.content.manifest) : null;
  if (path === null || !parts || !known) return null;
  const stamp: Stamp = {
    kind: 'file',
    ...parts,
    fileId: parts.fileId as Stamp['fileId'],
    trusted: true,
    device: '',
    links: 1,
  };
  return { path, stamp, manifest: known };
}
