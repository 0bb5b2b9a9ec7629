/** "Read this": settled files are read, chunked and hashed; links are read. The result is a fact of the local tree. */
import { encodeManifest } from '../../core/manifest/manifest.ts';
import type { ContentIntent } from '../../core/planner/intents.ts';
import { sameContent } from '../../protocol/content.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { DiskFailure, DiskOutcome, Stamp } from '../environment/disk.ts';
import { type Fingerprint, SMALL_FILE } from '../environment/hashing.ts';
import { reportDiskTrouble } from '../local/disk-problems.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { decodeStamp, encodeStamp } from '../state/stamps.ts';
import { Lane } from './lane.ts';
import { noteUnflushed } from './unflushed-files.ts';
import { judgeUnseen } from './unseen-after-cut.ts';

/** A file is taken up once it has rested this long. */
export const SETTLE_MS = 50;
/** Where times count whole seconds (FAT: every other one), a second save may leave the very same stamp. */
const COARSE_SETTLE_MS = 2000;
const SECOND = 1_000_000_000n;
/** One that never rests is tried this often, and taken when its hash is stable. */
const IMPATIENT_MS = 2000;
/** Files at least this large get a signature, so that later edits travel as deltas. */
const SIGNED_SIZE = 256 * 1024;

interface Item {
  readonly row: ObservedNode;
  readonly path: string;
}

export class HashLane extends Lane<ContentIntent> {
  protected readonly capacity = 8 * 1024 * 1024;
  protected readonly most = 512;
  /** When each restless file was first wanted. */
  private readonly restless = new Map<string, number>();

  protected weigh(intent: ContentIntent): number {
    return this.context.state.local.get(intent.node)?.size ?? 0;
  }

  /** Small contents wait in memory for their upload: reading runs ahead only so far. */
  protected override ready(): boolean {
    return !this.context.contents.full || !this.context.uploading();
  }

  protected async run(batch: readonly ContentIntent[]): Promise<void> {
    const files: Item[] = [];
    const links: Item[] = [];
    const nodes = batch.map(({ node }) => node);
    const unjudged = await judgeUnseen(this.context, nodes);
    for (const node of nodes) {
      const row = this.context.state.local.get(node);
      const path = this.context.state.pathOf(node);
      if (!row) continue;
      const failure = unjudged.get(node);
      if (path === null || failure === null) {
        // It, or a folder above it, is parked, soon it is not; or the folder is not ours.
        this.context.operations.defer(node);
        continue;
      }
      if (failure) {
        this.failed({ row, path }, failure);
        continue;
      }
      const wait = this.unsettledFor(row);
      if (wait > 0) this.later(row, wait);
      else if (row.kind === 'file' && row.size > LIMITS.fileBytes) this.tooLarge(row, path);
      else if (row.kind === 'symlink') links.push({ row, path });
      else files.push({ row, path });
    }
    await Promise.all([this.readFiles(files), ...links.map((each) => this.readLink(each))]);
  }

  /** Not even read (a sparse file costs its owner nothing): it waits, told by name, until it changes. */
  private tooLarge({ node }: ObservedNode, path: string): void {
    const { state, env } = this.context;
    state.transaction(() => {
      state.local.setCondition(node, 'unseen');
      const since = env.clock.now();
      state.problems.put({ subject: node, node, path, code: 'file-too-large', facts: {}, since });
    });
  }

  /** Milliseconds until the file counts as settled; 0 when it does, or when its clock is not to be believed. */
  private unsettledFor(row: ObservedNode): number {
    const parts = decodeStamp(row.stamp);
    if (!parts || row.kind === 'symlink') return 0;
    const now = this.context.env.clock.now();
    const youngest = Math.max(Number(parts.mtimeNs / 1_000_000n), Number(parts.ctimeNs / 1_000_000n));
    const isCoarse = parts.mtimeNs % SECOND === 0n && parts.ctimeNs % SECOND === 0n;
    const settle = isCoarse ? COARSE_SETTLE_MS : SETTLE_MS;
    const rest = settle - (now - youngest);
    if (rest <= 0 || rest > settle) {
      this.restless.delete(row.node);
      return 0;
    }
    const since = this.restless.get(row.node);
    const monotonic = this.context.env.clock.monotonic();
    if (since === undefined) this.restless.set(row.node, monotonic);
    else if (monotonic - since >= Math.max(IMPATIENT_MS, settle)) {
      this.restless.delete(row.node);
      return 0;
    }
    return rest;
  }

  /** Looked at and decided about again, but not at once: what it waits for takes its time, too. */
  private later(row: ObservedNode, ms: number): void {
    this.context.env.clock.after(Math.max(5, ms), () => {
      this.context.scanner.lookAt(row.parent, row.name);
      this.context.state.frontier.add(row.node);
    });
    this.context.operations.deferFor(row.node, ms);
  }

  private async readFiles(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    const results = await this.context.env.hashing.fingerprint(
      items.map(({ path, row }) => ({ path, size: row.size, wantSignature: row.size >= SIGNED_SIZE })),
    );
    await this.flushAgreed(items, results);
    this.context.state.transaction(() => {
      items.forEach((item, i) => {
        const result = results[i];
        if (result) this.take(item, result);
      });
    });
  }

  /**
   * Written anew with what both sides have already: nothing is sent, so nothing else flushes it. It is before its stamp is
   * agreed on, or a power cut tears the bytes under a stamp that is believed (RULES 20).
   */
  private async flushAgreed(
    items: readonly Item[],
    results: readonly DiskOutcome<Fingerprint>[],
  ): Promise<void> {
    const { state, env } = this.context;
    const paths = items.flatMap(({ row, path }, i) => {
      const result = results[i];
      if (result?.kind !== 'fingerprint') return [];
      const sides = [state.synced.get(row.node)?.content, state.remote.get(row.node)?.head?.content];
      const isAgreed = sides.some((side) => side?.kind === 'file' && side.manifest === result.manifestId);
      return isAgreed ? [path] : [];
    });
    if (paths.length === 0) return;
    const flushed = await env.disk.flushFiles(paths);
    if (flushed.kind !== 'failed' || flushed.trouble === 'gone') return;
    noteUnflushed(
      this.context,
      items.filter(({ path }) => paths.includes(path)).map(({ row }) => row.node),
    );
    env.log('warn', 'files could not be made durable', { detail: flushed.detail });
  }

  private take(item: Item, result: DiskOutcome<Fingerprint>): void {
    if (result.kind === 'failed') {
      this.failed(item, result);
      return;
    }
    const row = this.unchanged(item, result.stamp);
    if (!row) return;
    const { state, contents, operations } = this.context;
    const size = result.manifest.size;
    const content = {
      kind: 'file',
      manifest: result.manifestId,
      size,
      executable: this.isExecutable(row, result.stamp),
    } as const;
    state.local.put(row.node, row.parent, row.name, result.stamp, content, { entropy: result.entropy });
    const synced = state.synced.get(row.node);
    // What was only lent to a copy is an edit again as soon as the copy has it no more.
    if (synced?.lent || !sameContent(content, synced?.content ?? null))
      contents.put(row.node, {
        stamp: encodeStamp(result.stamp),
        manifest: result.manifest,
        bytes: result.bytes,
      });
    if (size > SMALL_FILE)
      state.manifests.put(
        result.manifestId,
        encodeManifest(result.manifest),
        result.signature,
        this.context.env.clock.now(),
      );
    operations.succeed(row.node);
    if (state.problems.count() > 0) state.problems.clear(row.node);
  }

  private isExecutable(row: ObservedNode, stamp: Stamp): boolean {
    if (this.context.keepsExecutableBits) return stamp.executable;
    const agreed = this.context.state.synced.get(row.node)?.content;
    return agreed?.kind === 'file' && agreed.executable;
  }

  /** The row, if the object read is still the one the row is about; otherwise its name is looked at again. */
  private unchanged(item: Item, stamp: Stamp): ObservedNode | null {
    const row = this.context.state.local.get(item.row.node);
    if (
      row &&
      row.fileId === stamp.fileId &&
      row.parent === item.row.parent &&
      row.name === item.row.name &&
      !row.parked
    )
      return row;
    this.later(item.row, SETTLE_MS);
    return null;
  }

  private failed(item: Item, failure: DiskFailure): void {
    const { state, operations, scanner, env } = this.context;
    const { row, path } = item;
    switch (failure.trouble) {
      case 'gone':
      case 'not-folder':
        this.later(row, SETTLE_MS);
        return;
      case 'busy':
        operations.defer(row.node);
        scanner.lookAt(row.parent, row.name);
        return;
      default:
        state.local.setCondition(row.node, 'unseen');
        reportDiskTrouble(state, row.node, path, failure, env.clock.now());
        env.clock.after(5000, () => scanner.lookAt(row.parent, row.name));
    }
  }

  private async readLink(item: Item): Promise<void> {
    const read = await this.context.env.disk.readLink(item.path);
    this.context.state.transaction(() => {
      if (read.kind === 'failed') {
        this.failed(item, read);
        return;
      }
      const row = this.unchanged(item, read.stamp);
      if (row)
        this.context.state.local.put(row.node, row.parent, row.name, read.stamp, {
          kind: 'symlink',
          target: read.target,
        });
    });
  }
}
