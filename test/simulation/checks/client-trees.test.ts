/** What I9 lets pass, and what it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_NODE } from '../../../src/protocol/ids.ts';
import { returning, treeFaults } from './client-trees.ts';

const fileIn = (parent: string) => ({ node: 'f', parent, name: 'f.txt', kind: 'file' });
const died = [
  { node: 'folder', live: 0 },
  { node: 'f', live: 0 },
];

test('I9 waits for what was moved out of a folder that both sides deleted, until its return was told', () => {
  const synced = [fileIn('folder')];
  const known = returning([fileIn(ROOT_NODE)], died, synced);
  assert.deepEqual(known, ['f']);
  assert.deepEqual(treeFaults('synced', synced, known), []);
});

test('I9 does not wait for what lives there, is gone here, or whose folder stands on one side', () => {
  const synced = [fileIn('folder')];
  const lives = [
    { node: 'folder', live: 0 },
    { node: 'f', live: 1 },
  ];
  const folderLives = [
    { node: 'folder', live: 1 },
    { node: 'f', live: 0 },
  ];
  const folder = { node: 'folder', parent: ROOT_NODE, name: 'G' };
  assert.deepEqual(returning([fileIn(ROOT_NODE)], lives, synced), []);
  assert.deepEqual(returning([fileIn(ROOT_NODE)], folderLives, synced), []);
  assert.deepEqual(returning([folder, fileIn(ROOT_NODE)], died, synced), []);
  assert.deepEqual(returning([folder, fileIn('folder')], died, synced), []);
  assert.deepEqual(returning([], died, synced), []);
  assert.deepEqual(treeFaults('synced', synced), ['I9 synced: the parent folder of f.txt is not there']);
});
