/** What a system must offer to be measured: it keeps the trees `a` and `b` the same. */
import type { Ignores } from './tree-equality.ts';

export interface System {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** Its own files inside the trees. */
  readonly ignores: Ignores;
  version(): Promise<string>;
  /** Everything set up, running and connected, but held: nothing is synced yet. Not on the clock. */
  prepare(): Promise<void>;
  /** Lets it sync: the clock starts here. */
  release(): Promise<void>;
  /** Its own word that there is nothing left to do. */
  isUpToDate(): Promise<boolean>;
  /** Process ids by the part they play. */
  processes(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
  /** Starts it again after `stop`, not held. */
  boot(): Promise<void>;
}

/** A system on the trees `root/A` and `root/B`; `A` exists. */
export type MakeSystem = (root: string) => System;
