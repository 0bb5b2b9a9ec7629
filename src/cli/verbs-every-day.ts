/** Verbs about the engine that runs, what it did, and the devices beside it. Only data: it loads fast. */
import { flag, optional, required, STATE } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const live = () => import('./verb-live.ts');
const account = () => import('./verb-account.ts');
const report = () => import('./verb-report.ts');

export const RUNNING_VERBS: readonly Verb[] = [
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
];

export const DEVICE_VERBS: readonly Verb[] = [
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
];
