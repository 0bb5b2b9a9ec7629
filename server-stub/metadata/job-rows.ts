/** Typed rows of the work behind requests. */

/** What the server does by itself. */
export type JobName =
  | 'lived-hours'
  | 'sessions'
  | 'retention'
  | 'collection'
  | 'cooling'
  | 'thawing'
  | 'compaction'
  | 'orphans'
  | 'forgetting'
  | 'lineage'
  | 'replication'
  | 'scrub';

/** What an operator can switch in an incident; all are off in everyday life. */
export const SWITCHES = {
  'stop-destructive-gc': 'Nothing is quarantined or erased; liveness is still computed and shown.',
  'stop-cooling': 'Nothing more goes to the cold store; what is asked for still comes back.',
  'empty-cold': 'Everything in the cold store comes back to the first one, and nothing more goes there.',
  'widen-holds': 'Retention lets nothing go: every version counts as held.',
  'shed-background': 'Only requests are served; all work behind them waits.',
  'reject-late-edits': 'An edit whose base is not the head waits on its device: no conflict copy is made.',
  'quarantine-sessions': 'Uploads that nobody finished do not expire: what they brought stays pinned.',
} as const;
export type SwitchName = keyof typeof SWITCHES;

export interface SwitchRow {
  readonly name: SwitchName;
  readonly on: boolean;
  readonly by: string;
  readonly why: string;
  readonly at: number;
}

export interface LeaseRow {
  readonly holder: string;
  readonly fence: number;
  readonly until: number;
}

export interface JobRound {
  readonly beganAt: number;
  readonly stepAt: number;
  /** null: it is under way. */
  readonly endedAt: number | null;
  /** Where the next step goes on; null: the next round begins anew. */
  readonly state: string | null;
  /** What it said last, for people. */
  readonly said: string;
}

/** One thing that was decided, so that "why is this gone, or still here?" has an answer. */
export interface Decision {
  readonly at: number;
  readonly job: string;
  /** What it is about: `chunk <id>`, `version <id>`, `namespace <id>` … */
  readonly subject: string;
  readonly decision: string;
  readonly why: string;
}

export interface DecisionFilter {
  readonly subject?: string;
  readonly job?: string;
}
