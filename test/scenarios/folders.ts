/** Folders made on several devices, and what may stand under one name. */
import { scenarios } from './scenario.ts';
import { FOLDER } from './tree.ts';

export const FOLDERS = scenarios(
  {
    name: 'new files, folders and deep trees arrive as they are',
    covers: ['DESIGN 4: created', 'F003', 'F141', 'RULES 7'],
    steps: [
      { on: 'A', do: 'mkdir', path: 'a/b/c/d/e/f/g' },
      { on: 'A', do: 'write', path: 'a/b/c/d/e/f/g/deep.txt', text: 'deep' },
      { on: 'A', do: 'write', path: 'a/top.txt', text: 'top' },
      { on: 'A', do: 'mkdir', path: 'empty/too' },
      { do: 'sync' },
      { on: 'B', do: 'write', path: 'a/b/c/more.txt', text: 'more' },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        'a/b/c/d/e/f/g/deep.txt': 'deep',
        'a/top.txt': 'top',
        'a/b/c/more.txt': 'more',
        'empty/too': FOLDER,
      },
      conflicts: 0,
    },
    real: true,
  },
  {
    name: 'folders of the same name made on both devices become one',
    covers: ['DESIGN 4: created at P × another node at P', 'RULES 7', 'F114'],
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'mkdir', path: 'd/sub' },
      { on: 'A', do: 'write', path: 'd/sub/a.txt', text: 'a' },
      { on: 'B', do: 'mkdir', path: 'd/sub' },
      { on: 'B', do: 'write', path: 'd/sub/b.txt', text: 'b' },
      { on: 'B', do: 'write', path: 'd/c.txt', text: 'c' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: { tree: { 'd/sub/a.txt': 'a', 'd/sub/b.txt': 'b', 'd/c.txt': 'c' }, conflicts: 0 },
    real: true,
  },
  {
    name: 'the same new file on both devices is one file',
    covers: ['DESIGN 4: created at P × another node at P', 'F114'],
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'write', path: 'd.txt', text: 'same' },
      { on: 'B', do: 'write', path: 'd.txt', text: 'same' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
      { on: 'B', do: 'write', path: 'd.txt', text: 'edited' },
      { do: 'sync' },
    ],
    expect: { tree: { 'd.txt': 'edited' }, history: { 'd.txt': ['edited', 'same'] }, conflicts: 0 },
  },
  {
    name: 'two different new files of one name are both kept',
    covers: ['DESIGN 4: created at P × another node at P', 'F114', 'RULES 7'],
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'mkdir', path: 'd' },
      { on: 'A', do: 'write', path: 'd/f.txt', text: 'from A' },
      { on: 'B', do: 'mkdir', path: 'd' },
      { on: 'B', do: 'write', path: 'd/f.txt', text: 'from B' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { 'd/f.txt': 'from A', 'd/f (*).txt': 'from B' }, conflicts: 1 },
        B: { tree: { 'd/f.txt': 'from B', 'd/f (*).txt': 'from A' }, conflicts: 1 },
      },
    },
  },
  {
    name: 'a new file and a new folder of one name are both kept',
    covers: ['RULES 11', 'DESIGN 4: created at P × another node at P'],
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'mkdir', path: 'x' },
      { on: 'A', do: 'write', path: 'x/a.txt', text: 'a' },
      { on: 'B', do: 'write', path: 'x', text: 'a file' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { 'x/a.txt': 'a', 'x (*)': 'a file' } },
        B: { tree: { x: 'a file', 'x (*)/a.txt': 'a' } },
      },
    },
  },
  {
    name: 'a file becomes a folder',
    covers: ['RULES 11', 'F046'],
    start: { thing: 'a file' },
    steps: [
      { on: 'A', do: 'remove', path: 'thing' },
      { on: 'A', do: 'mkdir', path: 'thing' },
      { on: 'A', do: 'write', path: 'thing/inside.txt', text: 'inside' },
      { do: 'sync' },
    ],
    expect: { tree: { 'thing/inside.txt': 'inside' }, trash: { B: ['a file'] }, conflicts: 0 },
  },
  {
    name: 'a folder becomes a file',
    covers: ['RULES 11', 'F046'],
    start: { 'thing/inside.txt': 'inside' },
    steps: [
      { on: 'A', do: 'remove-all', path: 'thing' },
      { on: 'A', do: 'write', path: 'thing', text: 'a file' },
      { do: 'sync' },
    ],
    expect: { tree: { thing: 'a file' }, trash: { B: ['inside'] }, conflicts: 0 },
  },
  {
    name: 'a folder is renamed and its old name is used again at once',
    covers: ['RULES 13', 'F040'],
    start: { 'd/old.txt': 'old' },
    steps: [
      { on: 'A', do: 'move', from: 'd', to: 'e' },
      { on: 'A', do: 'mkdir', path: 'd' },
      { on: 'A', do: 'write', path: 'd/new.txt', text: 'new' },
      { do: 'sync' },
    ],
    expect: { tree: { 'e/old.txt': 'old', 'd/new.txt': 'new' }, conflicts: 0 },
  },
  {
    name: 'a folder is renamed on one device while a folder of the new name is made on the other',
    covers: ['F115', 'DESIGN 4: created at P × another node at P'],
    start: { 'old/f.txt': 'one' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'move', from: 'old', to: 'new' },
      { on: 'B', do: 'mkdir', path: 'new' },
      { on: 'B', do: 'write', path: 'new/g.txt', text: 'two' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      oneOf: [
        { 'new/f.txt': 'one', 'new/g.txt': 'two' },
        { 'new/f.txt': 'one', 'new (*)/g.txt': 'two' },
        { 'new/g.txt': 'two', 'new (*)/f.txt': 'one' },
      ],
    },
  },
  {
    name: 'many small files in one folder arrive, each with its own text',
    covers: ['RULES 8', 'RULES 22', 'F001'],
    steps: [
      { on: 'A', do: 'mkdir', path: 'many' },
      ...Array.from({ length: 60 }, (_, i) => ({
        on: 'A' as const,
        do: 'write' as const,
        path: `many/${i}.txt`,
        text: `file ${i}`,
      })),
      { do: 'sync' },
    ],
    expect: {
      tree: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`many/${i}.txt`, `file ${i}`])),
      conflicts: 0,
    },
  },
);
