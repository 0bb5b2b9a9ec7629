/** Symbolic links are synced as links and never followed. */
import { scenarios } from './scenario.ts';

export const LINKS = scenarios(
  {
    name: 'links arrive as links: to a file, to a folder, to nothing, to themselves, to the outside',
    covers: ['F022', 'F025', 'F193'],
    start: { 'd/f.txt': 'one' },
    steps: [
      { on: 'A', do: 'link', path: 'to file', target: 'd/f.txt' },
      { on: 'A', do: 'link', path: 'to folder', target: 'd' },
      { on: 'A', do: 'link', path: 'to nothing', target: 'nowhere' },
      { on: 'A', do: 'link', path: 'to itself', target: 'to itself' },
      { on: 'A', do: 'link', path: 'd/up', target: '..' },
      { on: 'A', do: 'link', path: 'outside', target: '/etc/hostname' },
      { do: 'sync' },
    ],
    expect: {
      tree: {
        'd/f.txt': 'one',
        'to file': { link: 'd/f.txt' },
        'to folder': { link: 'd' },
        'to nothing': { link: 'nowhere' },
        'to itself': { link: 'to itself' },
        'd/up': { link: '..' },
        outside: { link: '/etc/hostname' },
      },
      conflicts: 0,
    },
    real: true,
  },
  {
    name: 'a link that points elsewhere now is a new version of it',
    covers: ['RULES 3'],
    start: { current: { link: 'v1' } },
    steps: [
      { on: 'A', do: 'link', path: 'current', target: 'v2' },
      { do: 'sync' },
      { on: 'B', do: 'link', path: 'current', target: 'v3' },
      { do: 'sync' },
    ],
    expect: { tree: { current: { link: 'v3' } }, conflicts: 0 },
  },
  {
    name: 'a link changed on both devices is kept twice',
    covers: ['RULES 3', 'F105'],
    start: { current: { link: 'v1' } },
    steps: [
      { on: 'A', do: 'offline' },
      { on: 'B', do: 'offline' },
      { on: 'A', do: 'link', path: 'current', target: 'v2' },
      { on: 'B', do: 'link', path: 'current', target: 'v3' },
      { do: 'reconnect', order: ['A', 'B'] },
      { do: 'sync' },
    ],
    expect: {
      first: {
        A: { tree: { current: { link: 'v2' }, 'current (conflict*)': { link: 'v3' } }, conflicts: 1 },
        B: { tree: { current: { link: 'v3' }, 'current (conflict*)': { link: 'v2' } }, conflicts: 1 },
      },
    },
  },
  {
    name: 'a file becomes a link and a link becomes a file',
    covers: ['RULES 3'],
    start: { 'a.txt': 'one', b: { link: 'a.txt' } },
    steps: [
      { on: 'A', do: 'remove', path: 'a.txt' },
      { on: 'A', do: 'link', path: 'a.txt', target: 'b' },
      { on: 'A', do: 'remove', path: 'b' },
      { on: 'A', do: 'write', path: 'b', text: 'two' },
      { do: 'sync' },
    ],
    expect: { tree: { 'a.txt': { link: 'b' }, b: 'two' }, conflicts: 0 },
  },
  {
    name: 'a folder becomes a link to where its files went: nothing behind the link is taken for deleted or followed',
    covers: ['F024', 'F193', 'RULES 24'],
    start: { 'd/f.txt': 'one' },
    steps: [
      { on: 'A', do: 'move', from: 'd', to: 'e' },
      { on: 'A', do: 'link', path: 'd', target: 'e' },
      { do: 'sync' },
    ],
    expect: { tree: { 'e/f.txt': 'one', d: { link: 'e' } }, conflicts: 0 },
  },
  {
    name: 'an edit arrives for a file whose folder was replaced by a link here: nothing is written through the link',
    covers: ['F193', 'F024'],
    start: { 'd/f.txt': 'one', 'other/f.txt': 'precious' },
    steps: [
      { on: 'B', do: 'offline' },
      { on: 'B', do: 'move', from: 'd', to: 'kept' },
      { on: 'B', do: 'link', path: 'd', target: 'other' },
      { on: 'A', do: 'write', path: 'd/f.txt', text: 'two' },
      { do: 'sync' },
      { on: 'B', do: 'online' },
      { do: 'sync' },
    ],
    expect: {
      tree: { 'kept/f.txt': 'two', d: { link: 'other' }, 'other/f.txt': 'precious' },
      conflicts: 0,
    },
  },
  {
    name: 'the link of a deleted target stays a link',
    covers: ['F025'],
    start: { 'a.txt': 'one', b: { link: 'a.txt' } },
    steps: [{ on: 'A', do: 'remove', path: 'a.txt' }, { do: 'sync' }],
    expect: { tree: { b: { link: 'a.txt' } }, conflicts: 0 },
  },
);
