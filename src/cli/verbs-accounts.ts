/** The verbs about accounts, and about who may have one. Only data: it loads fast. */
import { flag, optional, required, STATE } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const password = () => import('./verb-password.ts');
const people = () => import('./verb-people.ts');
const DATA = required('DIR', 'data folder of the server');
const group = 'Look after a server';

export const CA = optional(
  'FILE',
  'trust the certificates in it (PEM) as well, of whoever issued the server’s',
);

export const ACCOUNT_VERBS: readonly Verb[] = [
  {
    name: 'sign-up',
    group: 'Set up',
    positionals: [],
    options: {
      server: required('URL', 'address of the server'),
      user: required('USER', 'the user name you want'),
      'password-file': required(
        'FILE',
        'file that holds the password and nothing else; - reads it from the input',
      ),
      'code-file': optional('FILE', 'file that holds the code of an invitation; - reads it from the input'),
      ca: CA,
    },
    summary: 'Make an account on a server, where its operator lets people do that.',
    details: 'A password has at least 10 characters and is not the user name.',
    load: async () => (await password()).signUp,
  },
  {
    name: 'password',
    group: 'Every day',
    positionals: [],
    options: {
      state: STATE,
      'password-file': required('FILE', 'file that holds the present password; - reads it from the input'),
      'new-password-file': required('FILE', 'file that holds the new one; - reads it from the input'),
      'unlink-others': flag('unlink every other device of yours: for when somebody knows the old password'),
    },
    summary: 'Change your password.',
    details:
      'Says how many other devices are linked. They stay linked, whatever the password, unless --unlink-others is given; files stay where they are in any case.',
    load: async () => (await password()).changePassword,
  },
  {
    name: 'admin administrators',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'List who may sign in to the console of the server.',
    details: 'Works while the server runs.',
    load: async () => (await people()).administrators,
  },
  {
    name: 'admin grant',
    group,
    positionals: ['USER'],
    options: { data: DATA },
    summary: 'Let a user sign in to the console of the server.',
    details: 'Works while the server runs. It gives no access to the files of others.',
    load: async () => (await people()).grant,
  },
  {
    name: 'admin withdraw',
    group,
    positionals: ['USER'],
    options: { data: DATA, yes: flag('also when it is the last administrator') },
    summary: 'Let a user sign in to the console no more.',
    details: 'Works while the server runs, and ends what they have open there.',
    load: async () => (await people()).withdraw,
  },
  {
    name: 'admin invite',
    group,
    positionals: [],
    options: { data: DATA, days: optional('N', 'for how many days it can be used (7)') },
    summary: 'Make a code with which one person can make an account.',
    details:
      'For a server with --sign-up invite. Works while the server runs. The code is shown once, and is used up by the account that is made with it.',
    load: async () => (await people()).invite,
  },
  {
    name: 'admin invites',
    group,
    positionals: [],
    options: { data: DATA },
    summary: 'List the codes that were made, and who came in by them.',
    details: 'Works while the server runs. The codes themselves are not kept.',
    load: async () => (await people()).invites,
  },
  {
    name: 'admin uninvite',
    group,
    positionals: ['CODE'],
    options: { data: DATA },
    summary: 'Take a code back that nobody used.',
    details:
      'By the id that "admin invites" lists it under, or by the code itself. Works while the server runs.',
    load: async () => (await people()).uninvite,
  },
];
