/** What an entry of a folder is to us: a sighting, a stranger, or nothing; and what it is where a known name is not there. */
import { pathIn } from '../../core/names/path-parts.ts';
import { isReservedName } from '../../core/names/valid-name.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { DiskEntry, Listing, RelPath } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import type { State } from '../state/state.ts';
import type { Borders } from './boundaries.ts';
import type { IgnoreFiles } from './ignore-files.ts';
import type { MissingNodes } from './missing.ts';
import type { SightingJudge } from './sighting-judge.ts';
import { kindOf, type Sighting } from './sightings.ts';
import type { StrangerKind, Strangers } from './strangers.ts';

/** Who judges what the scanner sees. */
export interface Judges {
  readonly borders: Borders;
  readonly ignore: IgnoreFiles<NodeId>;
  readonly strangers: Strangers;
  readonly missing: MissingNodes;
  readonly judge: SightingJudge;
}

export class Entries {
  private readonly env: Environment;
  private readonly state: State;
  private readonly judges: Judges;
  rootDevice = '';

  constructor(env: Environment, state: State, judges: Judges) {
    this.env = env;
    this.state = state;
    this.judges = judges;
  }

  sightingsOf(folder: NodeId, path: RelPath, listing: Listing, met: Set<string>): readonly Sighting[] {
    const sightings: Sighting[] = [];
    for (const entry of listing.entries) {
      const sighting = this.sightingOf(folder, path, entry, met);
      if (sighting) sightings.push(sighting);
    }
    return sightings;
  }

  /** `met` gathers what is no node. */
  sightingOf(folder: NodeId, path: RelPath, entry: DiskEntry, met: Set<string>): Sighting | null {
    const { name, stamp } = entry;
    if (name === null) {
      this.meet('text', path, null, met);
      return null;
    }
    if (isReservedName(name)) return null;
    const childPath = pathIn(path, name);
    if (stamp.device !== this.rootDevice) {
      this.otherMount(folder, name, childPath, met);
      return null;
    }
    const border = this.judges.borders.at(folder, name, stamp);
    if (border === 'lost') this.meet('root', childPath, null, met);
    if (kindOf(stamp) === null) this.meet('kind', childPath, null, met);
    return {
      parent: folder,
      name,
      stamp,
      excluded: border !== null || this.judges.ignore.isExcluded(childPath, stamp.kind === 'folder'),
      mounted: border === 'mounted',
    };
  }

  private meet(kind: StrangerKind, path: RelPath, node: NodeId | null, met: Set<string>): void {
    met.add(`${kind}:${path}`);
    this.judges.strangers.met(kind, path, node, this.env.clock.now());
  }

  /** Another disk is mounted here: what we knew below is not gone, it cannot be seen. */
  private otherMount(folder: NodeId, name: string, path: RelPath, met: Set<string>): void {
    const row = this.state.local.at(folder, name);
    if (row && row.condition !== 'unseen') this.state.local.setCondition(row.node, 'unseen');
    this.meet('mount', path, row?.node ?? null, met);
  }

  /** Not at its name. What a rule leaves out may go without anybody being told. */
  missed(row: ObservedNode, moment: number): void {
    if (this.judges.judge.touched(row.parent, row.name, row.node, moment))
      this.judges.judge.drop(row.parent, row.name, [row.node]);
    else if (row.condition !== 'excluded' || !this.isExcluded(row)) this.judges.missing.add(row.node);
  }

  private isExcluded(row: ObservedNode): boolean {
    const path = this.state.pathOf(row.node);
    return path !== null && this.judges.ignore.isExcluded(path, row.kind === 'folder');
  }
}
