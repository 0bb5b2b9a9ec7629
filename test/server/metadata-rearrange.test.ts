import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../src/protocol/limits.ts';
import { moveTo, removal, step, twoDevices, why } from './metadata-claims.ts';
import { foldRows, paths } from './metadata-fold.ts';
import { eventOf } from './metadata-world.ts';

test('a swap and a ring of renames are one rearrangement', async () => {
  const { world, laptop } = await twoDevices();
  const [a, b, c] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('c', 'c')];
  const ring = laptop.rearrange({
    node: a.node,
    steps: [step(a, null, 'b'), step(b, null, 'c'), step(c, null, 'a')],
  });
  const done = await laptop.one(ring);
  assert.deepEqual(
    [done.kind, done.events.map((event) => [event.node, event.entry.name])],
    [
      'committed',
      [
        [a.node, 'b'],
        [b.node, 'c'],
        [c.node, 'a'],
      ],
    ],
  );
  const page = await world.metadata.journal(laptop.caller, null, 4);
  assert.equal(page.kind === 'page' && page.events.length, 6, 'a page does not end inside a rearrangement');
  await world.close();
});

test('folders swap places with their contents, and a file takes the name of the folder it left', async () => {
  const { world, laptop } = await twoDevices();
  const outer = await laptop.make('outer', null);
  const inner = await laptop.make('inner', null, outer.node);
  const f = await laptop.make('f', 'x', inner.node);
  const inverted = await laptop.one(
    laptop.rearrange({ node: outer.node, steps: [step(outer, inner, 'inner'), step(inner, null, 'outer')] }),
  );
  assert.equal(inverted.kind, 'committed');
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    outer: 'folder',
    'outer/f': 'V1',
    'outer/inner': 'folder',
  });
  const now = eventOf(inverted);
  const top = inverted.events.find((event) => event.node === inner.node)!;
  const replaced = await laptop.one(
    laptop.rearrange({ node: f.node, steps: [removal(top), step(f, null, 'outer')] }),
  );
  assert.equal(replaced.kind, 'committed');
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), { outer: 'V1' });
  assert.equal(now.entry.rev, 2);
  await world.close();
});

test('a rearrangement is all or nothing', async () => {
  const { world, laptop, phone } = await twoDevices();
  const [a, b, d] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('d', null)];
  const taken = await laptop.make('taken', 'x');
  const gone = await laptop.make('gone', 'x');
  await laptop.send(laptop.remove(gone));
  await phone.send(moveTo(phone, b, null, 'b2'));
  const head = await world.metadata.head(laptop.caller.namespace);
  const answers = [];
  for (const steps of [
    [step(a, null, 'b'), step(b, null, 'a')],
    [step(a, null, 'x'), removal(b)],
    [step(a, null, 'x'), removal({ ...taken, head: a.head })],
    [step(a, null, 'x'), removal(gone)],
    [step(a, null, 'x'), step(d, d, 'd')],
    [step(a, null, 'x'), step(taken, null, '..')],
    [step(a, null, 'x'), step(a, null, 'y')],
    [step(a, null, 'x'), step(taken, b, 'y')],
  ]) {
    const outcome = await laptop.one(laptop.rearrange({ node: a.node, steps }));
    assert.equal(outcome.node, a.node);
    answers.push(why(outcome));
  }
  assert.deepEqual(answers, [
    'steps-stale',
    'steps-stale',
    'steps-stale',
    'steps-stale',
    'cycle',
    'bad-name',
    'bad-request',
    'unknown-parent',
  ]);
  assert.deepEqual(await world.metadata.head(laptop.caller.namespace), head);
  await world.close();
});

test('a dropped rearrangement tells how all of its nodes stand, also when it is asked again', async () => {
  const { world, laptop, phone } = await twoDevices();
  const [a, b, c] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('c', 'c')];
  await phone.send(moveTo(phone, b, null, 'b2'), phone.remove(c));
  const claim = laptop.rearrange({
    node: a.node,
    steps: [step(a, null, 'b'), step(b, null, 'a'), removal(c)],
  });
  for (const dropped of [await laptop.one(claim), await laptop.one(claim)]) {
    assert.equal(why(dropped), 'steps-stale');
    assert.deepEqual(
      dropped.events.map(({ node, entry }) => [node, entry.name, entry.rev, entry.live]),
      [
        [a.node, 'a', 1, true],
        [b.node, 'b2', 2, true],
        [c.node, 'c', 2, false],
      ],
    );
  }
  await world.close();
});

test('a step to a taken name is renamed, attributed, and so is the later of two steps to one name', async () => {
  const { world, laptop } = await twoDevices();
  const [a, b, c] = [await laptop.make('a', 'a'), await laptop.make('b', 'b'), await laptop.make('c', 'c')];
  const clash = await laptop.one(
    laptop.rearrange({ node: a.node, steps: [step(a, null, 'b'), step(b, null, 'c')] }),
  );
  assert.ok(clash.kind === 'renamed');
  const [first, second] = clash.events;
  assert.deepEqual([first?.entry.name, second?.conflict?.original], ['b', c.node]);
  assert.equal(clash.conflict, second?.conflict?.id);
  assert.match(second!.entry.name, /^c \(.*laptop/);
  const twice = await laptop.one(
    laptop.rearrange({ node: a.node, steps: [step(first!, null, 'same'), step(c, null, 'same')] }),
  );
  assert.equal(twice.kind, 'renamed');
  assert.deepEqual(
    twice.events.map(({ conflict }) => conflict?.original ?? null),
    [null, a.node],
  );
  assert.equal(Object.keys(paths(foldRows(await world.journal(laptop)))).length, 3);
  await world.close();
});

test('a step into a folder that is gone brings back the folders, and nothing else that died with them', async () => {
  const { world, laptop, phone } = await twoDevices();
  const outer = await laptop.make('outer', null);
  const inner = await laptop.make('inner', null, outer.node);
  await laptop.make('old', 'x', inner.node);
  const [a, b] = [await laptop.make('a', 'a'), await laptop.make('b', 'b')];
  await phone.send(phone.remove(outer));
  const done = await laptop.one(
    laptop.rearrange({ node: a.node, steps: [step(a, inner, 'b'), step(b, null, 'a')] }),
  );
  assert.equal(done.kind, 'committed');
  assert.deepEqual(
    done.events.map((event) => [event.cause, event.entry.name]),
    [
      ['move', 'a'],
      ['revive', 'outer'],
      ['revive', 'inner'],
      ['move', 'b'],
    ],
  );
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    a: 'V1',
    outer: 'folder',
    'outer/inner': 'folder',
    'outer/inner/b': 'V1',
  });
  const rows = await world.metadata.journal(laptop.caller, null, 7);
  assert.equal(rows.kind === 'page' && rows.events.length, 10, 'a page does not end inside a rearrangement');
  await world.close();
});

test('RULES 11: a step of a node that is gone brings it back with what died with it', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  await laptop.make('f', 'x', sub.node);
  const a = await laptop.make('a', 'a');
  await phone.send(phone.remove(d));
  const done = await laptop.one(
    laptop.rearrange({
      node: d.node,
      steps: [step(d, null, 'a'), step(a, null, 'd'), step(sub, null, 'sub')],
    }),
  );
  assert.equal(done.kind, 'committed');
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    a: 'folder',
    d: 'V1',
    sub: 'folder',
    'sub/f': 'V1',
  });
  await world.close();
});

test('a circle by way of the dead is a circle', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const a = await laptop.make('a', 'a');
  await phone.send(phone.remove(d));
  const steps = [step(d, sub, 'd'), step(a, null, 'b')];
  assert.equal(why(await laptop.one(laptop.rearrange({ node: d.node, steps }))), 'cycle');
  await world.close();
});

test('rows come from the top of the final tree downwards, whatever the order of the steps', async () => {
  const { world, laptop } = await twoDevices();
  const a = await laptop.make('a', null);
  const b = await laptop.make('b', null, a.node);
  const c = await laptop.make('c', null, b.node);
  await laptop.make('f', 'x', c.node);
  const done = await laptop.one(
    laptop.rearrange({ node: a.node, steps: [step(a, b, 'a'), step(b, c, 'b'), step(c, null, 'c')] }),
  );
  assert.deepEqual(
    done.events.map((event) => event.node),
    [c.node, b.node, a.node],
  );
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    c: 'folder',
    'c/b': 'folder',
    'c/b/a': 'folder',
    'c/f': 'V1',
  });
  await world.close();
});

test('no step leads deeper than paths may be', async () => {
  const { world, laptop } = await twoDevices();
  let at = await laptop.make('0', null);
  for (let depth = 2; depth < LIMITS.pathDepth; depth += 1) at = await laptop.make('0', null, at.node);
  const [d, a] = [await laptop.make('d', null), await laptop.make('a', 'a')];
  const steps = [step(d, at, 'd'), step(a, null, 'd')];
  assert.equal(why(await laptop.one(laptop.rearrange({ node: d.node, steps }))), 'bad-name');
  await world.close();
});

test('a folder into which a step moves something survives its own deletion, and what was seen in it does not', async () => {
  const { world, laptop } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  await laptop.make('old', 'x', d.node);
  const a = await laptop.make('a', 'a');
  const done = await laptop.one(laptop.rearrange({ node: a.node, steps: [step(a, sub, 'old'), removal(d)] }));
  assert.ok(done.kind === 'committed');
  assert.deepEqual([...done.survivors], [d.node, sub.node]);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), {
    d: 'folder',
    'd/sub': 'folder',
    'd/sub/old': 'V1',
  });
  await world.close();
});

test('RULES 10: what a rearrangement had not seen survives its deletions, and keeps its name', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  const dies = await laptop.make('dies', 'x', d.node);
  const f = await laptop.make('f', 'f', d.node);
  const unseen = await phone.make('unseen', 'x', sub.node);
  const done = await laptop.one(
    laptop.rearrange({ node: d.node, steps: [step(f, null, 'd'), removal(d, f.seq)] }),
  );
  assert.ok(done.kind === 'committed');
  assert.deepEqual([...done.survivors], [d.node, sub.node, unseen.node]);
  const tree = foldRows(await world.journal(laptop));
  assert.deepEqual(
    [d, sub, unseen, dies].map(({ node }) => tree.get(node)?.entry.live),
    [true, true, true, false],
  );
  assert.equal(tree.get(d.node)?.entry.name, 'd');
  assert.match(tree.get(f.node)!.entry.name, /^d \(/);
  await world.close();
});

test('RULES 10: a folder dies in a rearrangement when what it had not seen has left it', async () => {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const sub = await laptop.make('sub', null, d.node);
  await phone.make('unseen', 'x', sub.node);
  const leaves = await laptop.one(
    laptop.rearrange({ node: d.node, steps: [step(sub, null, 'd'), removal(d, sub.seq)] }),
  );
  assert.ok(leaves.kind === 'committed' && leaves.survivors.length === 0);
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), { d: 'folder', 'd/unseen': 'V1' });
  await world.close();
});

test('folders that are deleted one inside the other die once, and one that survives keeps the one it is in', async () => {
  const { world, laptop, phone } = await twoDevices();
  const outer = await laptop.make('outer', null);
  const inner = await laptop.make('inner', null, outer.node);
  const held = await laptop.make('held', 'x', inner.node);
  await laptop.make('f', 'x', inner.node);
  const [a, b] = [await laptop.make('a', 'a'), await laptop.make('b', 'b')];
  const swap = [step(a, null, 'b'), step(b, null, 'a')];
  const kept = await phone.one(
    phone.rearrange({
      node: outer.node,
      steps: [...swap, removal(outer), removal(inner, Number.MAX_SAFE_INTEGER, [held])],
    }),
  );
  assert.ok(kept.kind === 'committed');
  assert.deepEqual([...kept.survivors], [outer.node, inner.node, held.node]);
  const gone = await phone.one(
    phone.rearrange({ node: outer.node, steps: [removal(inner), removal(outer)] }),
  );
  assert.deepEqual(
    gone.events.map(({ node, subtree }) => [node, subtree]),
    [[outer.node, 'dead']],
  );
  assert.deepEqual(paths(foldRows(await world.journal(laptop))), { a: 'V1', b: 'V1' });
  await world.close();
});
