/** Typed rows of what history keeps. */
import type { DeviceId, NodeId, VersionId } from '../../src/protocol/ids.ts';

/** Hours that the server really lived, and the wall time of the last one counted. */
export interface LivedHours {
  readonly hours: number;
  readonly at: number;
}

export interface LabelRow {
  readonly version: VersionId;
  readonly name: string;
  readonly device: DeviceId;
  readonly at: number;
}

/** A node and everything below it is kept until it is released; the root: the whole namespace. */
export interface HoldRow {
  readonly node: NodeId;
  readonly why: string;
  readonly by: string;
  readonly at: number;
}

/** A version as retention sees it. */
export interface KeptVersion {
  readonly id: VersionId;
  readonly number: number;
  readonly at: number;
  /** The lived hour in which it was found that it may go; null: it stays. */
  readonly dueHour: number | null;
  readonly isLabelled: boolean;
}

export interface DueVersion {
  readonly id: VersionId;
  readonly node: NodeId;
  readonly number: number;
}

/** What was deleted together, by the seq of its deletion. */
export interface TrashBatch {
  readonly deadSeq: number;
  readonly at: number;
  readonly dueHour: number | null;
}
