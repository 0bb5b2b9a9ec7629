/**
 * A lane takes planned intents of one kind and works on a few batches at once. An intent may have waited in its lane:
 * what it wants is decided again when its turn comes, so that it never acts on an old belief.
 */
import { decide } from '../../core/planner/decide.ts';
import type { Intent } from '../../core/planner/intents.ts';
import type { NodeId } from '../../protocol/ids.ts';
import { stateTrouble } from '../state/database.ts';
import type { Context } from './context.ts';
import type { Direction } from './operations.ts';

export abstract class Lane<I extends Intent> {
  protected readonly context: Context;
  private readonly queue = new Map<NodeId, I>();
  private readonly direction: Direction;
  private readonly width: number;
  private active = 0;

  constructor(context: Context, direction: Direction, width: number) {
    this.context = context;
    this.direction = direction;
    this.width = width;
  }

  /** Takes intents over: from here on their nodes are in flight. */
  enqueue(intents: readonly I[]): void {
    for (const intent of intents) {
      for (const node of this.nodesOf(intent)) this.context.operations.begin(node, this.direction);
      this.queue.set(intent.node, intent);
    }
    this.pump();
  }

  get idle(): boolean {
    return this.active === 0 && this.queue.size === 0;
  }

  get waiting(): number {
    return this.queue.size;
  }

  /** How much of what waits here is, by `weigh`; null when that would be much to look at. */
  waitingWeight(most: number): number | null {
    if (this.queue.size > most) return null;
    let weight = 0;
    for (const intent of this.queue.values()) weight += this.weigh(intent);
    return weight;
  }

  /** Starts batches while there is width; called again whenever something ends. */
  pump(): void {
    while (!this.context.stopped() && this.active < this.width && this.queue.size > 0 && this.ready()) {
      const batch = this.gather();
      if (batch.length === 0) continue;
      this.active += 1;
      this.run(batch)
        .catch((error: unknown) => this.crashed(batch, error))
        .finally(() => {
          this.active -= 1;
          for (const intent of batch) this.release(intent);
          this.context.onProgress();
          this.pump();
        });
    }
    if (this.context.stopped()) this.clear();
  }

  /** Drops what was not begun. */
  clear(): void {
    const intents = [...this.queue.values()];
    this.queue.clear();
    for (const intent of intents) this.release(intent);
  }

  /** Out of this lane: decided again. */
  protected release(intent: I): void {
    for (const node of this.nodesOf(intent)) this.context.operations.end(node);
  }

  /** All nodes that an intent decides about: none of them is planned meanwhile. */
  protected nodesOf(intent: I): readonly NodeId[] {
    return [intent.node];
  }

  /** May a batch be started now? */
  protected ready(): boolean {
    return true;
  }

  /** How much of a batch one intent is; a batch holds up to `capacity`. */
  protected abstract weigh(intent: I): number;
  protected abstract readonly capacity: number;
  protected abstract readonly most: number;
  /** What is behind an intent counts on it: if it is off, so are they. */
  protected readonly ordered: boolean = false;
  protected abstract run(batch: readonly I[]): Promise<void>;

  private gather(): readonly I[] {
    const batch: I[] = [];
    let weight = 0;
    for (const [node, intent] of this.queue) {
      const next = this.weigh(intent);
      if (batch.length > 0 && (weight + next > this.capacity || batch.length >= this.most)) break;
      this.queue.delete(node);
      if (!this.stillWanted(intent)) {
        this.release(intent);
        if (this.ordered) this.clear();
        continue;
      }
      batch.push(intent);
      weight += next;
    }
    return batch;
  }

  /** If anything of the node changed while it waited, it is decided afresh, as if it were not in this lane. */
  protected stillWanted(intent: I): boolean {
    if (!this.context.operations.wasChanged(intent.node)) return true;
    const now = this.context.operations.asIfIdle(intent.node, () => decide(this.context.view, intent.node));
    return now.kind === intent.kind;
  }

  private crashed(batch: readonly I[], error: unknown): void {
    // Nothing can be remembered any more: this ends the engine's work, not only this batch.
    if (stateTrouble(error) !== null) throw error;
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.context.env.log('error', 'an operation failed unexpectedly', {
      kind: batch[0]?.kind,
      nodes: batch.length,
      detail,
    });
    for (const intent of batch) this.context.operations.defer(intent.node);
  }
}
