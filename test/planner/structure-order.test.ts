/** In which order folders, renames and removals are done on this disk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { id, labelOf } from './memory-trees.ts';
import { type Scene, scene, words } from './scene.ts';

const folder = { kind: 'folder' } as const;

/** Does what the plans say until there is nothing left to do; answers with all of it, in order. */
function carryOut(of: Scene, ...labels: readonly string[]): string[] {
  const done: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const { structure } = of.plan(...labels);
    if (structure.length === 0) return done;
    for (const intent of structure) {
      const label = labelOf(intent.node);
      const remote = of.remote(intent.node);
      const where = intent.kind === 'unpark' ? intent.at : remote;
      if (intent.kind === 'park') of.here(label, { parked: true, in: '', name: `parked ${label}` });
      else if (intent.kind === 'trash' || intent.kind === 'remove-folder') {
        assert.ok(!of.hasLocalChildren(intent.node), 'nothing is removed with something in it');
        of.goneHere(label);
        of.synceds.remove(intent.node);
      } else if (where) {
        const there = of.localAt(where.parent, where.name);
        assert.ok(there === null || there.node === intent.node, `${where.name} is taken`);
        of.here(label, {
          in: labelOf(where.parent),
          name: where.name,
          kind: remote?.kind ?? 'file',
          parked: false,
        });
        const base = of.synced(intent.node);
        if (intent.kind === 'unpark' && base) of.synceds.put({ ...base, ...intent.at });
        else if (remote?.live) of.base(label);
      }
      done.push(words([intent])[0]!);
    }
  }
  throw new Error(`no end: ${done.join(', ')}`);
}

test('new folders are made from the top, all in one plan', () => {
  const of = scene()
    .there('A', folder)
    .there('B', { ...folder, in: 'A' })
    .there('C', { ...folder, in: 'B' });
  assert.deepEqual(words(of.plan('C', 'A', 'B').structure), [
    'make-folder A',
    'make-folder B',
    'make-folder C',
  ]);
});

test('what is removed makes room first', () => {
  const of = scene().agree('a').agree('b').there('a', { dead: true }).there('b', { name: 'a' });
  assert.deepEqual(words(of.plan('b', 'a').structure), ['trash a', 'move-here b']);
});

test('of two that swap names, one steps aside', () => {
  const of = scene().agree('a').agree('b').there('a', { name: 'b' }).there('b', { name: 'a' });
  assert.deepEqual(carryOut(of, 'a', 'b'), ['park b', 'move-here a', 'move-here b']);
});

for (const size of [3, 5]) {
  test(`of a ring of ${size}, one steps aside`, () => {
    const labels = ['a', 'b', 'c', 'd', 'e'].slice(0, size);
    const of = scene();
    for (const label of labels) of.agree(label);
    labels.forEach((label, at) => {
      of.there(label, { name: labels[(at + 1) % size]! });
    });
    const done = carryOut(of, ...labels);
    assert.equal(done.filter((each) => each.startsWith('park')).length, 1);
    assert.equal(done.length, size + 1);
  });
}

test('a chain of renames needs nobody to step aside', () => {
  const of = scene().agree('a').agree('b').agree('c');
  of.there('a', { name: 'b' }).there('b', { name: 'c' }).there('c', { name: 'd' });
  assert.deepEqual(carryOut(of, 'a', 'b', 'c'), ['move-here c', 'move-here b', 'move-here a']);
});

test('a folder and the folder in it change places', () => {
  const of = scene().folder('D').folder('E', { in: 'D' }).there('E', { in: '' }).there('D', { in: 'E' });
  assert.deepEqual(carryOut(of, 'D', 'E'), ['move-here E', 'move-here D']);
});

test('a folder and the folder in it change places and names: what is in it leaves before it steps aside', () => {
  const of = scene().folder('D').folder('E', { in: 'D' });
  of.there('E', { in: '', name: 'D' }).there('D', { in: 'E', name: 'E' });
  assert.deepEqual(carryOut(of, 'D', 'E'), ['park E', 'park D', 'move-here E', 'move-here D']);
});

test('a child takes the name of its dying parent', () => {
  const of = scene()
    .folder('D')
    .agree('f', { in: 'D' })
    .there('D', { dead: true })
    .there('f', { in: '', name: 'D' });
  assert.deepEqual(carryOut(of, 'D', 'f'), ['park f', 'remove-folder D', 'move-here f']);
});

test('a grandchild takes the name of the dying folder, and the child goes into it', () => {
  const of = scene().folder('D').folder('E', { in: 'D' }).folder('F', { in: 'E' });
  of.there('D', { dead: true }).there('F', { in: '', name: 'D' }).there('E', { in: 'F' });
  assert.deepEqual(carryOut(of, 'D', 'E', 'F'), [
    'park F',
    'park E',
    'remove-folder D',
    'move-here F',
    'move-here E',
  ]);
});

test('a folder moves into a new folder that takes its name', () => {
  const of = scene()
    .folder('D')
    .there('N', { ...folder, name: 'D', seq: 50 })
    .there('D', { in: 'N' });
  assert.deepEqual(carryOut(of, 'D', 'N'), ['park D', 'make-folder N', 'move-here D']);
});

test('what must leave a folder that stepped aside gets out when that is put down', () => {
  const of = scene().folder('D').folder('E', { in: 'D' }).here('D', { parked: true, name: 'parked D' });
  of.there('E', { in: '' }).there('D', { in: 'E' });
  assert.deepEqual(carryOut(of, 'D', 'E'), ['unpark D', 'move-here E', 'move-here D']);
});

test('nothing is planned inside a folder that stepped aside', () => {
  const of = scene().folder('D').agree('f', { in: 'D' }).agree('g').here('D', { parked: true });
  of.there('D', { name: 'g' }).there('f', { dead: true });
  assert.deepEqual(words(of.plan('f').structure), []);
});

test('put down, it takes a free name near its old place', () => {
  const of = scene()
    .agree('f')
    .here('f', { parked: true, name: 'parked f' })
    .there('f', { dead: true })
    .agree('x', { name: 'f' });
  const intent = of.ask('f');
  assert.ok(intent.kind === 'unpark');
  assert.deepEqual(intent.at, { parent: id(''), name: 'f (2)' });
});

test('on a disk that folds case, a change of case only is a rename like any other', () => {
  const of = scene().agree('a').there('a', { name: 'A' });
  of.foldsCase = true;
  assert.deepEqual(words(of.plan('a').structure), ['move-here a']);
});

test('on a disk that folds case, the later of two case twins is held', () => {
  const of = scene().agree('f', { name: 'Pod' }).there('g', { name: 'pod', seq: 50 });
  of.foldsCase = true;
  const [hold] = of.plan('g').holds;
  assert.equal(hold?.code, 'case-twin');
  assert.deepEqual(hold.facts, { other: 'Pod' });
});

test('on a disk that folds case, the later twin comes down when the earlier one leaves', () => {
  const of = scene()
    .agree('f', { name: 'Pod' })
    .there('g', { name: 'pod', seq: 50 })
    .there('f', { name: 'x', seq: 60 });
  of.foldsCase = true;
  assert.deepEqual(words(of.plan('f', 'g').structure), ['move-here f']);
  of.here('f', { name: 'x' }).base('f');
  assert.deepEqual(words(of.plan('g').contents), ['fetch g']);
});

test('on a disk that tells case apart, twins are two files', () => {
  const of = scene().agree('f', { name: 'Pod' }).there('g', { name: 'pod' });
  assert.deepEqual(words(of.plan('g').contents), ['fetch g']);
});

test('a file is fetched only when its folder is there and its name is free', () => {
  const of = scene()
    .agree('a')
    .there('a', { name: 'b' })
    .there('n', { name: 'a', seq: 50 })
    .there('D', folder)
    .there('m', { in: 'D' });
  const plan = of.plan('a', 'n', 'D', 'm');
  assert.deepEqual(words(plan.structure), ['move-here a', 'make-folder D']);
  assert.deepEqual(words(plan.contents), []);
});
