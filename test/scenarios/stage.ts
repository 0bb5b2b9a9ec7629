/** Where scenarios are played: simulated machines, or real processes on real disks. */
import type { UserAction } from './actions.ts';
import type { MachineAction, Scenario, Side } from './scenario.ts';
import type { Tree } from './tree.ts';

export interface Stage {
  /** A and B are linked, hold the start tree, and are in step. */
  begin(scenario: Scenario): Promise<void>;
  act(side: Side, action: UserAction): Promise<void>;
  machine(side: Side, action: MachineAction): Promise<void>;
  restartServer(): Promise<void>;
  pass(seconds: number): Promise<void>;
  /** Everybody who runs and is online comes into step, as far as they can. */
  sync(): Promise<void>;
  /** Devices that take part. */
  sides(): readonly Side[];
  tree(side: Side): Promise<Tree>;
  openConflicts(): Promise<number>;
  /** Texts of the versions of the living node at a path, newest first. */
  history(path: string): Promise<readonly string[]>;
  trash(side: Side): Promise<readonly string[]>;
  problems(side: Side): Promise<readonly string[]>;
  heldBatches(side: Side): Promise<number>;
  state(side: Side): Promise<string>;
  /** Content bytes sent by all devices since the start; `null` where it cannot be told. */
  uploaded(): Promise<number | null>;
  /** What must hold whatever the scenario says; devices that rightly differ are named. */
  invariants(differing: ReadonlySet<string>): Promise<readonly string[]>;
  /** For failures: what was going on. */
  report(): string;
  close(): Promise<void>;
}
