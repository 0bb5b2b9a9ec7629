/**
 * Moves from one namespace on this device into another: there it is a new file, here a deletion. The deletion waits until
 * the server has the new one, whatever happens in between: at worst there are two, never none.
 */
import { sameContent } from '../../protocol/content.ts';
import type { Crossing } from '../../protocol/crossings.ts';
import type { NamespaceId, NodeId } from '../../protocol/ids.ts';
import type { CrossingWaits } from '../elsewhere.ts';
import type { Engine } from '../engine.ts';
import { decodeStamp } from '../state/stamps.ts';

/** What waits is asked again this often. */
const AGAIN_MS = 250;

export class Crossings {
  private readonly engines: () => readonly Engine[];
  /** Some of them do not run yet: what stands in them is not known. */
  private readonly isIncomplete: () => boolean;
  private readonly waiting = new Set<Engine>();
  /** Deletions of what stands where its user may only look. */
  private readonly held = new WeakMap<Engine, Set<NodeId>>();
  private readonly gone = new WeakMap<
    Engine,
    { readonly writes: number; readonly files: ReadonlyMap<string, NodeId> }
  >();
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
      filesAcross: (node) => this.filesAcross(engine, others(), node),
      cameFrom: (fileId) => this.cameFrom(others(), fileId),
      whereIs: (namespace, node) => this.whereIs(namespace, node),
      look: async () => {
        // With its root proven: where another disk shows over it, what was moved there cannot be seen.
        const all = others().map((each) => each.scanner.catchUpAlone().then(() => each.context.rootIsOurs()));
        await Promise.all(all);
      },
    };
  }

  close(): void {
    this.cancel?.();
    this.waiting.clear();
  }

  private waitsFor(
    engine: Engine,
    others: readonly Engine[],
    node: NodeId,
  ): ReturnType<CrossingWaits['waitsFor']> {
    const newIn = others.filter((each) => this.isNewIn(each, engine, node));
    const isSoon =
      this.isIncomplete() ||
      others.some((each) => each.scanner.firstScanPending) ||
      newIn.some((each) => each.mayWrite);
    if (!isSoon && newIn.length === 0) return 'nothing';
    if (!isSoon) {
      this.held.set(engine, (this.held.get(engine) ?? new Set()).add(node));
      return 'role';
    }
    this.waiting.add(engine);
    this.cancel ??= engine.parts.env.clock.after(AGAIN_MS, () => this.askAgain());
    return 'upload';
  }

  /** Something happened in one of them: what is held may have got its way, or need none any more. */
  lookAtHeld(): void {
    for (const engine of this.engines()) {
      const nodes = this.held.get(engine);
      if (nodes === undefined) continue;
      const others = this.engines().filter((each) => each !== engine && each.ready && !each.stopping);
      const isStill = (node: NodeId): boolean =>
        others.some((each) => !each.mayWrite && this.isNewIn(each, engine, node));
      const freed = [...nodes].filter((node) => !isStill(node));
      for (const node of freed) {
        nodes.delete(node);
        engine.state.frontier.add(node);
      }
      if (freed.length > 0) engine.context.onProgress();
    }
  }

  private filesAcross(engine: Engine, others: readonly Engine[], node: NodeId): number {
    if (others.length === 0) return 0;
    return objectsOf(engine, node).filter((fileId) =>
      others.some((each) => each.state.local.byFile(fileId).length > 0),
    ).length;
  }

  private cameFrom(others: readonly Engine[], fileId: string): Crossing | null {
    for (const each of others) {
      const { state, parts } = each;
      const nodes = state.local.byFile(fileId).map((row) => row.node);
      const gone = this.goneFrom(each).get(fileId);
      for (const node of gone === undefined ? nodes : [...nodes, gone]) {
        const synced = state.synced.get(node);
        if (synced !== null && synced.kind !== 'folder' && synced.version !== null)
          return { namespace: parts.account.namespace, version: synced.version };
      }
    }
    return null;
  }

  /** Files that are not on the disk any more and that the server still has there, by their objects. */
  private goneFrom(engine: Engine): ReadonlyMap<string, NodeId> {
    const { frontier, local, synced } = engine.state;
    const known = this.gone.get(engine);
    if (known?.writes === frontier.writes) return known.files;
    const files = new Map<string, NodeId>();
    for (const node of frontier.nodes()) {
      const row = local.get(node) === null ? synced.get(node) : null;
      for (const each of row === null ? [] : [row, ...(row.kind === 'folder' ? synced.below(node) : [])]) {
        const fileId = each.kind === 'folder' ? undefined : decodeStamp(each.stamp)?.fileId;
        if (fileId !== undefined) files.set(fileId, each.node);
      }
    }
    this.gone.set(engine, { writes: frontier.writes, files });
    return files;
  }

  private whereIs(namespace: NamespaceId, node: NodeId): ReturnType<CrossingWaits['whereIs']> {
    const [main, ...shares] = this.engines();
    const own = main?.parts.account.namespace === namespace;
    const engine = own ? main : shares.find(({ parts }) => parts.account.namespace === namespace);
    const below = engine?.state.remote.get(node)?.live ? engine.state.remotePathOf(node) : null;
    return {
      share: own ? null : namespace,
      path: engine === undefined || below === null ? null : engine.shown(below),
    };
  }

  private askAgain(): void {
    this.cancel = null;
    const engines = [...this.waiting].filter((each) => each.ready && !each.stopping);
    this.waiting.clear();
    for (const each of engines) each.context.onProgress();
  }

  /** Does the object of this node, or of one below it, stand in the other one, where the server does not have it yet? */
  private isNewIn({ state }: Engine, engine: Engine, node: NodeId): boolean {
    return objectsOf(engine, node).some((fileId) =>
      state.local.byFile(fileId).some((each) => {
        const synced = state.synced.get(each.node);
        // Moved over a file that was there, or back with an edit: the server has the one from before still.
        return synced === null || !sameContent(each.content, synced.content);
      }),
    );
  }
}

/** The objects that were agreed on as the files of this node and below it. */
function objectsOf({ state }: Engine, node: NodeId): readonly string[] {
  return [state.synced.get(node), ...state.synced.below(node)].flatMap((row) => {
    const fileId = row === null || row.kind === 'folder' ? undefined : decodeStamp(row.stamp)?.fileId;
    return fileId ?? [];
  });
}
