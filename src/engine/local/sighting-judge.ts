/**
 * What was seen becomes rows, unless we were at work on it meanwhile, or its folder has become another node since: looks
 * take time, and the tree goes on (RULES 19).
 */
import { foldKey } from '../../core/names/fold.ts';
import { type NodeId, parseNodeId, ROOT_NODE, uuidV7 } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import { type Operations, slotKey } from '../executor/operations.ts';
import { isDisplaced, type ObservedNode } from '../state/local-tree.ts';
import { encodeStamp, isOnlyName } from '../state/stamps.ts';
import type { State } from '../state/state.ts';
import type { GoneNodes } from './gone-nodes.ts';
import { type OldName, recordSightings, type Sighting } from './sightings.ts';

/** What a judgement asks for. */
interface JudgeEffects {
  readonly lookAt: (parent: NodeId, name: string) => void;
  readonly listFolder: (node: NodeId) => void;
  readonly lookFor: (node: NodeId) => void;
  readonly isSettledMove: (row: ObservedNode, sighting: Sighting) => boolean;
}

/** Of objects that were seen at a name and are known under another. */
interface WhereTheyWere {
  /** The nodes that an object is known as. */
  readonly byFile: ReadonlyMap<string, readonly NodeId[]>;
  /** The object that stands at a node's name now. */
  readonly found: ReadonlyMap<NodeId, Stamp>;
  /** Nodes whose names could not be looked at: what stands there is not known, and not gone either. */
  readonly unobserved: ReadonlySet<NodeId>;
}

export class SightingJudge {
  private readonly env: Environment;
  private readonly state: State;
  private readonly operations: Operations;
  private readonly effects: JudgeEffects;
  private readonly gone: GoneNodes;
  /** Names whose sighting was dropped because we were at work on them. */
  private readonly dropped = new Map<string, { parent: NodeId; name: string }>();
  foldsCase = false;

  constructor(
    env: Environment,
    state: State,
    operations: Operations,
    gone: GoneNodes,
    effects: JudgeEffects,
  ) {
    this.gone = gone;
    this.env = env;
    this.state = state;
    this.operations = operations;
    this.effects = effects;
  }

  /** Names that are looked at again as soon as we let go of them. */
  get waiting(): number {
    return this.dropped.size;
  }

  touched(parent: NodeId, name: string, node: NodeId | null, moment: number): boolean {
    return (
      this.operations.wasTouched(slotKey(parent, name), moment) ||
      (node !== null && this.operations.wasTouched(node, moment))
    );
  }

  /** What was seen does not count: it is looked at again, at once or when we let go of it. */
  drop(parent: NodeId, name: string, nodes: readonly NodeId[]): void {
    const slot = slotKey(parent, name);
    if (this.operations.isTouching([slot, ...nodes])) this.dropped.set(slot, { parent, name });
    else this.effects.lookAt(parent, name);
  }

  retryDropped(): void {
    if (this.dropped.size === 0) return;
    const names = [...this.dropped.values()];
    this.dropped.clear();
    for (const { parent, name } of names) this.effects.lookAt(parent, name);
  }

  /** `known`: the rows of the folder by name, when all that was seen is of one folder. */
  async judge(
    all: readonly Sighting[],
    moment: number,
    known: ReadonlyMap<string, ObservedNode> | null = null,
  ): Promise<void> {
    const sightings = all.filter((each) => !this.isAsKnown(each, known));
    if (sightings.length === 0) return;
    const elsewhere = await this.lookWhereTheyWere(sightings);
    const seenIds = new Map<string, string>();
    for (const each of all) seenIds.set(each.stamp.fileId, slotKey(each.parent, each.name));
    this.state.transaction(() => {
      const usable = this.inTheirFolders(sightings).filter((each) => {
        const row = this.state.local.at(each.parent, each.name);
        const other = elsewhere.byFile.get(each.stamp.fileId);
        const touched =
          this.touched(each.parent, each.name, row?.node ?? null, moment) ||
          (other?.some((node) => this.operations.wasTouched(node, moment)) ?? false);
        if (touched) this.drop(each.parent, each.name, [...(row ? [row.node] : []), ...(other ?? [])]);
        return !touched;
      });
      recordSightings(this.state, usable, {
        listFolder: (node) => this.effects.listFolder(node),
        oldName: (row, sighting) => this.oldNameOf(row, sighting, elsewhere),
        isSettledMove: (row, sighting) => this.effects.isSettledMove(row, sighting),
        lookFor: (node) => this.effects.lookFor(node),
        retaken: (row) => this.retaken(row, elsewhere.found.get(row.node)),
        aliveElsewhere: (row, known) => {
          const slot = seenIds.get(row.fileId);
          return (
            (slot !== undefined && slot !== slotKey(row.parent, row.name)) ||
            elsewhere.found.get(known.node)?.fileId === row.fileId ||
            elsewhere.unobserved.has(known.node)
          );
        },
        nodeOf: ({ stamp }, kind) =>
          this.gone.take(stamp, kind) ?? parseNodeId(uuidV7(this.env.clock.now(), this.env.random.bytes(10))),
      });
      // It changed: what failed before may work now.
      for (const { parent, name } of usable) {
        const row = this.operations.rests ? this.state.local.at(parent, name) : null;
        if (row) this.operations.undefer(row.node);
      }
    });
  }

  /** Nothing new: by far the most of what a full scan sees. */
  private isAsKnown(each: Sighting, known: ReadonlyMap<string, ObservedNode> | null): boolean {
    const { parent, name, stamp } = each;
    const row = known ? known.get(name) : this.state.local.at(this.state.local.current(parent), name);
    if (!row || each.excluded || row.condition !== 'seen') return false;
    if (row.fileId !== stamp.fileId || row.kind !== stamp.kind) return false;
    return row.kind === 'folder' || row.stamp === encodeStamp(stamp);
  }

  /** Folders may have become other nodes since, or are gone: then nothing in them is anything. */
  private inTheirFolders(sightings: readonly Sighting[]): readonly Sighting[] {
    const { local } = this.state;
    return sightings.flatMap((each) => {
      const parent = local.current(each.parent);
      if (parent !== ROOT_NODE && !local.get(parent)) return [];
      return parent === each.parent ? each : { ...each, parent };
    });
  }

  /** In one transaction with what its last object becomes: two nodes never are one object. */
  private retaken(row: ObservedNode, there: Stamp | undefined): void {
    const { node, parent, name, condition } = row;
    if (there?.kind === row.kind) this.state.local.put(node, parent, name, there, null, { condition });
    this.effects.lookAt(parent, name);
  }

  private oldNameOf(
    row: ObservedNode,
    sighting: Sighting,
    { found, unobserved }: Pick<WhereTheyWere, 'found' | 'unobserved'>,
  ): OldName {
    // Renamed by case alone: the old name still shows it.
    const sameKey = row.parent === sighting.parent && foldKey(row.name) === foldKey(sighting.name);
    if (this.foldsCase && sameKey) return 'known';
    if (unobserved.has(row.node)) return isOnlyName(sighting.stamp) ? 'unobserved' : 'same';
    const there = isDisplaced(row.name) ? null : (found.get(row.node)?.fileId ?? null);
    if (there === row.fileId) return 'same';
    if (there === null) return isDisplaced(row.name) ? 'known' : 'empty';
    return this.state.local.byFile(there).some((each) => each.node !== row.node) ? 'known' : 'newcomer';
  }

  /** For objects that are known under another name: what stands at that name now. */
  private async lookWhereTheyWere(sightings: readonly Sighting[]): Promise<WhereTheyWere> {
    const byFile = new Map<string, NodeId[]>();
    const rows: ObservedNode[] = [];
    for (const each of sightings) {
      for (const row of this.state.local.byFile(each.stamp.fileId)) {
        if (row.parent === each.parent && row.name === each.name) continue;
        byFile.set(each.stamp.fileId, [...(byFile.get(each.stamp.fileId) ?? []), row.node]);
        if (!isDisplaced(row.name)) rows.push(row);
      }
    }
    const found = new Map<NodeId, Stamp>();
    const unobserved = new Set<NodeId>();
    if (rows.length === 0) return { byFile, found, unobserved };
    const paths = rows.map((row) => this.state.pathOf(row.node));
    const looks = await this.env.disk.lookMany(paths.map((path) => path ?? ''));
    rows.forEach((row, i) => {
      const look = looks[i];
      if (paths[i] !== null && look?.kind === 'found') found.set(row.node, look.stamp);
      else if (look?.kind === 'failed' && look.trouble !== 'gone' && look.trouble !== 'not-folder')
        unobserved.add(row.node);
    });
    return { byFile, found, unobserved };
  }
}
