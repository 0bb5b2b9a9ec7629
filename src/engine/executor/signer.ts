/**
 * Signatures of large files that came down: made while nothing else is to be done, so that the first edit here can
 * travel as a delta too. A file without one is sent whole (RULES 28).
 */
import type { NodeId } from '../../protocol/ids.ts';
import { encodeStamp } from '../state/stamps.ts';
import type { Context } from './context.ts';

export class Signer {
  private readonly context: Context;
  private readonly idle: () => boolean;
  private readonly queue = new Set<NodeId>();
  private running = false;
  private working: Promise<void> = Promise.resolve();

  constructor(context: Context, idle: () => boolean) {
    this.context = context;
    this.idle = idle;
  }

  add(node: NodeId): void {
    this.queue.add(node);
  }

  /** Goes on with the queue if everything is in step; called whenever something was done. */
  pump(): void {
    if (this.running || this.queue.size === 0 || !this.idle()) return;
    const [node] = this.queue;
    if (node === undefined) return;
    this.queue.delete(node);
    this.running = true;
    this.working = this.sign(node).finally(() => {
      this.running = false;
      this.context.onProgress();
    });
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.queue.clear();
    await this.working;
  }

  private async sign(node: NodeId): Promise<void> {
    const { state, env } = this.context;
    const row = state.local.get(node);
    const path = state.pathOf(node);
    if (path === null || row?.content?.kind !== 'file' || state.manifests.signature(row.content.manifest))
      return;
    const [print] = await env.hashing.fingerprint([{ path, size: row.size, wantSignature: true }]);
    if (print?.kind !== 'fingerprint' || encodeStamp(print.stamp) !== row.stamp || !print.signature) return;
    state.manifests.sign(print.manifestId, print.signature);
  }
}
