/** Verbs about what is synced: ignore rules, folders that stay online, and the token of a device that does not keep it. */
import { flag, optional, required, STATE } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const RULES_FOLDER = optional('FOLDER', 'folder the rules are for (the synced folder)');
const LOCAL = flag('the rules of this computer alone');

const ignore = () => import('./verb-ignore.ts');
const folders = () => import('./verb-folders.ts');

export const SELECTION_VERBS: readonly Verb[] = [
  {
    name: 'ignore',
    group: 'Every day',
    positionals: ['[FOLDER]'],
    options: { state: STATE },
    summary: 'Show the ignore rules of a folder: for everybody, and of this computer alone.',
    details:
      'The first are in `.tidemarkignore`, which is synced; the others in `.tidemarkignore.local`, which never is, and have the last word.',
    load: async () => (await ignore()).showIgnore,
  },
  {
    name: 'ignore test',
    group: 'Every day',
    positionals: ['FILE'],
    options: { state: STATE, folder: RULES_FOLDER, local: LOCAL },
    summary: 'Say what would change if the rules were those in a file, and change nothing.',
    details: 'FILE is read as it is; - reads the input. No rule ever deletes anything.',
    load: async () => (await ignore()).testIgnore,
  },
  {
    name: 'ignore set',
    group: 'Every day',
    positionals: ['FILE'],
    options: { state: STATE, folder: RULES_FOLDER, local: LOCAL },
    summary: 'Take the rules in a file from now on.',
    details: 'FILE is read as it is; - reads the input. No rule ever deletes anything.',
    load: async () => (await ignore()).setIgnore,
  },
  {
    name: 'folders',
    group: 'Every day',
    positionals: ['[PATH]'],
    options: { state: STATE },
    summary: 'List folders as the server has them, and which are on this computer.',
    details: '',
    load: async () => (await folders()).listFolders,
  },
  {
    name: 'folders remove',
    group: 'Every day',
    positionals: ['PATH'],
    options: { state: STATE, 'dry-run': flag('say what would leave or what keeps it, and change nothing') },
    summary: 'Remove a folder from this computer; it stays online.',
    details:
      'Only as a whole, and only if everything in it is known to be on the server; else it says what is not. The files stay in the trash of this computer for 30 days; what rules leave out stays where it is.',
    load: async () => (await folders()).removeFolder,
  },
  {
    name: 'folders bring',
    group: 'Every day',
    positionals: ['PATH'],
    options: { state: STATE },
    summary: 'Bring a folder that stays online to this computer again.',
    details: '',
    load: async () => (await folders()).bringFolder,
  },
  {
    name: 'token give',
    group: 'Set up',
    positionals: [],
    options: {
      state: STATE,
      'token-file': required('FILE', 'file that holds the token; - reads it from the input'),
    },
    summary: 'Hand its token to a running engine that does not keep it itself.',
    details: 'For a device that was linked with --token-out.',
    load: async () => (await import('./verb-token.ts')).giveToken,
  },
];
