/** Other disks that show over a folder inside the synced one: what they hide is neither gone nor changed. */
import { scenarios } from './scenario.ts';

export const MOUNTS = scenarios(
  {
    name: 'a name that is looked at just after another disk was mounted over its folder is not taken for deleted',
    covers: ['F036', 'DESIGN 4: unseen × anything'],
    start: { 'ext/a.txt': 'one', 'b.txt': 'two' },
    steps: [
      { on: 'A', do: 'write', path: 'ext/a.txt', text: 'edited' },
      { on: 'A', do: 'mount-over', path: 'ext' },
      { do: 'pass', seconds: 60 },
      { on: 'B', do: 'see', tree: { 'ext/a.txt': 'one', 'b.txt': 'two' } },
      { on: 'A', do: 'unmount-over', path: 'ext' },
      { on: 'A', do: 'rescan' },
      { do: 'sync' },
    ],
    expect: { tree: { 'ext/a.txt': 'edited', 'b.txt': 'two' }, history: { 'ext/a.txt': ['edited', 'one'] } },
  },
  {
    name: 'a deletion elsewhere waits for what a mounted disk hides, and an undelete brings no second file',
    covers: ['F036', 'DESIGN 4: unseen × anything'],
    start: { 'ext/a.txt': 'one', 'ext/c.txt': 'three' },
    steps: [
      { on: 'A', do: 'mount-over', path: 'ext' },
      { on: 'B', do: 'remove', path: 'ext/a.txt' },
      { do: 'pass', seconds: 10 },
      { on: 'B', do: 'undelete', path: 'ext/a.txt' },
      { do: 'pass', seconds: 10 },
      { on: 'B', do: 'write', path: 'ext/a.txt', text: 'edited' },
      { do: 'pass', seconds: 10 },
      { on: 'A', do: 'unmount-over', path: 'ext' },
      { on: 'A', do: 'rescan' },
      { do: 'sync' },
    ],
    expect: { tree: { 'ext/a.txt': 'edited', 'ext/c.txt': 'three' }, conflicts: 0 },
  },
  {
    name: 'what stepped aside for a swap waits when a disk was mounted over the folder it goes to',
    covers: ['F015', 'F036'],
    start: { 'a.txt': 'one', 'ext/b.txt': 'two' },
    steps: [
      { on: 'A', do: 'mount-over', path: 'ext' },
      { on: 'B', do: 'swap', a: 'a.txt', b: 'ext/b.txt' },
      { do: 'pass', seconds: 30 },
      { on: 'A', do: 'unmount-over', path: 'ext' },
      { on: 'A', do: 'rescan' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.txt': 'two', 'ext/b.txt': 'one' }, conflicts: 0 },
  },
  {
    name: 'the problem of a mounted disk is over with it, also when a folder above was renamed meanwhile',
    covers: ['F036'],
    start: { 'd/ext/a.txt': 'one' },
    steps: [
      { on: 'A', do: 'mount-over', path: 'd/ext' },
      { on: 'A', do: 'rescan' },
      { do: 'pass', seconds: 5 },
      { on: 'A', do: 'move', from: 'd', to: 'g' },
      { do: 'pass', seconds: 5 },
      { on: 'A', do: 'unmount-over', path: 'g/ext' },
      { on: 'A', do: 'rescan' },
      { do: 'sync' },
    ],
    expect: { tree: { 'g/ext/a.txt': 'one' }, conflicts: 0 },
  },
);
