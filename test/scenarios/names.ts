/** Names: twins by case and by Unicode form, names that other systems refuse, names at the limits. */
import { scenarios } from './scenario.ts';
import { FOLDER } from './tree.ts';

const LONG = 'n'.repeat(240);

export const NAMES = scenarios(
  {
    name: 'names that differ only by case are two files where the disks tell them apart',
    covers: ['RULES 14', 'F019'],
    start: { 'xt_DSCP.h': 'upper' },
    steps: [{ on: 'A', do: 'write', path: 'xt_dscp.h', text: 'lower' }, { do: 'sync' }],
    expect: { tree: { 'xt_DSCP.h': 'upper', 'xt_dscp.h': 'lower' }, conflicts: 0 },
    real: true,
  },
  {
    name: 'a disk that folds case holds the later twin back and says so',
    covers: ['RULES 14', 'F019'],
    start: { 'Pod.txt': 'first' },
    steps: [{ on: 'A', do: 'write', path: 'pod.txt', text: 'second' }, { do: 'sync' }],
    expect: {
      tree: { 'Pod.txt': 'first', 'pod.txt': 'second' },
      except: { B: { 'Pod.txt': 'first' } },
      problems: { B: ['case-twin'] },
      state: { B: 'warning' },
    },
    foldingDisks: ['B'],
    fixedSides: true,
  },
  {
    name: 'deleting one twin where only it can exist leaves the other alone, which then comes down',
    covers: ['RULES 14', 'F019'],
    start: { 'Pod.txt': 'first' },
    steps: [
      { on: 'A', do: 'write', path: 'pod.txt', text: 'second' },
      { do: 'sync' },
      { on: 'B', do: 'remove', path: 'Pod.txt' },
      { do: 'sync' },
    ],
    expect: { tree: { 'pod.txt': 'second' } },
    foldingDisks: ['B'],
    fixedSides: true,
  },
  {
    name: 'a twin comes down as soon as it is renamed for everyone',
    covers: ['RULES 14', 'F019'],
    start: { 'Pod.txt': 'first' },
    steps: [
      { on: 'A', do: 'write', path: 'pod.txt', text: 'second' },
      { do: 'sync' },
      { on: 'A', do: 'move', from: 'pod.txt', to: 'pod 2.txt' },
      { do: 'sync' },
    ],
    expect: { tree: { 'Pod.txt': 'first', 'pod 2.txt': 'second' }, conflicts: 0 },
    foldingDisks: ['B'],
    fixedSides: true,
  },
  {
    name: 'a folder that was held back as a twin comes down with all that is in it as soon as it is renamed',
    covers: ['RULES 14'],
    start: { 'Pod/a.txt': 'one' },
    steps: [
      { on: 'A', do: 'mkdir', path: 'pod/deep' },
      { on: 'A', do: 'write', path: 'pod/deep/b.txt', text: 'two' },
      { do: 'pass', seconds: 20 },
      { on: 'B', do: 'see', tree: { 'Pod/a.txt': 'one' } },
      { on: 'A', do: 'move', from: 'pod', to: 'pea' },
      { do: 'sync' },
    ],
    expect: { tree: { 'Pod/a.txt': 'one', 'pea/deep/b.txt': 'two' }, conflicts: 0 },
    foldingDisks: ['B'],
    fixedSides: true,
  },
  {
    name: 'a folder that holds a twin back is deleted on the folding disk: the twin lives on',
    covers: ['RULES 10', 'RULES 14', 'F019'],
    start: { 'd/Pod.txt': 'first' },
    steps: [
      { on: 'A', do: 'write', path: 'd/pod.txt', text: 'second' },
      { do: 'sync' },
      { on: 'B', do: 'remove-all', path: 'd' },
      { do: 'sync' },
    ],
    expect: { tree: { 'd/pod.txt': 'second' } },
    foldingDisks: ['B'],
    fixedSides: true,
  },
  {
    name: 'a rename that changes only the case is one rename',
    covers: ['F017', 'RULES 14'],
    start: { 'Foo.txt': 'one', 'Dir/f.txt': 'two' },
    steps: [
      { on: 'A', do: 'move', from: 'Foo.txt', to: 'foo.txt' },
      { on: 'A', do: 'move', from: 'Dir', to: 'dir' },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'foo.txt': 'one', 'dir/f.txt': 'two' },
      history: { 'foo.txt': ['one'] },
      conflicts: 0,
      uploadedBelow: 1,
    },
    foldingDisks: ['B'],
  },
  {
    name: 'two renames of case in quick succession keep both files',
    covers: ['F018', 'RULES 14'],
    start: { 'Foo.txt': 'one', 'Bar.txt': 'two' },
    steps: [
      { on: 'A', do: 'move', from: 'Foo.txt', to: 'foo.txt' },
      { on: 'A', do: 'move', from: 'Bar.txt', to: 'bar.txt' },
      { on: 'A', do: 'move', from: 'foo.txt', to: 'FOO.txt' },
      { do: 'sync' },
    ],
    expect: { tree: { 'FOO.txt': 'one', 'bar.txt': 'two' }, conflicts: 0 },
    foldingDisks: ['A', 'B'],
  },
  {
    name: 'a decomposed name keeps its bytes',
    covers: ['F020', 'RULES 14'],
    start: { 'cafe\u0301.txt': 'one' },
    steps: [{ on: 'B', do: 'write', path: 'cafe\u0301.txt', text: 'two' }, { do: 'sync' }],
    expect: {
      tree: { 'cafe\u0301.txt': 'two' },
      history: { 'cafe\u0301.txt': ['two', 'one'] },
      conflicts: 0,
    },
    real: true,
  },
  {
    name: 'the same new file under both Unicode forms of one name is one file',
    covers: ['F020', 'RULES 14'],
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: 'cafe\u0301.txt', text: 'same' },
      { on: 'B', do: 'write', path: 'caf\u00e9.txt', text: 'same' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { 'cafe\u0301.txt': 'same' }, conflicts: 0 },
        B: { tree: { 'caf\u00e9.txt': 'same' }, conflicts: 0 },
      },
    },
  },
  {
    name: 'different new files under both Unicode forms of one name are both kept',
    covers: ['F020', 'RULES 14'],
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: 'cafe\u0301.txt', text: 'from A' },
      { on: 'B', do: 'write', path: 'caf\u00e9.txt', text: 'from B' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { 'cafe\u0301.txt': 'from A', 'caf* (*).txt': 'from B' } },
        B: { tree: { 'caf\u00e9.txt': 'from B', 'caf* (*).txt': 'from A' } },
      },
    },
  },
  {
    name: 'names that Windows refuses are ordinary names here',
    covers: ['F055', 'RULES 14'],
    steps: [
      { on: 'A', do: 'write', path: 'CON', text: 'console' },
      { on: 'A', do: 'write', path: 'a:b?.txt', text: 'colon' },
      { on: 'A', do: 'write', path: 'trailing dot.', text: 'dot' },
      { on: 'A', do: 'write', path: 'back\\slash', text: 'slash' },
      { do: 'sync' },
    ],
    expect: {
      tree: { CON: 'console', 'a:b?.txt': 'colon', 'trailing dot.': 'dot', 'back\\slash': 'slash' },
      conflicts: 0,
    },
    real: true,
  },
  {
    name: 'odd but legal names travel unchanged',
    covers: ['F034', 'F021'],
    steps: [
      { on: 'A', do: 'write', path: ' leading space', text: '1' },
      { on: 'A', do: 'write', path: '-rf', text: '2' },
      { on: 'A', do: 'write', path: '100%.txt', text: '3' },
      { on: 'A', do: 'write', path: '"quoted" & \'so\'', text: '4' },
      { on: 'A', do: 'write', path: 'line\nbreak', text: '5' },
      { on: 'A', do: 'write', path: '\u{1f600}', text: '6' },
      { on: 'A', do: 'mkdir', path: '...' },
      { on: 'A', do: 'write', path: `${LONG}.txt`, text: '7' },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        ' leading space': '1',
        '-rf': '2',
        '100%.txt': '3',
        '"quoted" & \'so\'': '4',
        'line\nbreak': '5',
        '\u{1f600}': '6',
        '...': FOLDER,
        [`${LONG}.txt`]: '7',
      },
      conflicts: 0,
    },
  },
  {
    name: 'the conflict copy of a file with the longest name has a name that fits',
    covers: ['DESIGN 6.9', 'F034'],
    start: { [`${LONG}.txt`]: 'one' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: `${LONG}.txt`, text: 'from A' },
      { on: 'B', do: 'write', path: `${LONG}.txt`, text: 'from B' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { [`${LONG}.txt`]: 'from A', 'nnn*(conflict*).txt': 'from B' }, conflicts: 1 },
        B: { tree: { [`${LONG}.txt`]: 'from B', 'nnn*(conflict*).txt': 'from A' }, conflicts: 1 },
      },
    },
  },
);
