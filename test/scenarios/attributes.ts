/** Executable bits and times: what makes a version, what does not, and edits that hide behind them. */
import { scenarios } from './scenario.ts';

export const ATTRIBUTES = scenarios(
  {
    name: 'a program that becomes executable becomes so everywhere',
    covers: ['RULES 3', 'F057'],
    start: { 'run.sh': 'echo' },
    steps: [{ on: 'A', do: 'chmod', path: 'run.sh', executable: true }, { do: 'sync' }],
    expect: {
      tree: { 'run.sh': { text: 'echo', executable: true } },
      history: { 'run.sh': ['echo', 'echo'] },
      conflicts: 0,
    },
    real: true,
  },
  {
    name: 'an edit keeps the executable bit that the other device sees',
    covers: ['RULES 3', 'F057'],
    start: { 'run.sh': { text: 'echo', executable: true } },
    steps: [{ on: 'A', do: 'write', path: 'run.sh', text: 'echo 2' }, { do: 'sync' }],
    expect: { tree: { 'run.sh': { text: 'echo 2', executable: true } }, conflicts: 0 },
  },
  {
    name: 'making a file executable and editing it elsewhere are two versions that clash',
    covers: ['RULES 3', 'F105'],
    start: { 'run.sh': 'echo' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'chmod', path: 'run.sh', executable: true },
      { on: 'B', do: 'write', path: 'run.sh', text: 'echo 2' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: {
          tree: { 'run.sh': { text: 'echo', executable: true }, 'run (conflict*).sh': 'echo 2' },
          conflicts: 1,
        },
        B: {
          tree: { 'run.sh': 'echo 2', 'run (conflict*).sh': { text: 'echo', executable: true } },
          conflicts: 1,
        },
      },
    },
  },
  {
    name: 'touching a file makes no version',
    covers: ['RULES 3', 'F014'],
    start: { 'notes.txt': 'one' },
    steps: [{ on: 'A', do: 'touch', path: 'notes.txt', at: 1_000_000_000 }, { do: 'sync' }],
    expect: {
      tree: { 'notes.txt': 'one' },
      history: { 'notes.txt': ['one'] },
      conflicts: 0,
      uploadedBelow: 1,
    },
  },
  {
    name: 'times in the far future and in 1970 change nothing',
    covers: ['F014', 'RULES 22', 'F043'],
    start: { 'old.txt': 'one', 'new.txt': 'one' },
    steps: [
      { on: 'A', do: 'touch', path: 'old.txt', at: 0 },
      { on: 'A', do: 'touch', path: 'new.txt', at: 4_000_000_000 },
      { do: 'sync' },
      { on: 'B', do: 'write', path: 'old.txt', text: 'two' },
      { on: 'B', do: 'write', path: 'new.txt', text: 'two' },
      { on: 'B', do: 'touch', path: 'new.txt', at: 4_000_000_000 },
      { do: 'sync' },
    ],
    expect: { tree: { 'old.txt': 'two', 'new.txt': 'two' }, conflicts: 0 },
  },
  {
    name: 'an edit of equal length with its old time put back is seen',
    covers: ['F011', 'F013', 'DESIGN 3'],
    start: { 'data.bin': 'aaaa' },
    steps: [
      { do: 'pass', seconds: 10 },
      { on: 'A', do: 'edit-keeping-time', path: 'data.bin', text: 'bbbb' },
      { do: 'sync' },
    ],
    expect: { tree: { 'data.bin': 'bbbb' }, history: { 'data.bin': ['bbbb', 'aaaa'] }, conflicts: 0 },
  },
  {
    name: 'an edit of equal length right after another is seen on a disk with coarse times',
    covers: ['F012'],
    start: { 'data.bin': 'aaaa' },
    steps: [
      { on: 'A', do: 'write', path: 'data.bin', text: 'bbbb' },
      { do: 'pass', seconds: 0.3 },
      { on: 'A', do: 'write', path: 'data.bin', text: 'cccc' },
      { do: 'sync' },
    ],
    expect: { tree: { 'data.bin': 'cccc' }, conflicts: 0 },
    disk: 'coarse-times',
  },
  {
    name: 'a copy that keeps an older time is a new version',
    covers: ['F011'],
    start: { 'old.txt': 'older', 'notes.txt': 'newer' },
    steps: [
      { on: 'A', do: 'touch', path: 'old.txt', at: 1_000_000_000 },
      { do: 'sync' },
      { on: 'A', do: 'copy', from: 'old.txt', to: 'notes.txt' },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'old.txt': 'older', 'notes.txt': 'older' },
      history: { 'notes.txt': ['older', 'newer'] },
      conflicts: 0,
    },
  },
);
