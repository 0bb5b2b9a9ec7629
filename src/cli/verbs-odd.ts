/** Verbs for when something is odd. Only data: it loads fast. */
import { flag, optional, STATE } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const report = () => import('./verb-report.ts');
const diagnosis = () => import('./verb-diagnosis.ts');

export const ODD_VERBS: readonly Verb[] = [
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
];
