/** Problems that are over, and whose end was never written because of a kill or a power cut, are found at the next start. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import { parseNodeId } from '../../src/protocol/ids.ts';

const node = parseNodeId('01234567-89ab-7cde-8fab-000000000001');

function newState(): State {
  const opened = openState(':memory:');
  assert.equal(opened.kind, 'open');
  return new State(opened.db);
}

function tell(state: State, subject: string): void {
  state.problems.put({ subject, node, path: 'a.txt', code: 'disk-full', facts: {}, since: 1 });
}

test('whatever a problem is told of is decided about at the start, also when nothing differs any more', () => {
  const state = newState();
  tell(state, node);
  state.frontier.recompute();
  assert.deepEqual(state.frontier.take(10), [node]);
  state.db.close();
});

test('what was found about a file beside its syncing, such as bytes that rot, is not over because it is in step', () => {
  const state = newState();
  tell(state, `silent:${node}`);
  state.frontier.recompute();
  assert.deepEqual(state.frontier.take(10), []);
  state.db.close();
});
