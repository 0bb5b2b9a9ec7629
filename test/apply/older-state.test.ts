/** A state put back from an older copy, between two starts that look alike: what it misses on this disk is nobody's deletion. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pair } from './pair.ts';

test('what a state that was put back misses on this disk comes down again, and what has left its folder stays where it is', async (t) => {
  const start = { 'f.txt': 'one', 'd/g.txt': 'two', 'keep.txt': 'kept' };
  const both = await pair(t, start);
  const { a, b } = both;
  const older = a.copyState();
  await both.act(b, { do: 'remove', path: 'f.txt' }, { do: 'move', from: 'd/g.txt', to: 'g.txt' });
  await both.act(b, { do: 'remove', path: 'd' });
  await both.world.settle();
  // Claims that the older state does not know of show that it is one.
  await both.act(a, { do: 'write', path: 'new.txt', text: 'new' });
  await both.world.settle();
  await both.do(both.device(b).command({ do: 'undelete', path: 'f.txt' }));
  await both.do(both.device(b).command({ do: 'undelete', path: 'd' }));
  a.network.goOffline();
  await both.world.settle([b]);
  a.kill();
  a.putBackState(older);
  a.network.goOnline();
  a.start();
  await both.agree({
    'f.txt': 'one',
    'g.txt': 'two',
    d: { folder: true },
    'keep.txt': 'kept',
    'new.txt': 'new',
  });
  const why = 'the state is older than what the server knows of it';
  assert.ok(both.verbs(a, 'd').includes(`kept: ${why}`));
  assert.ok(both.verbs(a, 'g.txt').includes(`move dropped: ${why}`));
  assert.deepEqual(await both.problems(a), ['root-restored /sync/A']);
});
