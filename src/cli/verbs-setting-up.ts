/** Verbs that set up a server, its first users and a device. Only data: it loads fast. */
import { flag, optional, required } from './option-shapes.ts';
import type { Verb } from './verbs.ts';
import { CA } from './verbs-accounts.ts';

const server = () => import('./verb-server.ts');

export const SET_UP_VERBS: readonly Verb[] = [
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
      cold: optional('FOLDER', 'what only old versions use is kept there; best on a large, slow disk'),
      'thaw-delay': optional('SECONDS', 'how long it takes until something there can be read (0)'),
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
];
