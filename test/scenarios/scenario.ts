/** A scenario as data: what stands at first, who does what, and what must hold when everybody is in step again. */
import type { UserAction } from './actions.ts';
import type { TreeSpec } from './tree.ts';

/** A and B are in step at the start; C is linked when a scenario says so. */
export type Side = 'A' | 'B' | 'C';

/** `late`: nobody waits for it any more when the request arrives. */
export type LostPart = 'request' | 'reply' | 'late';

/** What happens to a device, its disk, its network or the server. */
export type MachineAction =
  | { readonly do: 'offline' }
  | { readonly do: 'online' }
  /** The process is gone at once, at whatever it was doing. */
  | { readonly do: 'kill' }
  | { readonly do: 'stop' }
  | { readonly do: 'start' }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'rescan' }
  /** A new device takes part, on a folder that holds `tree` already. */
  | { readonly do: 'join'; readonly tree: TreeSpec }
  /** Its state is lost; it is linked again as a new device over the same folder. */
  | { readonly do: 'lose-state' }
  /** The next `times` requests (or replies) of a route are lost. */
  | {
      readonly do: 'lose';
      readonly part: LostPart;
      readonly route: 'commit' | 'journal';
      readonly times: number;
    }
  /** The next commit reaches the server, its reply is lost, and the process dies. */
  | { readonly do: 'kill-after-commit' }
  /** Watching announces nothing any more, or again. */
  | { readonly do: 'deaf' }
  | { readonly do: 'hearing' }
  | { readonly do: 'fill-disk' }
  | { readonly do: 'free-disk' }
  | { readonly do: 'make-read-only' }
  | { readonly do: 'make-writable' }
  /** The disk of the synced folder is unplugged: an empty folder shows. */
  | { readonly do: 'unplug' }
  | { readonly do: 'plug-in' }
  /** Another disk is mounted over a folder inside. */
  | { readonly do: 'mount-over'; readonly path: string }
  | { readonly do: 'unmount-over'; readonly path: string }
  /** Settles the one open conflict. */
  | { readonly do: 'resolve'; readonly keep: 'both' | 'mine' | 'theirs' }
  | { readonly do: 'restore'; readonly path: string; readonly version: number }
  | { readonly do: 'undelete'; readonly path: string }
  | { readonly do: 'review'; readonly decision: 'approve' | 'reject' };

export type Step =
  | (UserAction & { readonly on: Side })
  | (MachineAction & { readonly on: Side })
  /** Everybody who runs and is online comes into step. */
  | { readonly do: 'sync' }
  /** Goes online in this order, each in step before the next; the reverse order is tried as well. */
  | { readonly do: 'reconnect'; readonly order: readonly [Side, Side] }
  | { readonly do: 'restart-server' }
  /** Time passes, and nobody waits for anything. */
  | { readonly do: 'pass'; readonly seconds: number }
  /** Looks at one device in between. */
  | { readonly do: 'see'; readonly on: Side; readonly tree: TreeSpec }
  /** The same, where what it shows depends on chance: no longer this. */
  | { readonly do: 'see-other'; readonly on: Side; readonly tree: TreeSpec };

export interface Expectation {
  /** What every device shows … */
  readonly tree?: TreeSpec;
  /** … or one of these, where the race decides. */
  readonly oneOf?: readonly TreeSpec[];
  /** Devices that rightly show something else, such as what a rule leaves out. */
  readonly except?: Partial<Record<Side, TreeSpec>>;
  /** Open conflicts. */
  readonly conflicts?: number;
  /** Texts of the versions of the living node at a path, newest first. */
  readonly history?: Readonly<Record<string, readonly string[]>>;
  /** Texts that a device's own trash holds (others may be there). */
  readonly trash?: Partial<Record<Side, readonly string[]>>;
  /** Codes of problems a device reports; devices that are not named report none. */
  readonly problems?: Partial<Record<Side, readonly string[]>>;
  /** Held batches of a device. */
  readonly review?: Partial<Record<Side, number>>;
  /** States of devices; those that are not named are up to date. */
  readonly state?: Partial<Record<Side, string>>;
  /** Content bytes uploaded from the first step on stay below this: what only moves is not sent. */
  readonly uploadedBelow?: number;
}

export interface Scenario {
  /** Plain words. */
  readonly name: string;
  /** Rows of the design, rules and catalogued failures that it exercises. */
  readonly covers: readonly string[];
  readonly start?: TreeSpec;
  readonly steps: readonly Step[];
  readonly expect: Expectation | { readonly first: Readonly<Record<'A' | 'B', Expectation>> };
  /** Also with real processes on a real disk. */
  readonly real?: true;
  /** Disks that fold case. */
  readonly foldingDisks?: readonly Side[];
  /** File systems without birth times, with coarse stamps, or without an atomic exchange. */
  readonly disk?: 'no-birth-times' | 'coarse-times' | 'no-exchange';
  /** Files that trip the delete brake; it is off unless a scenario says so. */
  readonly brake?: number;
  /** Only as written: sides that differ by more than their name. */
  readonly fixedSides?: true;
}

/** Keeps literal types while checking the form. */
export function scenarios(...list: readonly Scenario[]): readonly Scenario[] {
  return list;
}
