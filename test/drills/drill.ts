import type { DrillStage } from './stage.ts';

export interface Drill {
  /** As the failure chains are numbered in `server-stub/drills.md`. */
  readonly chain: 1 | 2 | 3 | 4 | 5;
  readonly title: string;
  /** Devices of one user, linked and running at the beginning, each behind a line of its own. */
  readonly devices: readonly string[];
  /** The server counts hours of a fifth of a second, so that what waits for days is over within the drill. */
  readonly hasShortHours?: true;
  run(stage: DrillStage): Promise<void>;
}
