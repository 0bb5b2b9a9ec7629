/** Many deletions at once are held until somebody says yes. */
import type { Step } from './scenario.ts';
import { scenarios } from './scenario.ts';
import type { TreeSpec } from './tree.ts';

function photos(count: number): TreeSpec {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`photos/${i}.jpg`, `photo ${i}`]));
}

function removals(from: number, to: number): Step[] {
  return Array.from({ length: to - from }, (_, i) => ({
    on: 'A',
    do: 'remove',
    path: `photos/${from + i}.jpg`,
  }));
}

/** While the engine is stopped, so that it is one batch to it, however long `rm -r` takes. */
const REMOVAL: readonly Step[] = [
  { on: 'A', do: 'stop' },
  { on: 'A', do: 'remove-all', path: 'photos' },
  { on: 'A', do: 'start' },
];

export const DELETE_BRAKE = scenarios(
  {
    name: 'deleting many files at once is held, and the rest syncs on',
    covers: ['DESIGN 4: delete brake', 'RULES 17', 'F138'],
    start: { ...photos(12), 'notes.txt': 'one' },
    steps: [
      ...REMOVAL,
      { do: 'sync' },
      { on: 'A', do: 'write', path: 'notes.txt', text: 'two' },
      { on: 'B', do: 'write', path: 'other.txt', text: 'other' },
      { do: 'sync' },
    ],
    expect: {
      tree: { ...photos(12), 'notes.txt': 'two', 'other.txt': 'other' },
      except: { A: { 'notes.txt': 'two', 'other.txt': 'other' } },
      review: { A: 1 },
      state: { A: 'needs-you' },
    },
    brake: 10,
    fixedSides: true,
  },
  {
    name: 'a held deletion that is approved is carried out everywhere, and nobody asks again',
    covers: ['RULES 17', 'F138'],
    start: { ...photos(12), 'notes.txt': 'one' },
    steps: [...REMOVAL, { do: 'sync' }, { on: 'A', do: 'review', decision: 'approve' }, { do: 'sync' }],
    expect: { tree: { 'notes.txt': 'one' }, trash: { B: ['photo 0', 'photo 11'] } },
    brake: 10,
  },
  {
    name: 'a held deletion that is rejected comes back',
    covers: ['RULES 17', 'F139'],
    start: { ...photos(12), 'notes.txt': 'one' },
    steps: [...REMOVAL, { do: 'sync' }, { on: 'A', do: 'review', decision: 'reject' }, { do: 'sync' }],
    expect: { tree: { ...photos(12), 'notes.txt': 'one' }, conflicts: 0 },
    brake: 10,
  },
  {
    name: 'a deletion below the limit is not held',
    covers: ['RULES 17'],
    start: photos(12),
    steps: [...removals(0, 5), { do: 'sync' }],
    expect: {
      tree: Object.fromEntries(Object.entries(photos(12)).filter(([path]) => !/\/[0-4]\.jpg$/.test(path))),
    },
    brake: 10,
  },
  {
    name: 'a deletion in slices counts as one within ten minutes',
    covers: ['RULES 17'],
    start: photos(30),
    steps: [
      ...removals(0, 6),
      { do: 'sync' },
      { do: 'pass', seconds: 60 },
      ...removals(6, 12),
      { do: 'sync' },
      { do: 'pass', seconds: 60 },
      ...removals(12, 14),
      { do: 'sync' },
    ],
    expect: {
      tree: Object.fromEntries(Object.entries(photos(30)).filter(([path]) => !/\/[0-5]\.jpg$/.test(path))),
      except: {
        A: Object.fromEntries(
          Object.entries(photos(30)).filter(([path]) => !/\/(\d|1[0-3])\.jpg$/.test(path)),
        ),
      },
      review: { A: 1 },
      state: { A: 'needs-you' },
    },
    brake: 10,
    fixedSides: true,
  },
  {
    name: 'the same number of deletions over a day is not held',
    covers: ['RULES 17'],
    start: photos(30),
    steps: [
      ...removals(0, 6),
      { do: 'sync' },
      { do: 'pass', seconds: 3600 },
      ...removals(6, 12),
      { do: 'sync' },
    ],
    expect: {
      tree: Object.fromEntries(
        Object.entries(photos(30)).filter(([path]) => !/\/(\d|1[01])\.jpg$/.test(path)),
      ),
    },
    brake: 10,
  },
  {
    name: 'moving many files is not deleting them',
    covers: ['RULES 17', 'DESIGN 4: delete brake'],
    start: photos(12),
    steps: [{ on: 'A', do: 'move', from: 'photos', to: 'pictures' }, { do: 'sync' }],
    expect: {
      tree: Object.fromEntries(
        Object.entries(photos(12)).map(([path, text]) => [path.replace('photos', 'pictures'), text]),
      ),
      conflicts: 0,
    },
    brake: 10,
  },
);
