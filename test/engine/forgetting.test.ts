/** What is remembered beside the tables is forgotten with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endLoan } from '../../src/engine/executor/tree-intents.ts';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import { type NodeId, parseManifestId, parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';

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

/** A file whose agreed content is lent by a conflict copy. */
function lent(state: State, node: NodeId, copy: NodeId): void {
  const content = {
    kind: 'file',
    manifest: parseManifestId('a'.repeat(64)),
    size: 1,
    executable: false,
  } as const;
  const place = { parent: ROOT_NODE, name: 'f.txt', entryRev: 1 };
  state.synced.put({ node, kind: 'file', ...place, version: null, content, stamp: 'as it was', lent: copy });
}

test('a copy that was moved over its original is forgotten: what it had lent is an edit of the original', () => {
  const state = newState();
  const copy = parseNodeId('01900000-0000-7000-8000-000000000002');
  const other = parseNodeId('01900000-0000-7000-8000-000000000003');
  lent(state, NODE, copy);
  state.setSuccessor(other, NODE);
  for (const each of [copy, other]) state.transaction(() => endLoan(state, each));
  assert.equal(state.synced.get(NODE)?.lent, copy, 'nothing was moved over it by the copy');
  state.setSuccessor(copy, NODE);
  state.transaction(() => endLoan(state, copy));
  const { content, lent: lender, stamp } = state.synced.get(NODE) ?? {};
  assert.deepEqual([content, lender, stamp], [null, null, 'as it was']);
});
