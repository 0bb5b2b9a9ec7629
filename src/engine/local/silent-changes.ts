/**
 * The slow verify: every file is read again over some weeks. Bytes that changed although the stamp did not are either
 * rot or a write that no stamp shows; they are reported, never uploaded over a good history without being asked.
 */
import { sameContent } from '../../protocol/content.ts';
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Context } from '../executor/context.ts';
import { encodeStamp } from '../state/stamps.ts';

/** A minute's share: the whole of 100,000 files in about five weeks, and no more bytes than this on average. */
const FILES = 2;
const BYTES = 64 * 1024 * 1024;

export class SilentChanges {
  private readonly context: Context;
  private readonly next;
  /** Bytes that were read beyond the share: so many minutes nothing is read. */
  private owed = 0;

  constructor(context: Context) {
    this.context = context;
    this.next = context.state.db.prepare<[string, number], { node: string }>(
      "SELECT node FROM local WHERE kind = 'file' AND hashed = 1 AND condition = 'seen' AND node > ? ORDER BY node LIMIT ?",
    );
  }

  /** Verifies the next few files after where the last call stopped; begins anew at the end. */
  async verifySome(): Promise<void> {
    this.owed = Math.max(0, this.owed - BYTES);
    if (this.owed > 0) return;
    const { meta } = this.context.state;
    const rows = this.next.all(meta.get('verified-up-to') ?? '', FILES);
    const last = rows.at(-1);
    meta.set('verified-up-to', last?.node ?? '');
    for (const row of rows) await this.verify(parseNodeId(row.node));
  }

  private async verify(node: NodeId): Promise<void> {
    const { state, env } = this.context;
    const row = state.local.get(node);
    const path = state.pathOf(node);
    if (!row || path === null) return;
    this.owed += row.size;
    const [print] = await env.hashing.fingerprint([{ path, size: row.size, wantSignature: false }]);
    if (print?.kind !== 'fingerprint' || encodeStamp(print.stamp) !== row.stamp) return;
    if (row.content?.kind !== 'file') return;
    const content = {
      kind: 'file',
      manifest: print.manifestId,
      size: print.manifest.size,
      // Where the disk keeps no such bits they are what was agreed on, and no stamp tells them.
      executable: this.context.keepsExecutableBits ? print.stamp.executable : row.content.executable,
    } as const;
    if (sameContent(content, row.content)) return;
    state.problems.put({
      subject: `silent:${node}`,
      node,
      path,
      code: 'silent-change',
      facts: {},
      since: env.clock.now(),
    });
    this.context.record(node, 'problem', 'the bytes changed although the stamp did not');
  }
}
