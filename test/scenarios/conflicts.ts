/** Conflict copies: one for each edit that lost a race, linked to what it clashed with until somebody settles it. */
import type { Step } from './scenario.ts';
import { scenarios } from './scenario.ts';

/** B loses the race for notes.txt. */
const CLASH: readonly Step[] = [
  { on: 'B', do: 'offline' },
  { on: 'A', do: 'write', path: 'notes.txt', text: 'from A' },
  { do: 'sync' },
  { on: 'B', do: 'write', path: 'notes.txt', text: 'from B' },
  { on: 'B', do: 'online' },
  { do: 'sync' },
];

export const CONFLICTS = scenarios(
  {
    name: 'keeping both settles a conflict and leaves both files',
    covers: ['DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [...CLASH, { on: 'A', do: 'resolve', keep: 'both' }, { do: 'sync' }],
    expect: { tree: { 'notes.txt': 'from A', 'notes (conflict*).txt': 'from B' }, conflicts: 0 },
  },
  {
    name: 'keeping mine puts the text of this device at the path and removes the copy',
    covers: ['DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [...CLASH, { on: 'B', do: 'resolve', keep: 'mine' }, { do: 'sync' }],
    expect: {
      tree: { 'notes.txt': 'from B' },
      history: { 'notes.txt': ['from B', 'from A', 'one'] },
      conflicts: 0,
    },
  },
  {
    name: 'keeping theirs removes the copy',
    covers: ['DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [...CLASH, { on: 'B', do: 'resolve', keep: 'theirs' }, { do: 'sync' }],
    expect: { tree: { 'notes.txt': 'from A' }, history: { 'notes.txt': ['from A', 'one'] }, conflicts: 0 },
  },
  {
    name: 'a renamed conflict copy is still that conflict',
    covers: ['DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [
      ...CLASH,
      { on: 'A', do: 'move', from: 'notes (conflict*).txt', to: 'theirs.txt' },
      { do: 'sync' },
      { on: 'B', do: 'resolve', keep: 'mine' },
      { do: 'sync' },
    ],
    expect: { tree: { 'notes.txt': 'from B' }, conflicts: 0 },
  },
  {
    name: 'the loser of a race keeps editing its copy',
    covers: ['RULES 6', 'F136'],
    start: { 'notes.txt': 'one' },
    steps: [
      ...CLASH,
      { on: 'B', do: 'append', path: 'notes (conflict*).txt', text: ' again' },
      { on: 'A', do: 'append', path: 'notes.txt', text: ' again' },
      { do: 'sync' },
    ],
    expect: { tree: { 'notes.txt': 'from A again', 'notes (conflict*).txt': 'from B again' }, conflicts: 1 },
  },
  {
    name: 'a conflict about a conflict copy is one more copy, and its name does not nest',
    covers: ['F136', 'DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [
      ...CLASH,
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: 'notes (conflict*).txt', text: 'copy by A' },
      { on: 'B', do: 'write', path: 'notes (conflict*).txt', text: 'copy by B' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        'notes.txt': 'from A',
        'notes (conflict*.txt': 'copy by A',
        'notes (conflict - *.txt': 'copy by B',
      },
      conflicts: 2,
    },
  },
  {
    name: 'a second conflict in the same minute gets a name of its own',
    covers: ['F135', 'DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [
      ...CLASH,
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: 'notes.txt', text: 'from A 2' },
      { do: 'sync' },
      { on: 'B', do: 'write', path: 'notes.txt', text: 'from B 2' },
      { on: 'B', do: 'online' },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        'notes.txt': 'from A 2',
        'notes (conflict*.txt': 'from B',
        'notes (conflict - *.txt': 'from B 2',
      },
      conflicts: 2,
    },
  },
  {
    name: 'three devices that edit at once make one head and two copies',
    covers: ['F105', 'F136', 'DESIGN 9.4'],
    start: { 'notes.txt': 'one' },
    steps: [
      { on: 'C', do: 'join', tree: {} },
      { do: 'sync' },
      { on: 'B', do: 'offline' },
      { on: 'C', do: 'offline' },
      { on: 'A', do: 'write', path: 'notes.txt', text: 'from A' },
      { do: 'sync' },
      { on: 'B', do: 'write', path: 'notes.txt', text: 'from B' },
      { on: 'C', do: 'write', path: 'notes.txt', text: 'from C' },
      { on: 'B', do: 'online' },
      { do: 'sync' },
      { on: 'C', do: 'online' },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        'notes.txt': 'from A',
        'notes (conflict*.txt': 'from B',
        'notes (conflict - *.txt': 'from C',
      },
      conflicts: 2,
    },
    real: true,
  },
  {
    name: 'three devices that save the same text at once make no conflict',
    covers: ['DESIGN 4: edited × new head, same content', 'F137'],
    start: { 'notes.txt': 'one' },
    steps: [
      { on: 'C', do: 'join', tree: {} },
      { do: 'sync' },
      { on: 'A', do: 'write', path: 'notes.txt', text: 'same' },
      { on: 'B', do: 'write', path: 'notes.txt', text: 'same' },
      { on: 'C', do: 'save', path: 'notes.txt', text: 'same' },
      { do: 'sync' },
    ],
    expect: { tree: { 'notes.txt': 'same' }, history: { 'notes.txt': ['same', 'one'] }, conflicts: 0 },
  },
  {
    name: 'a deleted conflict copy stays deleted',
    covers: ['F136', 'DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [...CLASH, { on: 'A', do: 'remove', path: 'notes (conflict*).txt' }, { do: 'sync' }],
    expect: { tree: { 'notes.txt': 'from A' } },
  },
  {
    name: 'a copy may be moved over the original by hand',
    covers: ['RULES 13', 'DESIGN 6.9'],
    start: { 'notes.txt': 'one' },
    steps: [
      ...CLASH,
      { on: 'B', do: 'move', from: 'notes (conflict*).txt', to: 'notes.txt' },
      { do: 'sync' },
    ],
    expect: { tree: { 'notes.txt': 'from B' }, history: { 'notes.txt': ['from B', 'from A', 'one'] } },
  },
  {
    name: 'the loser was also renamed elsewhere: both the new name and the copy are right',
    covers: ['DESIGN 4: moved × edited', 'F105', 'RULES 6'],
    start: { 'notes.txt': 'one' },
    steps: [
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: 'notes.txt', text: 'from A' },
      { on: 'A', do: 'move', from: 'notes.txt', to: 'renamed.txt' },
      { do: 'sync' },
      { on: 'B', do: 'write', path: 'notes.txt', text: 'from B' },
      { on: 'B', do: 'online' },
      { do: 'sync' },
    ],
    expect: { tree: { 'renamed.txt': 'from A', 'renamed (conflict*).txt': 'from B' }, conflicts: 1 },
  },
);
