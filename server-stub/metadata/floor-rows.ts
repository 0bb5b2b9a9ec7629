/** Typed rows of how far back the journal goes, and for whom. */
import type { NodeKind } from '../../src/protocol/content.ts';
import type { NodeId, VersionId } from '../../src/protocol/ids.ts';

/** When a device was last noticed to have been seen, in lived hours; `seenAt`: what its row said then. */
export interface DeviceHour {
  readonly seenAt: number | null;
  readonly hour: number;
}

/** How far the journal was in a lived hour. */
export interface JournalHour {
  readonly hour: number;
  readonly seq: number;
}

/** Where a node stood at the floor of the journal, or of what died there was last. */
export interface FloorPlace {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
  readonly deadSeq: number | null;
  readonly head: VersionId | null;
}
