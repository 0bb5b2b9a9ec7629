/** Swaps, rings, cycles, inverted trees: moves that only make sense together, or must not happen together. */

import { scenarios } from './scenario.ts';
import { FOLDER } from './tree.ts';

export const REARRANGEMENTS = scenarios(
  {
    name: 'two files swap their names and no bytes move',
    covers: ['DESIGN 4: swaps and rings', 'F015', 'RULES 19'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b' },
    steps: [{ on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' }, { do: 'sync' }],
    expect: {
      tree: { 'a.txt': 'was b', 'b.txt': 'was a' },
      history: { 'a.txt': ['was b'], 'b.txt': ['was a'] },
      conflicts: 0,
      uploadedBelow: 1,
    },
    real: true,
  },
  {
    name: 'two folders swap their names and no bytes move',
    covers: ['DESIGN 4: swaps and rings', 'F015'],
    start: { 'a/1.txt': 'one', 'b/2.txt': 'two' },
    steps: [{ on: 'A', do: 'swap', a: 'a', b: 'b' }, { do: 'sync' }],
    expect: { tree: { 'b/1.txt': 'one', 'a/2.txt': 'two' }, conflicts: 0, uploadedBelow: 1 },
  },
  {
    name: 'three files pass their names on in a ring',
    covers: ['DESIGN 4: swaps and rings', 'F016'],
    start: { a: '1', b: '2', c: '3' },
    steps: [{ on: 'A', do: 'ring', paths: ['a', 'b', 'c'] }, { do: 'sync' }],
    expect: {
      tree: { b: '1', c: '2', a: '3' },
      history: { a: ['3'], b: ['1'], c: ['2'] },
      conflicts: 0,
      uploadedBelow: 1,
    },
  },
  {
    name: 'three files pass their names on in a ring and are edited, while the other device is away',
    covers: ['DESIGN 4: swaps and rings', 'DESIGN 4: moved × edited', 'F016'],
    start: { a: '1', b: '2', c: '3' },
    steps: [
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'ring', paths: ['a', 'b', 'c'] },
      { do: 'sync' },
      { on: 'A', do: 'write', path: 'a', text: 'three, edited' },
      { on: 'A', do: 'write', path: 'b', text: 'one, edited' },
      { do: 'sync' },
      { on: 'B', do: 'online' },
      { do: 'sync' },
    ],
    expect: { tree: { b: 'one, edited', c: '2', a: 'three, edited' }, conflicts: 0 },
  },
  {
    name: 'five folders pass their names on in a ring',
    covers: ['DESIGN 4: swaps and rings', 'F016'],
    start: { 'a/f': '1', 'b/f': '2', 'c/f': '3', 'd/f': '4', 'e/f': '5' },
    steps: [{ on: 'A', do: 'ring', paths: ['a', 'b', 'c', 'd', 'e'] }, { do: 'sync' }],
    expect: {
      tree: { 'b/f': '1', 'c/f': '2', 'd/f': '3', 'e/f': '4', 'a/f': '5' },
      conflicts: 0,
      uploadedBelow: 1,
    },
  },
  {
    name: 'a swap here and an edit there: the edit follows its file',
    covers: ['F015', 'DESIGN 4: moved × edited'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' },
      { on: 'B', do: 'write', path: 'a.txt', text: 'edited a' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: { tree: { 'b.txt': 'edited a', 'a.txt': 'was b' }, conflicts: 0 },
  },
  {
    name: 'the same swap on both devices is done once',
    covers: ['F015', 'DESIGN 4: moved × moved elsewhere'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' },
      { on: 'B', do: 'swap', a: 'a.txt', b: 'b.txt' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.txt': 'was b', 'b.txt': 'was a' }, conflicts: 0 },
  },
  {
    name: 'a swap made while the engine was stopped',
    covers: ['F015', 'RULES 13'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b' },
    steps: [
      { on: 'A', do: 'stop' },
      { on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' },
      { on: 'A', do: 'start' },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'a.txt': 'was b', 'b.txt': 'was a' },
      history: { 'a.txt': ['was b'] },
      conflicts: 0,
      uploadedBelow: 1,
    },
  },
  {
    name: 'a swap on a disk without birth times keeps both contents',
    covers: ['F015', 'RULES 13', 'F040'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b' },
    steps: [{ on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' }, { do: 'sync' }],
    expect: { tree: { 'a.txt': 'was b', 'b.txt': 'was a' }, conflicts: 0 },
    disk: 'no-birth-times',
  },
  {
    name: 'two folders moved into each other on two devices make no cycle',
    covers: ['DESIGN 4: moves that would make a cycle', 'F111'],
    start: { 'a/1.txt': 'one', 'b/2.txt': 'two' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'move', from: 'a', to: 'b/a' },
      { on: 'B', do: 'move', from: 'b', to: 'a/b' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { 'b/2.txt': 'two', 'b/a/1.txt': 'one' } },
        B: { tree: { 'a/1.txt': 'one', 'a/b/2.txt': 'two' } },
      },
    },
  },
  {
    name: 'three folders moved into each other on two devices make no cycle',
    covers: ['DESIGN 4: moves that would make a cycle', 'F112', 'FAILURES 3.3 R4'],
    start: { 'a/1': 'one', 'b/2': 'two', 'c/3': 'three' },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'move', from: 'a', to: 'b/a' },
      { on: 'B', do: 'move', from: 'b', to: 'c/b' },
      { on: 'B', do: 'move', from: 'c', to: 'a/c' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        // Which of B's two moves is the one too many depends on which of them is sent first.
        A: {
          oneOf: [
            { 'c/3': 'three', 'c/b/2': 'two', 'c/b/a/1': 'one' },
            { 'b/2': 'two', 'b/a/1': 'one', 'b/a/c/3': 'three' },
          ],
        },
        B: { tree: { 'a/1': 'one', 'a/c/3': 'three', 'a/c/b/2': 'two' } },
      },
    },
  },
  {
    name: 'a folder and the folder in it change places',
    covers: ['FAILURES 3.3 R3', 'FAILURES 3.3 R4'],
    start: { 'a/1.txt': 'one', 'a/b/2.txt': 'two' },
    steps: [
      { on: 'A', do: 'move', from: 'a/b', to: 'b' },
      { on: 'A', do: 'move', from: 'a', to: 'b/a' },
      { do: 'sync' },
    ],
    expect: { tree: { 'b/2.txt': 'two', 'b/a/1.txt': 'one' }, conflicts: 0, uploadedBelow: 1 },
  },
  {
    name: 'a folder takes the name of the folder it was in, which is deleted',
    covers: ['FAILURES 3.3 R3', 'F142'],
    start: { 'd/d/f.txt': 'one', 'd/g.txt': 'two' },
    steps: [
      { on: 'A', do: 'move', from: 'd/d', to: 'kept' },
      { on: 'A', do: 'remove-all', path: 'd' },
      { on: 'A', do: 'move', from: 'kept', to: 'd' },
      { do: 'sync' },
    ],
    expect: { tree: { 'd/f.txt': 'one' }, conflicts: 0 },
  },
  {
    name: 'a file takes the name of the folder it was in',
    covers: ['FAILURES 3.3 R3', 'RULES 13'],
    start: { 'd/d': 'one' },
    steps: [
      { on: 'A', do: 'stop' },
      { on: 'A', do: 'move', from: 'd/d', to: 'kept' },
      { on: 'A', do: 'remove-all', path: 'd' },
      { on: 'A', do: 'move', from: 'kept', to: 'd' },
      { on: 'A', do: 'start' },
      { do: 'sync' },
    ],
    expect: { tree: { d: 'one' }, history: { d: ['one'] }, conflicts: 0 },
  },
  {
    name: 'a swap whose plan is cut by a kill on the receiving side is finished after the restart',
    covers: ['F015', 'RULES 19'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b' },
    steps: [
      { on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' },
      { do: 'pass', seconds: 0.35 },
      { on: 'B', do: 'kill' },
      { on: 'B', do: 'start' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.txt': 'was b', 'b.txt': 'was a' }, conflicts: 0, uploadedBelow: 1 },
  },
  {
    name: 'the disk of a device that cannot exchange names still swaps',
    covers: ['F015', 'RULES 18'],
    start: { 'a.txt': 'was a', 'b.txt': 'was b', empty: FOLDER },
    steps: [{ on: 'A', do: 'swap', a: 'a.txt', b: 'b.txt' }, { do: 'sync' }],
    expect: { tree: { 'a.txt': 'was b', 'b.txt': 'was a', empty: FOLDER }, conflicts: 0 },
    disk: 'no-exchange',
  },
);
