/** What a rule leaves out stays where it is: never sent, never deleted. */
import { scenarios } from './scenario.ts';

export const IGNORE_RULES = scenarios(
  {
    name: 'what a rule names is not synced',
    covers: ['RULES 24', 'F048'],
    start: { '.tidemarkignore': '*.o\nbuild/\n' },
    steps: [
      { on: 'A', do: 'write', path: 'a.c', text: 'source' },
      { on: 'A', do: 'write', path: 'a.o', text: 'object' },
      { on: 'A', do: 'mkdir', path: 'build/deep' },
      { on: 'A', do: 'write', path: 'build/deep/x', text: 'built' },
      { do: 'sync' },
    ],
    expect: {
      tree: { '.tidemarkignore': '*.o\nbuild/\n', 'a.c': 'source' },
      except: {
        A: { '.tidemarkignore': '*.o\nbuild/\n', 'a.c': 'source', 'a.o': 'object', 'build/deep/x': 'built' },
      },
      conflicts: 0,
    },
    real: true,
  },
  {
    name: 'a new rule deletes nothing, anywhere',
    covers: ['F048', 'RULES 24', 'DESIGN 3'],
    start: { 'a.o': 'object', 'a.c': 'source' },
    steps: [
      { on: 'A', do: 'write', path: '.tidemarkignore', text: '*.o\n' },
      { do: 'sync' },
      { on: 'A', do: 'write', path: 'a.c', text: 'edited' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.o': 'object', 'a.c': 'edited', '.tidemarkignore': '*.o\n' }, conflicts: 0 },
  },
  {
    name: 'a file that a rule leaves out is edited and deleted on one device only',
    covers: ['F048', 'RULES 24'],
    start: { 'a.o': 'object', 'b.o': 'object' },
    steps: [
      { on: 'A', do: 'write', path: '.tidemarkignore', text: '*.o\n' },
      { do: 'sync' },
      { on: 'A', do: 'remove', path: 'a.o' },
      { on: 'A', do: 'write', path: 'b.o', text: 'new object' },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'a.o': 'object', 'b.o': 'object', '.tidemarkignore': '*.o\n' },
      except: { A: { 'b.o': 'new object', '.tidemarkignore': '*.o\n' } },
      conflicts: 0,
    },
  },
  {
    name: 'a rule is taken back: what it left out is synced, and nothing is deleted',
    covers: ['F047', 'RULES 24'],
    start: { '.tidemarkignore': '*.o\n' },
    steps: [
      { on: 'A', do: 'write', path: 'a.o', text: 'object' },
      { do: 'sync' },
      { on: 'B', do: 'save', path: '.tidemarkignore', text: '# nothing\n' },
      { do: 'sync' },
    ],
    expect: { tree: { '.tidemarkignore': '# nothing\n', 'a.o': 'object' }, conflicts: 0 },
  },
  {
    name: 'a rule is taken back on a device that deleted the file meanwhile: it comes down again',
    covers: ['F047', 'RULES 24'],
    start: { 'a.o': 'object' },
    steps: [
      { on: 'A', do: 'write', path: '.tidemarkignore', text: '*.o\n' },
      { do: 'sync' },
      { on: 'A', do: 'remove', path: 'a.o' },
      { do: 'sync' },
      { on: 'A', do: 'write', path: '.tidemarkignore', text: '# nothing\n' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.o': 'object', '.tidemarkignore': '# nothing\n' }, conflicts: 0 },
  },
  {
    name: 'a folder deleted elsewhere stays while it holds something that a rule leaves out',
    covers: ['F049', 'RULES 24'],
    start: { '.tidemarkignore': '*.o\n', 'd/x.c': 'source' },
    steps: [
      { on: 'B', do: 'write', path: 'd/x.o', text: 'object' },
      { do: 'sync' },
      { on: 'A', do: 'remove-all', path: 'd' },
      { do: 'sync' },
    ],
    expect: {
      tree: { '.tidemarkignore': '*.o\n' },
      except: { B: { '.tidemarkignore': '*.o\n', 'd/x.o': 'object' } },
      trash: { B: ['source'] },
      conflicts: 0,
    },
  },
  {
    name: 'exceptions to rules and rules of inner folders count as git counts them',
    covers: ['RULES 24'],
    start: { '.tidemarkignore': '*.log\n!keep.log\n/top.txt\n', 'in/.tidemarkignore': '!inner.log\n' },
    steps: [
      { on: 'A', do: 'write', path: 'a.log', text: '1' },
      { on: 'A', do: 'write', path: 'keep.log', text: '2' },
      { on: 'A', do: 'write', path: 'top.txt', text: '3' },
      { on: 'A', do: 'write', path: 'in/top.txt', text: '4' },
      { on: 'A', do: 'write', path: 'in/inner.log', text: '5' },
      { on: 'A', do: 'write', path: 'in/other.log', text: '6' },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        '.tidemarkignore': '*.log\n!keep.log\n/top.txt\n',
        'in/.tidemarkignore': '!inner.log\n',
        'keep.log': '2',
        'in/top.txt': '4',
        'in/inner.log': '5',
      },
      except: {
        A: {
          '.tidemarkignore': '*.log\n!keep.log\n/top.txt\n',
          'in/.tidemarkignore': '!inner.log\n',
          'a.log': '1',
          'keep.log': '2',
          'top.txt': '3',
          'in/top.txt': '4',
          'in/inner.log': '5',
          'in/other.log': '6',
        },
      },
      conflicts: 0,
    },
  },
  {
    name: 'a folder with something ignored in it is renamed elsewhere: the ignored file stays with it',
    covers: ['RULES 24', 'F049'],
    start: { '.tidemarkignore': '*.o\n', 'd/x.c': 'source' },
    steps: [
      { on: 'B', do: 'write', path: 'd/x.o', text: 'object' },
      { do: 'sync' },
      { on: 'A', do: 'move', from: 'd', to: 'e' },
      { do: 'sync' },
    ],
    expect: {
      tree: { '.tidemarkignore': '*.o\n', 'e/x.c': 'source' },
      except: { B: { '.tidemarkignore': '*.o\n', 'e/x.c': 'source', 'e/x.o': 'object' } },
      conflicts: 0,
    },
  },
);
