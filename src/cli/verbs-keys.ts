/** The verbs about the keys under which a server stores files. Only data: it loads fast. */
import { flag, optional, required } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const keys = () => import('./verb-server-keys.ts');
const DATA = required('DIR', 'data folder of the server');
const DRY = flag('say what would be done, and change nothing');
const STOPPED =
  'The server must not be running. What is interrupted leaves every file readable, and goes on when asked for again.';

export const KEY_VERBS: readonly Verb[] = [
  {
    name: 'server keys rotate',
    group: 'Look after a server',
    positionals: [],
    options: { data: DATA, 'dry-run': DRY },
    summary: 'Store what comes from now on under new keys, one for each user.',
    details: `${STOPPED} What is stored already stays under the keys it has.`,
    load: async () => (await keys()).rotateKeys,
  },
  {
    name: 'server keys rewrap',
    group: 'Look after a server',
    positionals: [],
    options: {
      data: DATA,
      to: optional('FILE', 'file with the new master key; without it one is drawn into the data folder'),
      'dry-run': DRY,
    },
    summary: 'Put another master key in the place of the present one.',
    details: `${STOPPED} The old key is kept beside the new one as retired-….key: backups made before need it.`,
    load: async () => (await keys()).rewrapKeys,
  },
];
