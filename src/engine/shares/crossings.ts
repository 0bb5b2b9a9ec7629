/**
 * Moves from one namespace on this device into another: there it is a new file, here a deletion. The deletion waits until
 * the server has the new one, whatever happens in between: at worst there are two, never none.
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { decodeStamp } from '../state/stamps.ts';

/** What waits is asked again this often. */
const AGAIN_MS = 250;

export class Crossings {
  private readonly engines: () => readonly Engine[];
  /** Some of them do not run yet: what stands in them is not known. */
  private readonly isIncomplete: () => boolean;
  private readonly waiting = new Set<Engine>();
  private cancel: (() => void) | null = null;

  /** `engines`: all that run on this device now. */
  constructor(engines: () => readonly Engine[], isIncomplete: () => boolean) {
    this.engines = engines;
    this.isIncomplete = isIncomplete;
  }

  /** From now on its deletions wait for what was moved out of it. */
  join(engine: Engine): void {
    const others = () => this.engines().filter((each) => each !== engine && each.ready && !each.stopping);
    engine.crossings = {
      waitsFor: (node) => this.waitsFor(engine, others(), node),
      look: async () => {
        await Promise.all(others().map((each) => each.scanner.catchUpAlone()));
      },
    };
  }

  close(): void {
    this.cancel?.();
    this.waiting.clear();
  }

  private waitsFor(engine: Engine, others: readonly Engine[], node: NodeId): boolean {
    const isNew =
      this.isIncomplete() ||
      others.some((each) => each.scanner.firstScanPending || this.isNewIn(each, engine, node));
    if (!isNew) return false;
    this.waiting.add(engine);
    this.cancel ??= engine.parts.env.clock.after(AGAIN_MS, () => this.askAgain());
    return true;
  }

  private askAgain(): void {
    this.cancel = null;
    const engines = [...this.waiting].filter((each) => each.ready && !each.stopping);
    this.waiting.clear();
    for (const each of engines) each.context.onProgress();
  }

  /** Does the object of this node, or of one below it, stand in the other one, where the server does not have it yet? */
  private isNewIn(other: Engine, { state }: Engine, node: NodeId): boolean {
    const rows = [state.synced.get(node), ...state.synced.below(node)];
    return rows.some((row) => {
      const fileId = row === null || row.kind === 'folder' ? undefined : decodeStamp(row.stamp)?.fileId;
      if (fileId === undefined) return false;
      return other.state.local.byFile(fileId).some((each) => other.state.synced.get(each.node) === null);
    });
  }
}
