/** The verbs of whoever looks after a server. Only data: it loads fast. */
import { flag, optional, required } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const backup = () => import('./verb-backup.ts');
const admin = () => import('./verb-admin.ts');
const DATA = required('DIR', 'data folder of the server');
const group = 'Look after a server';

export const OPERATION_VERBS: readonly Verb[] = [
  {
    name: 'server backup',
    group,
    positionals: ['TO'],
    options: {
      data: DATA,
      'with-master-key': flag('put the master key in, too: whoever has the backup can then read everything'),
      'without-chunks': flag('only the database: what is stored is in a second store ("server --replica")'),
    },
    summary: 'Copy everything a server holds, also while it runs.',
    details:
      'A second backup into the same place writes only what is new. What is written is read back; an earlier backup stays until the new one is whole. Keep the master key somewhere else, or nothing can be read.',
    load: async () => (await backup()).backup,
  },
  {
    name: 'server restore',
    group,
    positionals: ['FROM'],
    options: {
      data: required('DIR', 'data folder to restore into; it must be empty or not there'),
      'master-key': optional('FILE', 'the master key, where the backup does not hold it'),
      cold: optional('FOLDER', 'an empty folder for what was in a cold store ("server --cold")'),
    },
    summary: 'Put a backup into an empty data folder, checking every file.',
    details:
      'Every device compares everything with the restored server on its next contact: what the server lost goes up once more, and nothing is deleted.',
    load: async () => (await backup()).restore,
  },
  {
    name: 'server rebuild',
    group,
    positionals: [],
    options: {
      data: DATA,
      replica: required('FOLDER', 'second store of the server'),
    },
    summary: 'Bring back from the second store what the first one lost.',
    details:
      'The server must not be running. Reads every stored piece, and copies those that are not whole any more. After a restore from a backup without chunks it brings back all of them. A cold store that is not there counts as lost. May be cut short and run again.',
    load: async () => (await backup()).rebuild,
  },
  {
    name: 'server forget-replica',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'Give up a second store that is lost.',
    details:
      'The server must not be running. Started with another "--replica" folder, an empty one, it copies everything there anew. Nothing in the old folder is touched.',
    load: async () => (await backup()).forgetReplica,
  },
  {
    name: 'server fsck',
    group,
    positionals: [],
    options: {
      data: DATA,
      repair: flag('mend what can be mended; the server must not be running'),
    },
    summary: 'Look through everything a server holds, and say what does not fit together.',
    details:
      'Changes nothing without --repair. A repair deletes nothing, and keeps the database as it was beside the new one. Ends with 0 when everything fits.',
    load: async () => (await import('./verb-fsck.ts')).fsck,
  },
  {
    name: 'server export',
    group,
    positionals: ['WHAT', 'TO'],
    options: {
      data: DATA,
      replica: optional('FOLDER', 'second store of the server: what the first one lost is read there'),
    },
    summary: 'Write the files of a user, or of a namespace, as plain files and folders.',
    details:
      'WHAT is the name of a user or the id of a namespace, TO a new folder. Works while the server runs. Every version is told in history.jsonl; old versions are not written as files.',
    load: async () => (await import('./verb-export.ts')).exportFiles,
  },
  {
    name: 'user quota',
    group,
    positionals: [],
    options: {
      data: DATA,
      name: required('USER', 'name of the user'),
      set: optional(
        'SIZE|off',
        'what they may store from now on, as 500M or 10G; off: as much as there is room',
      ),
    },
    summary: 'Say what a user stores, and set how much it may be.',
    details:
      'Works while the server runs. Every stored piece counts once, also those of old versions. Of a full account new files wait on their computers, and their users are told; nothing is deleted.',
    load: async () => (await import('./verb-quota.ts')).quota,
  },
  {
    name: 'admin shares',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'List the shared folders and team spaces, who owns them, and what they store.',
    details: 'Works while the server runs.',
    load: async () => (await admin()).shares,
  },
  {
    name: 'admin quota',
    group,
    positionals: ['SHARE'],
    options: {
      data: DATA,
      set: optional(
        'SIZE|off',
        'what it may store from now on, as 500M or 10G; off: as much as there is room',
      ),
    },
    summary: 'Say what a shared folder or team space stores, and set how much it may be.',
    details:
      'SHARE is an id that "admin shares" lists. What stands in a share counts there, and not for its members. Works while the server runs.',
    load: async () => (await import('./verb-quota.ts')).shareQuota,
  },
  {
    name: 'admin devices',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'List the devices of all users, when they were seen, and how far behind they are.',
    details: 'Works while the server runs.',
    load: async () => (await admin()).devices,
  },
  {
    name: 'admin conflicts',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'List the conflicts that nobody settled, with their causes.',
    details: 'Works while the server runs.',
    load: async () => (await admin()).conflicts,
  },
  {
    name: 'admin jobs',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'Say how the work behind requests stands, and what it decided last.',
    details: 'Works while the server runs.',
    load: async () => (await admin()).jobs,
  },
  {
    name: 'admin explain',
    group,
    positionals: ['WHAT'],
    options: {
      data: DATA,
      user: optional('USER', 'only what this user has, or is in'),
      after: optional('PLACE', 'where an earlier answer says that it goes on'),
    },
    summary: 'Tell the story of a file, version, device, chunk or conflict.',
    details:
      'WHAT is a path, a name as somebody reported it (now or once, misspelled or cut short), or an id. Works while the server runs, and changes nothing.',
    load: async () => (await admin()).explain,
  },
  {
    name: 'admin stores',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'Say where chunks are kept, and how far second copies are behind.',
    details: 'Works while the server runs.',
    load: async () => (await admin()).stores,
  },
  {
    name: 'admin switch',
    group,
    positionals: ['[NAME]', '[on|off]'],
    options: { data: DATA, why: optional('TEXT', 'the reason, kept with the switch') },
    summary: 'List the switches for an incident, or turn one on or off.',
    details: 'Works while the server runs, from the next step of its jobs on.',
    load: async () => (await admin()).switches,
  },
];
