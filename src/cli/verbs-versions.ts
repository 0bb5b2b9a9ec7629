/** Verbs about conflicts, versions, the trash and what is held for a yes. Only data: it loads fast. */
import { flag, optional, required, STATE } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const VERSION = 'a number as `history` shows it, or an exact version id';

const history = () => import('./verb-history.ts');
const trash = () => import('./verb-trash.ts');
const conflicts = () => import('./verb-conflicts.ts');
const review = () => import('./verb-review.ts');

export const VERSION_VERBS: readonly Verb[] = [
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
];
