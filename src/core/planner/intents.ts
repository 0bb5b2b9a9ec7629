/** What the planner can want for a node. Printable values; nothing here does anything. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Place } from '../tree/nodes.ts';

/** The row of the planner's tables that fired: shown by `explain`. */
export type Rule = string;

/** Corrections of our own trees that need neither disk nor server; applied at once, then the node is decided again. */
export type TreeIntent =
  /** Both sides are equal already: the synced tree takes over version, place and stamp. */
  | { readonly kind: 'adopt'; readonly node: NodeId; readonly rule: Rule }
  /** The local newcomer is the same object as an existing remote node. */
  | { readonly kind: 'bind'; readonly node: NodeId; readonly to: NodeId; readonly rule: Rule }
  /** Gone on both sides. */
  | { readonly kind: 'forget'; readonly node: NodeId; readonly rule: Rule }
  /** The local deletion is dropped: the node (and what was deleted below it) comes back. Recorded. */
  | { readonly kind: 'drop-delete'; readonly node: NodeId; readonly rule: Rule }
  /** The local move is dropped: the server's place wins. Recorded. */
  | { readonly kind: 'drop-move'; readonly node: NodeId; readonly rule: Rule }
  /** It, and all that stands in it, is to leave this disk: it stays online by choice, and is what the server holds. */
  | { readonly kind: 'leave'; readonly node: NodeId; readonly rule: Rule }
  /** Left over here and forgotten by the server: something new stands in it, so it is a folder of ours again. */
  | { readonly kind: 'rejoin'; readonly node: NodeId; readonly rule: Rule }
  /** It was to leave, and is no longer what was to leave: it stays. */
  | { readonly kind: 'stay'; readonly node: NodeId; readonly rule: Rule };

/** What is claimed, and what it was decided on: a claim made later from an older belief must not pass for a newer one. */
export type ClaimIntent =
  | CreateIntent
  | { readonly kind: 'edit'; readonly node: NodeId; readonly rule: Rule }
  | MoveIntent
  | DeleteIntent
  | {
      readonly kind: 'rearrange';
      readonly node: NodeId;
      readonly steps: readonly (MoveIntent | DeleteIntent)[];
      readonly rule: Rule;
    };

export interface CreateIntent {
  readonly kind: 'create';
  readonly node: NodeId;
  /** Where it stood here: when it has moved on before the claim is made, it is decided again. */
  readonly at: Place;
  /** It cannot have its name yet: made under another one (`claimedName`), and then moved to where it stands here. */
  readonly aside: boolean;
  readonly rule: Rule;
}

export interface MoveIntent {
  readonly kind: 'move';
  readonly node: NodeId;
  readonly at: Place;
  /** Of the server's entry that this move was decided against. */
  readonly entryRev: number;
  readonly rule: Rule;
}

export interface DeleteIntent {
  readonly kind: 'delete';
  readonly node: NodeId;
  readonly entryRev: number;
  /** What the journal brought up to here was looked at … */
  readonly observedSeq: number;
  /** … and of that, these live nodes below never were on this disk. */
  readonly unapplied: readonly NodeId[];
  /** Must have been moved out first. */
  readonly leaving: readonly NodeId[];
  readonly files: number;
  readonly rule: Rule;
}

/** Renames, folders and removals on disk: quick, in order, one batch at a time. */
export type StructureIntent =
  | { readonly kind: 'make-folder'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'move-here'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'park'; readonly node: NodeId; readonly rule: Rule }
  /** Parked, and its place cannot be had: put down at `at` (a free name), which is taken for agreed until it can. */
  | { readonly kind: 'unpark'; readonly node: NodeId; readonly at: Place; readonly rule: Rule }
  | { readonly kind: 'trash'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'remove-folder'; readonly node: NodeId; readonly rule: Rule };

/** Work with contents. */
export type ContentIntent =
  | { readonly kind: 'hash'; readonly node: NodeId; readonly rule: Rule }
  /** A node that is new here: staged, then placed under a free name. */
  | { readonly kind: 'fetch'; readonly node: NodeId; readonly rule: Rule }
  /** A new head: staged, then exchanged with what stands there. */
  | { readonly kind: 'replace'; readonly node: NodeId; readonly rule: Rule };

export type Intent =
  | TreeIntent
  | ClaimIntent
  | StructureIntent
  | ContentIntent
  | { readonly kind: 'nothing'; readonly node: NodeId; readonly rule: Rule }
  /** Decided again when something it depends on has changed. */
  | { readonly kind: 'wait'; readonly node: NodeId; readonly rule: Rule }
  /** Undecided until the node itself changes or the user acts: looking again sooner would not help. */
  | { readonly kind: 'rest'; readonly node: NodeId; readonly rule: Rule }
  /** A problem the user sees; decided again when the node changes. */
  | {
      readonly kind: 'hold';
      readonly node: NodeId;
      readonly code: ErrorCode;
      readonly facts: Readonly<Record<string, string>>;
      readonly rule: Rule;
    }
  /** Neither tree knows it after a resync: the user is asked, nothing happens meanwhile. */
  | { readonly kind: 'review'; readonly node: NodeId; readonly rule: Rule };

/** A name that nothing else has, for what cannot have its own yet; its move to its own is claimed by the next plan. */
export function claimedName(intent: CreateIntent | MoveIntent): string {
  return intent.kind === 'create' && intent.aside ? `moving-${intent.node.slice(-12)}` : intent.at.name;
}
