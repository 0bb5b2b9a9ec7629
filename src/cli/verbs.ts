/** Every verb: how it is spelled, what it takes, what it says about itself, and where its code is. Only data: it loads fast. */
import { flag, optional, required, STATE } from './option-shapes.ts';
import type { Io, Out } from './out.ts';
import { ACCOUNT_VERBS, CA } from './verbs-accounts.ts';
import { KEY_VERBS } from './verbs-keys.ts';
import { OPERATION_VERBS } from './verbs-operations.ts';
import { SELECTION_VERBS } from './verbs-selection.ts';
import { SHARE_VERBS } from './verbs-shares.ts';

export interface OptionShape {
  /** Name of its value in the help; null for a switch. */
  readonly value: string | null;
  readonly required: boolean;
  readonly help: string;
}

export interface VerbInput {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
  readonly out: Out;
  readonly io: Io;
}

/** Answers with the exit code. */
export type VerbRun = (input: VerbInput) => Promise<number>;

export interface Verb {
  readonly name: string;
  /** One in brackets may be left out. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, OptionShape>>;
  /** Shown in the usage line where the options are alternatives. */
  readonly usage?: string;
  readonly summary: string;
  readonly details: string;
  readonly group:
    | 'Set up'
    | 'Every day'
    | 'Versions and conflicts'
    | 'When something is odd'
    | 'Look after a server';
  readonly load: () => Promise<VerbRun>;
}

const VERSION = 'a number as `history` shows it, or an exact version id';

const live = () => import('./verb-live.ts');
const history = () => import('./verb-history.ts');
const trash = () => import('./verb-trash.ts');
const conflicts = () => import('./verb-conflicts.ts');
const review = () => import('./verb-review.ts');
const account = () => import('./verb-account.ts');
const report = () => import('./verb-report.ts');
const diagnosis = () => import('./verb-diagnosis.ts');
const server = () => import('./verb-server.ts');

export const VERBS: readonly Verb[] = [
  {
    name: 'start',
    group: 'Set up',
    positionals: [],
    options: {
      home: optional('DIR', 'where server data, password and state are kept (~/.tidemark)'),
      folder: optional('DIR', 'the folder to keep in step (~/Tidemark)'),
      port: optional('N', 'port of the server, on its first start'),
    },
    summary: 'Start a server and one device on this computer, and show how things stand.',
    details:
      'The first start creates a user with a password of its own and links ~/Tidemark; later starts go on with what is there. Ctrl-C stops both.',
    load: async () => (await import('./start/verb-start.ts')).start,
  },
  {
    name: 'server',
    group: 'Set up',
    positionals: [],
    options: {
      data: required('DIR', 'where the server keeps everything'),
      host: optional('ADDRESS', 'address to listen on (127.0.0.1); any other needs the TLS options'),
      port: optional('N', 'port; 0 takes a free one'),
      'tls-cert': optional('FILE', 'certificate chain (PEM)'),
      'tls-key': optional('FILE', 'its private key (PEM)'),
      'sign-up': optional('closed|invite|open', 'who can make an account over the network (closed)'),
      replica: optional('FOLDER', 'a second copy of everything stored is kept there; best on another disk'),
      'replica-mode': optional(
        'MODE',
        'same-site (the copy comes before the answer) or cross-site (it follows)',
      ),
      console: optional(
        'ADDRESS:PORT',
        'serve the web console there; any but this computer needs the TLS options',
      ),
      'console-actions': flag('let administrators turn switches in the console'),
      'ready-file': optional('FILE', 'written as {"url","pid"} once the server listens'),
    },
    summary: 'Run the server in the foreground.',
    details:
      'SIGTERM or Ctrl-C stops it cleanly. The master key is in the data folder, or in TIDEMARK_MASTER_KEY_FILE or TIDEMARK_MASTER_KEY.',
    load: async () => (await server()).runServerVerb,
  },
  {
    name: 'user add',
    group: 'Set up',
    positionals: [],
    options: {
      data: required('DIR', 'data folder of the server'),
      name: required('USER', 'name of the new user'),
      'password-file': required('FILE', 'file that holds the password and nothing else'),
    },
    summary: 'Create a user on the server.',
    details: 'Works while the server runs. One line break at the end of the password file is not part of it.',
    load: async () => (await server()).userAdd,
  },
  {
    name: 'link',
    group: 'Set up',
    positionals: [],
    options: {
      server: required('URL', 'address of the server'),
      user: required('USER', 'user name'),
      'password-file': required(
        'FILE',
        'file that holds the password and nothing else; - reads it from the input',
      ),
      device: required('NAME', 'name of this device, as others will see it'),
      state: required('DIR', 'state folder for this device; created'),
      folder: required('DIR', 'folder to keep in step; created when it is not there'),
      ca: CA,
      'dry-run': flag('show what the first sync would do, and change nothing'),
      'token-out': flag('with --json: tell the token instead of keeping it in the state folder'),
      'brake-files': optional(
        'N|off',
        'hold N files or more, deleted or encrypted, for a yes (200); off never holds',
      ),
    },
    summary: 'Link a folder of this computer to a user’s files on a server.',
    details:
      'The first sync merges: equal files are left alone, different ones are both kept, nothing is deleted.',
    load: async () => (await import('./verb-link.ts')).link,
  },
  {
    name: 'run',
    group: 'Every day',
    positionals: [],
    options: { state: STATE, paused: flag('start paused; `resume` lets it go') },
    summary: 'Keep the folder in step, in the foreground.',
    details: 'SIGTERM or Ctrl-C stops it cleanly. With --json every event is printed as one line.',
    load: async () => (await import('./verb-run.ts')).run,
  },
  {
    name: 'status',
    group: 'Every day',
    positionals: [],
    options: { state: STATE },
    summary: 'Say how things stand.',
    details: '',
    load: async () => (await live()).status,
  },
  {
    name: 'wait',
    group: 'Every day',
    positionals: [],
    options: { state: STATE, timeout: required('SECONDS', 'how long to wait at most') },
    summary: 'Wait until both sides are in step.',
    details:
      'Ends with 0 once everything that was on disk when it was called is on the server, and everything on the server then is on disk; with 1 when that was not reached, saying what is missing and why.',
    load: async () => (await live()).wait,
  },
  {
    name: 'pause',
    group: 'Every day',
    positionals: [],
    options: {
      state: STATE,
      for: optional('TIME', 'go on by itself after this time, as 30m or 2h'),
      until: optional('HH:MM', 'go on by itself at this time of the day'),
    },
    summary: 'Stop sending and fetching for now.',
    details: 'Without a time it lasts until `resume`, also over a restart.',
    load: async () => (await live()).pause,
  },
  {
    name: 'resume',
    group: 'Every day',
    positionals: [],
    options: { state: STATE },
    summary: 'Go on after a pause.',
    details: '',
    load: async () => (await live()).resume,
  },
  {
    name: 'stop',
    group: 'Every day',
    positionals: [],
    options: { state: STATE },
    summary: 'End the running engine, and wait until it has ended.',
    details: '',
    load: async () => (await live()).stop,
  },
  {
    name: 'rescan',
    group: 'Every day',
    positionals: [],
    options: { state: STATE },
    summary: 'Look through the whole folder now.',
    details: '',
    load: async () => (await live()).rescan,
  },
  ...SELECTION_VERBS,
  ...SHARE_VERBS,
  {
    name: 'activity',
    group: 'Every day',
    positionals: ['[PATH]'],
    options: { state: STATE, limit: optional('N', 'how many at most (50)') },
    summary: 'List what happened, who did it on which device; of one path, when it is named.',
    details: 'The newest is first. What can be taken back has its number in front: see `activity undo`.',
    load: async () => (await report()).activity,
  },
  {
    name: 'activity undo',
    group: 'Every day',
    positionals: ['ID'],
    options: { state: STATE },
    summary: 'Take an edit, a move or a deletion back, on every device.',
    details: 'ID is a number that `activity` shows. Deletes nothing; refused when things moved on since.',
    load: async () => (await report()).undo,
  },
  {
    name: 'limits',
    group: 'Every day',
    positionals: [],
    options: {
      state: STATE,
      up: optional('N|off', 'send at most N KiB per second'),
      down: optional('N|off', 'fetch at most N KiB per second'),
      from: optional('HH:MM', 'other limits hold from this time of the day …'),
      to: optional('HH:MM', '… to this one'),
      days: optional('DAYS', 'days on which they begin, as mon,tue (all)'),
      'then-up': optional('N|off', 'send at most N KiB per second between these times (off)'),
      'then-down': optional('N|off', 'fetch at most N KiB per second between these times (off)'),
      always: flag('forget the other limits'),
      proxy: optional('system|none|URL', 'the way to the server'),
    },
    summary: 'Show or set how fast files may travel, and by which proxy.',
    details: 'They hold from now on, also after a restart. What is not named stays as it is.',
    load: async () => (await account()).limits,
  },
  {
    name: 'devices',
    group: 'Every day',
    positionals: [],
    options: { state: STATE },
    summary: 'List the devices of the account, and how far each one is.',
    details: '',
    load: async () => (await account()).devices,
  },
  {
    name: 'devices revoke',
    group: 'Every day',
    positionals: ['ID'],
    options: { state: STATE },
    summary: 'End a device: it sends and gets nothing any more.',
    details: 'Its files stay where they are.',
    load: async () => (await account()).revoke,
  },
  {
    name: 'conflicts list',
    group: 'Versions and conflicts',
    positionals: [],
    options: { state: STATE, resolved: flag('those that were settled lately, with how and by whom') },
    summary: 'List files that were changed on two sides.',
    details: '',
    load: async () => (await conflicts()).listConflicts,
  },
  {
    name: 'conflicts show',
    group: 'Versions and conflicts',
    positionals: ['ID'],
    options: { state: STATE },
    summary: 'Show both sides of a conflict and where they come from.',
    details: '',
    load: async () => (await conflicts()).showConflict,
  },
  {
    name: 'conflicts resolve',
    group: 'Versions and conflicts',
    positionals: ['ID'],
    options: {
      state: STATE,
      keep: required('both|mine|theirs|merged', 'which side stays at the path'),
      name: optional('NAME', 'with --keep both: what the copy is called from now on'),
      from: optional('FILE', 'with --keep merged: the file whose content goes on top'),
    },
    summary: 'Settle a conflict.',
    details:
      'Nothing is lost: the side that is not kept stays in the history, on every device. `conflicts undo` takes it back.',
    load: async () => (await conflicts()).resolveConflict,
  },
  {
    name: 'conflicts undo',
    group: 'Versions and conflicts',
    positionals: ['ID'],
    options: { state: STATE },
    summary: 'Take back how a conflict was settled: both sides stand again, and it is open, everywhere.',
    details: 'Refused when somebody saved since what was settled. `conflicts list --resolved` names them.',
    load: async () => (await conflicts()).undoConflict,
  },
  {
    name: 'history',
    group: 'Versions and conflicts',
    positionals: ['PATH'],
    options: { state: STATE },
    summary: 'List the versions of a file, also of one that is gone.',
    details: 'PATH is a path on this computer, or one below the synced folder.',
    load: async () => (await history()).history,
  },
  {
    name: 'label',
    group: 'Versions and conflicts',
    positionals: ['PATH', 'VERSION', '[NAME]'],
    options: { state: STATE, remove: flag('take the name away') },
    usage: '[--remove] --state DIR',
    summary: 'Name a version of a file ("sent to the printer"): it is kept as long as it has a name.',
    details: 'VERSION is a number as `history` shows it. Everybody who sees the file sees its labels.',
    load: async () => (await import('./verb-retention.ts')).label,
  },
  {
    name: 'retention',
    group: 'Versions and conflicts',
    positionals: ['[PATH]'],
    options: {
      state: STATE,
      all: optional('SPAN', 'keep every version for so long: 12h, 30d, 8w, 2y'),
      daily: optional('SPAN', 'then the last of each day'),
      weekly: optional('SPAN', 'then the last of each week'),
      monthly: optional('SPAN', 'then the last of each month'),
      trash: optional('SPAN', 'keep what was deleted'),
      usual: flag('as the server does it for everybody'),
    },
    summary: 'Show or set for how long history is kept, and show what is on hold.',
    details:
      'Of your own space, or of the share that PATH is in, for all who are in it; only its owner sets it. Labelled versions stay in any case. What is not named stays as it is.',
    load: async () => (await import('./verb-retention.ts')).retention,
  },
  {
    name: 'hold',
    group: 'Versions and conflicts',
    positionals: ['PATH'],
    options: {
      state: STATE,
      why: optional('TEXT', 'put it on hold, for this reason'),
      release: flag('end the hold'),
    },
    usage: '--why TEXT | --release --state DIR',
    summary: 'Keep every version of a file, a folder or (/) everything, until released.',
    details: 'Nothing of it leaves the history or the trash meanwhile, whatever the retention says.',
    load: async () => (await import('./verb-retention.ts')).hold,
  },
  {
    name: 'cat',
    group: 'Versions and conflicts',
    positionals: ['PATH'],
    options: { state: STATE, version: optional('N', VERSION) },
    summary: 'Print the content of a file, of today or of an old version.',
    details: 'With --json the content is in "bytes", as base64.',
    load: async () => (await history()).cat,
  },
  {
    name: 'restore',
    group: 'Versions and conflicts',
    positionals: ['PATH'],
    options: {
      state: STATE,
      version: optional('N', VERSION),
      as: optional('NAME', 'as a new file of this name beside it; the file itself stays as it is'),
      at: optional('TIME', 'a folder as it was then: "2026-09-18 18:02", or 90m, 5h, 3d, 2w ago'),
      'dry-run': flag('with --at: say what would be done, and change nothing'),
      'remove-newer': flag('with --at: what was made since goes to the trash'),
    },
    usage: '--version N [--as NAME] | --at TIME [--dry-run] [--remove-newer] --state DIR',
    summary: 'Bring back an old version of a file, or a whole folder as it was at a moment.',
    details:
      'Versions come back as new ones on top, so everything can be undone. Of a folder, what was made since stays unless --remove-newer is given, and what somebody changes meanwhile is left alone.',
    load: async () => (await import('./verb-restore.ts')).restore,
  },
  {
    name: 'trash list',
    group: 'Versions and conflicts',
    positionals: [],
    options: { state: STATE },
    summary: 'List what was deleted and can be brought back.',
    details: '',
    load: async () => (await trash()).listTrash,
  },
  {
    name: 'trash restore',
    group: 'Versions and conflicts',
    positionals: ['[ID]'],
    options: {
      state: STATE,
      batch: optional('B', 'all that was deleted together, as `trash list` names it'),
    },
    summary: 'Bring back something that was deleted.',
    details: '',
    load: async () => (await trash()).restoreTrash,
  },
  {
    name: 'review list',
    group: 'Versions and conflicts',
    positionals: [],
    options: { state: STATE },
    summary: 'List large deletions and overwrites that are held for your yes.',
    details: '',
    load: async () => (await review()).listReview,
  },
  {
    name: 'review approve',
    group: 'Versions and conflicts',
    positionals: ['ID'],
    options: { state: STATE },
    summary: 'Let a held deletion or overwrite happen, everywhere.',
    details: 'It can be undone for 30 days: see `trash`.',
    load: async () => (await review()).approve,
  },
  {
    name: 'review reject',
    group: 'Versions and conflicts',
    positionals: ['ID'],
    options: { state: STATE },
    summary: 'Keep the files of a held deletion or overwrite as they were.',
    details: '',
    load: async () => (await review()).reject,
  },
  {
    name: 'problems',
    group: 'When something is odd',
    positionals: [],
    options: { state: STATE },
    summary: 'List the files with a trouble, by cause, with what to do about it.',
    details: '',
    load: async () => (await report()).problems,
  },
  {
    name: 'explain',
    group: 'When something is odd',
    positionals: ['PATH'],
    options: { state: STATE },
    summary: 'Say all that is known about a path, and which rule decides about it.',
    details: '',
    load: async () => (await diagnosis()).explain,
  },
  {
    name: 'repair',
    group: 'When something is odd',
    positionals: [],
    options: {
      state: STATE,
      replay: flag('read everything the server knows again'),
      surface: optional('PATH', 'look through this folder again, here and on the server'),
      file: optional('PATH', 'check this file byte by byte'),
    },
    usage: '--replay | --surface PATH | --file PATH --state DIR',
    summary: 'Check again, and put right what differs.',
    details: 'Deletes nothing.',
    load: async () => (await diagnosis()).repair,
  },
  {
    name: 'doctor',
    group: 'When something is odd',
    positionals: [],
    options: { state: STATE },
    summary: 'Check this installation and say what to do about each finding.',
    details: 'Also helps when the engine is not running.',
    load: async () => (await diagnosis()).doctor,
  },
  {
    name: 'bundle',
    group: 'When something is odd',
    positionals: [],
    options: { state: STATE, names: flag('leave names of files, people, devices and servers in') },
    summary: 'Print a report about this installation, for those who look into a fault.',
    details:
      'Names of files, people, devices and servers are replaced by marks; passwords and tokens are never in it.',
    load: async () => (await report()).bundle,
  },
  {
    name: 'demo',
    group: 'When something is odd',
    positionals: [],
    options: { keep: flag('leave the temporary folders where they are') },
    summary: 'Show two devices in step, with real files in temporary folders.',
    details: 'Starts a server and two devices, edits on both sides, and compares every byte after each step.',
    load: async () => (await import('./demo/verb-demo.ts')).demo,
  },
  ...KEY_VERBS,
  ...ACCOUNT_VERBS,
  ...OPERATION_VERBS,
];
