/** First syncs, lost states and second lives: both sides are merged, and nothing is deleted. */
import { scenarios } from './scenario.ts';

export const UNION_MERGES = scenarios(
  {
    name: 'a new device with an empty folder gets everything',
    covers: ['DESIGN 3: union merge', 'F125'],
    start: { 'a.txt': 'a', 'd/b.txt': 'b' },
    steps: [{ on: 'C', do: 'join', tree: {} }, { do: 'sync' }],
    expect: { tree: { 'a.txt': 'a', 'd/b.txt': 'b' }, conflicts: 0 },
    real: true,
  },
  {
    name: 'a new device that has the same files already sends and fetches nothing',
    covers: ['DESIGN 3: union merge', 'F125', 'RULES 12'],
    start: { 'a.txt': 'a', 'd/b.txt': 'b', 'd/run': { text: 'x', executable: true } },
    steps: [
      {
        on: 'C',
        do: 'join',
        tree: { 'a.txt': 'a', 'd/b.txt': 'b', 'd/run': { text: 'x', executable: true } },
      },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'a.txt': 'a', 'd/b.txt': 'b', 'd/run': { text: 'x', executable: true } },
      history: { 'a.txt': ['a'] },
      conflicts: 0,
      uploadedBelow: 1,
    },
  },
  {
    name: 'a new device that has other texts under the same names keeps both',
    covers: ['DESIGN 3: union merge', 'F122'],
    start: { 'a.txt': 'a', 'd/b.txt': 'b' },
    steps: [{ on: 'C', do: 'join', tree: { 'a.txt': 'other a', 'd/b.txt': 'b' } }, { do: 'sync' }],
    expect: { tree: { 'a.txt': 'a', 'a (*).txt': 'other a', 'd/b.txt': 'b' }, conflicts: 1 },
    real: true,
  },
  {
    name: 'a new device brings files of its own and lacks others: nothing is deleted',
    covers: ['DESIGN 3: union merge', 'F122', 'RULES 12'],
    start: { 'a.txt': 'a', 'd/b.txt': 'b' },
    steps: [{ on: 'C', do: 'join', tree: { 'd/c.txt': 'c', 'e/f/g.txt': 'g' } }, { do: 'sync' }],
    expect: {
      tree: { 'a.txt': 'a', 'd/b.txt': 'b', 'd/c.txt': 'c', 'e/f/g.txt': 'g' },
      conflicts: 0,
    },
  },
  {
    name: 'a lost state is rebuilt without a conflict and without a byte sent',
    covers: ['DESIGN 3: union merge', 'F122', 'F125', 'F179'],
    start: { 'a.txt': 'a', 'd/b.txt': 'b', l: { link: 'a.txt' } },
    steps: [{ on: 'B', do: 'lose-state' }, { do: 'sync' }],
    expect: {
      tree: { 'a.txt': 'a', 'd/b.txt': 'b', l: { link: 'a.txt' } },
      conflicts: 0,
      uploadedBelow: 1,
    },
  },
  {
    name: 'edits made before the state was lost become conflict copies, not losses',
    covers: ['F122', 'F123'],
    start: { 'a.txt': 'a', 'b.txt': 'b' },
    steps: [
      { on: 'B', do: 'stop' },
      { on: 'B', do: 'write', path: 'a.txt', text: 'edited unseen' },
      { on: 'B', do: 'lose-state' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.txt': 'a', 'a (*).txt': 'edited unseen', 'b.txt': 'b' }, conflicts: 1 },
  },
  {
    name: 'files deleted before the state was lost come back',
    covers: ['F122', 'F117', 'RULES 12'],
    start: { 'a.txt': 'a', 'b.txt': 'b' },
    steps: [
      { on: 'B', do: 'stop' },
      { on: 'B', do: 'remove', path: 'a.txt' },
      { on: 'B', do: 'lose-state' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.txt': 'a', 'b.txt': 'b' }, conflicts: 0 },
  },
  {
    name: 'a file that everybody deleted is not brought back by a new device that still has it',
    covers: ['DESIGN 4: zombie', 'RULES 12', 'F117'],
    start: { 'a.txt': 'a', 'b.txt': 'b' },
    steps: [
      { on: 'A', do: 'remove', path: 'a.txt' },
      { do: 'sync' },
      { on: 'C', do: 'join', tree: { 'a.txt': 'a', 'b.txt': 'b' } },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'b.txt': 'b' },
      except: { C: { 'a.txt': 'a', 'b.txt': 'b' } },
      review: { C: 1 },
      state: { C: 'needs-you' },
      conflicts: 0,
    },
  },
  {
    name: 'a new device shares in edits from its first moment',
    covers: ['RULES 16', 'DESIGN 6.5'],
    start: { 'a.txt': 'a' },
    steps: [
      { on: 'C', do: 'join', tree: { 'c.txt': 'c' } },
      { on: 'A', do: 'write', path: 'a.txt', text: 'edited' },
      { on: 'B', do: 'move', from: 'a.txt', to: 'd.txt' },
      { do: 'sync' },
      { on: 'C', do: 'append', path: 'd.txt', text: ' by C' },
      { do: 'sync' },
    ],
    expect: { tree: { 'd.txt': 'edited by C', 'c.txt': 'c' }, conflicts: 0 },
  },
);
