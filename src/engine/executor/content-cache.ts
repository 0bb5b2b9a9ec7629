/** Fingerprints between hashing and upload: manifests, and the bytes of small files, within a byte budget. */
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { NodeId } from '../../protocol/ids.ts';

const BUDGET = 32 * 1024 * 1024;

export interface CachedContent {
  /** The stamp the content was read under. */
  readonly stamp: string;
  readonly manifest: Manifest;
  readonly bytes: Uint8Array | null;
}

export class ContentCache {
  private readonly entries = new Map<NodeId, CachedContent>();
  private size = 0;

  put(node: NodeId, content: CachedContent): void {
    this.drop(node);
    this.entries.set(node, content);
    this.size += weight(content);
    for (const oldest of this.entries.keys()) {
      if (this.size <= BUDGET) break;
      this.drop(oldest);
    }
  }

  /** What was read under exactly this stamp. */
  get(node: NodeId, stamp: string): CachedContent | null {
    const entry = this.entries.get(node);
    return entry?.stamp === stamp ? entry : null;
  }

  drop(node: NodeId): void {
    const entry = this.entries.get(node);
    if (!entry) return;
    this.entries.delete(node);
    this.size -= weight(entry);
  }

  get full(): boolean {
    return this.size > BUDGET / 2;
  }
}

function weight(content: CachedContent): number {
  return 300 + content.manifest.chunks.length * 120 + (content.bytes?.length ?? 0);
}
