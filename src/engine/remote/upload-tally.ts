/** How far the files of one batch are on their way up, told by the chunks that the server has of them. */
import type { ChunkId, NodeId } from '../../protocol/ids.ts';
import type { UploadItem } from './server.ts';
import type { TransferMeter } from './transfer-meter.ts';

export class UploadTally {
  private readonly meter: TransferMeter;
  private readonly nodes: readonly NodeId[];
  /** Chunks that are not known to be there yet, with the files they are part of. */
  private readonly open = new Map<ChunkId, { readonly node: NodeId; readonly size: number }[]>();

  constructor(meter: TransferMeter, items: readonly UploadItem[]) {
    this.meter = meter;
    const nodes: NodeId[] = [];
    for (const { claim, source } of items) {
      if (source === null) continue;
      nodes.push(claim.node);
      meter.begin(claim.node, 'up', source.manifest.size);
      for (const { id, size } of source.manifest.chunks) {
        const part = { node: claim.node, size };
        const parts = this.open.get(id);
        if (parts) parts.push(part);
        else this.open.set(id, [part]);
      }
    }
    this.nodes = nodes;
  }

  /** The server lacks only these. */
  lacks(missing: ReadonlySet<ChunkId>): void {
    this.there([...this.open.keys()].filter((id) => !missing.has(id)));
  }

  there(ids: Iterable<ChunkId>): void {
    for (const id of ids) {
      for (const { node, size } of this.open.get(id) ?? []) this.meter.add(node, 'up', size);
      this.open.delete(id);
    }
  }

  end(): void {
    for (const node of this.nodes) this.meter.end(node, 'up');
  }
}
