/** What linking a device takes and tells: shared by the command line, the app and the engine that does it. */
import type { ErrorCode } from '../protocol/errors.ts';

/** Files per batch that the brake lets pass; 'off' never holds; null keeps the defaults. */
export type BrakeFiles = number | 'off' | null;

export interface LinkOptions {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly device: string;
  /** Absolute paths. */
  readonly state: string;
  readonly folder: string;
  /** Shows the plan and changes nothing: no device on the server, no state, no marker in the folder. */
  readonly dryRun: boolean;
  readonly brakeFiles: BrakeFiles;
}

/** What the first sync, a merge that deletes nothing, will do. `lines` is for people, the counts for programs. */
export interface MergePlan {
  readonly identical: number;
  readonly upload: number;
  readonly download: number;
  /** Both sides have the path with other content: both are kept, one as a conflict copy. */
  readonly differ: number;
  readonly excluded: number;
  readonly unseen: number;
  readonly lines: readonly string[];
}

export type LinkResult =
  | {
      readonly kind: 'linked' | 'would-link';
      readonly device: string;
      readonly deviceId: string | null;
      readonly user: string;
      readonly server: string;
      readonly serverId: string;
      readonly namespace: string | null;
      readonly state: string;
      readonly folder: string;
      readonly plan: MergePlan;
    }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly facts: Readonly<Record<string, string | number>>;
    };

export interface RunOptions {
  /** Absolute path of the state folder. */
  readonly state: string;
  readonly paused: boolean;
}
