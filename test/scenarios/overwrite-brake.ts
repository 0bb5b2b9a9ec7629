/** Many files that come out of something that encrypts them are held until somebody says yes. */
import type { Step } from './scenario.ts';
import { scenarios } from './scenario.ts';
import type { TreeSpec } from './tree.ts';

const COUNT = 12;

function papers(say: (i: number) => string, extension = '.doc'): TreeSpec {
  return Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [`papers/${i}${extension}`, say(i)]));
}

const PAPERS = papers((i) => `paper ${i}`);
const LOCKED = papers((i) => `gibberish ${i}`, '.doc.locked');

function each(steps: (path: string, i: number) => readonly Step[]): readonly Step[] {
  return Object.keys(PAPERS).flatMap((path, i) => steps(path, i));
}

/** Seen while the engine pauses, so that it is one batch to it. */
const ENCRYPTION: readonly Step[] = [
  { on: 'A', do: 'pause' },
  ...each((path, i) => [
    { on: 'A', do: 'write', path, text: `gibberish ${i}` },
    { on: 'A', do: 'move', from: path, to: `${path}.locked` },
  ]),
  { do: 'pass', seconds: 5 },
  { on: 'A', do: 'resume' },
];

export const OVERWRITE_BRAKE = scenarios(
  {
    name: 'many files with one more extension and another content are held, and the rest syncs on',
    covers: ['DESIGN 4: delete brake', 'RULES 17'],
    start: { ...PAPERS, 'notes.txt': 'one' },
    steps: [
      ...ENCRYPTION,
      { do: 'sync' },
      { on: 'A', do: 'write', path: 'notes.txt', text: 'two' },
      { on: 'B', do: 'write', path: 'other.txt', text: 'other' },
      { do: 'sync' },
    ],
    expect: {
      tree: { ...PAPERS, 'notes.txt': 'two', 'other.txt': 'other' },
      except: { A: { ...LOCKED, 'notes.txt': 'two', 'other.txt': 'other' } },
      review: { A: 1 },
      state: { A: 'needs-you' },
    },
    brake: 10,
    fixedSides: true,
  },
  {
    name: 'a held overwriting that is approved is carried out everywhere, and nobody asks again',
    covers: ['RULES 17'],
    start: PAPERS,
    steps: [...ENCRYPTION, { do: 'sync' }, { on: 'A', do: 'review', decision: 'approve' }, { do: 'sync' }],
    expect: { tree: LOCKED, conflicts: 0 },
    brake: 10,
  },
  {
    name: 'a held overwriting that is rejected: the contents and names from before come back',
    covers: ['RULES 17'],
    start: { ...PAPERS, 'notes.txt': 'one' },
    steps: [...ENCRYPTION, { do: 'sync' }, { on: 'A', do: 'review', decision: 'reject' }, { do: 'sync' }],
    expect: {
      tree: { ...PAPERS, 'notes.txt': 'one' },
      trash: { A: ['gibberish 0', 'gibberish 11'] },
      conflicts: 0,
    },
    brake: 10,
  },
  {
    name: 'a held overwriting is over when the user puts the files back',
    covers: ['RULES 17'],
    start: PAPERS,
    steps: [
      ...ENCRYPTION,
      { do: 'sync' },
      ...each((path, i) => [
        { on: 'A', do: 'move', from: `${path}.locked`, to: path },
        { on: 'A', do: 'write', path, text: `paper ${i}` },
      ]),
      { do: 'sync' },
    ],
    expect: { tree: PAPERS, conflicts: 0 },
    brake: 10,
  },
  {
    name: 'one more extension alone, or another content alone, is everyday work',
    covers: ['RULES 17'],
    start: PAPERS,
    steps: [
      ...each((path) => [{ on: 'A', do: 'move', from: path, to: `${path}.old` }]),
      { do: 'sync' },
      ...each((path) => [{ on: 'A', do: 'append', path: `${path}.old`, text: ', revised' }]),
      { do: 'sync' },
    ],
    expect: { tree: papers((i) => `paper ${i}, revised`, '.doc.old'), conflicts: 0 },
    brake: 10,
  },
);
