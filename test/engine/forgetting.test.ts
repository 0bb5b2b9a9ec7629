/** What is remembered beside the tables is forgotten with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import { parseNodeId } from '../../src/protocol/ids.ts';

const NODE = parseNodeId('01900000-0000-7000-8000-000000000001');

function newState(): State {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  return new State(opened.db);
}

function hold(state: State): void {
  state.reviews.hold('batch', 'zombies', 'a question', 1, [{ node: NODE, path: 'f.txt', files: 1 }]);
}

test('what was held before everything is compared again is not held without a question', () => {
  const state = newState();
  hold(state);
  state.transaction(() => {
    state.db.exec('DELETE FROM reviews; DELETE FROM approvals;');
    state.forgetRows();
  });
  assert.deepEqual([state.reviews.count(), state.reviews.isHeld(NODE)], [0, false]);
});

test('what a transaction held that was undone is not held', () => {
  const state = newState();
  const undone = () =>
    state.transaction(() => {
      hold(state);
      throw new Error('the disk is full');
    });
  assert.throws(undone, /full/);
  assert.deepEqual([state.reviews.count(), state.reviews.isHeld(NODE)], [0, false]);
});
