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
  /** Certificates (PEM) that are trusted besides those of the system; null or left out: none. */
  readonly ca?: string | null;
  /** The token is not written into the state but told to the caller, who keeps it in the keychain of the system. */
  readonly tokenOut: boolean;
}

export type MergeKind = 'identical' | 'upload' | 'download' | 'differ' | 'zombies' | 'unportable' | 'unseen';

/** What the first sync, a merge that deletes nothing, will do. `lines` is for people, the counts for programs. */
export interface MergePlan {
  readonly identical: number;
  readonly upload: number;
  readonly download: number;
  /** Both sides have the path with other content: both are kept, one as a conflict copy. */
  readonly differ: number;
  readonly excluded: number;
  readonly unseen: number;
  /** Files here whose content was deleted on the server at their path: set aside and asked about. */
  readonly zombies: number;
  /** Names that other systems cannot hold: they sync, and wait on computers that cannot. */
  readonly unportable: number;
  /** The first paths of each kind, for a look before anything happens. */
  readonly samples: Readonly<Record<MergeKind, readonly string[]>>;
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
      /** With `tokenOut`, and only then. */
      readonly token: string | null;
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
