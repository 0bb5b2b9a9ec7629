/** What the planner can want for a node. Printable values; nothing here does anything. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';

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
  /** The local object only shares the id by accident of history: it becomes a node of its own. */
  | { readonly kind: 'separate'; readonly node: NodeId; readonly rule: Rule };

export type ClaimIntent =
  | { readonly kind: 'create'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'edit'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'move'; readonly node: NodeId; readonly rule: Rule }
  /** `leaving`: nodes that must have left first; `unapplied`: live nodes below that never were on this disk. */
  | {
      readonly kind: 'delete';
      readonly node: NodeId;
      readonly leaving: readonly NodeId[];
      readonly unapplied: readonly NodeId[];
      readonly files: number;
      readonly rule: Rule;
    }
  | {
      readonly kind: 'rearrange';
      readonly node: NodeId;
      readonly steps: readonly ClaimIntent[];
      readonly rule: Rule;
    };

/** Renames, folders and removals on disk: quick, in order, one batch at a time. */
export type StructureIntent =
  | { readonly kind: 'make-folder'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'move-here'; readonly node: NodeId; readonly rule: Rule }
  | { readonly kind: 'park'; readonly node: NodeId; readonly rule: Rule }
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
