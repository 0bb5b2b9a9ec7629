/** A plan is a value: printable, the same for the same trees, and its cost is what differs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan, printPlan } from '../../src/core/planner/plan.ts';
import type { TreeView } from '../../src/core/tree/view.ts';
import { id } from './memory-trees.ts';
import { type Scene, scene } from './scene.ts';

function busy(): Scene {
  const of = scene().folder('D').agree('a').agree('b').agree('c', { in: 'D' }).agree('d').agree('e');
  of.here('a', { name: 'b' })
    .here('b', { name: 'a' })
    .there('c', { content: '2' })
    .there('d', { dead: true });
  return of.there('e', { name: 'x' }).here('n', { kind: 'folder' }).here('m', { in: 'n', unhashed: true });
}

test('the same trees give the same plan, printed letter by letter', () => {
  assert.equal(printPlan(busy().plan()), printPlan(busy().plan()));
});

test('planning changes nothing, so that planning twice says the same twice', () => {
  const of = busy();
  assert.equal(printPlan(of.plan()), printPlan(of.plan()));
});

test('the order in which nodes are looked at does not change what is planned', () => {
  const of = busy();
  const lines = (text: string): string[] =>
    text
      .replaceAll(/rearrange \S+/g, 'rearrange')
      .split('\n')
      .sort();
  const nodes = of.differing();
  assert.deepEqual(lines(printPlan(plan(of, nodes))), lines(printPlan(plan(of, nodes.toReversed()))));
});

test('a printed plan has a line with its rule for everything to be done', () => {
  assert.match(printPlan(busy().plan()), /^trash 000064: same × tombstoned: into the trash of this device$/m);
});

test('the cost of a plan is what differs, not the size of the tree', () => {
  const of = scene();
  for (let folder = 0; folder < 100; folder += 1) {
    of.folder(`D${folder}`);
    for (let file = 0; file < 100; file += 1) of.agree(`${folder}.${file}`, { in: `D${folder}` });
  }
  of.here('7.7', { content: '2' }).there('8.8', { name: 'moved' }).goneHere('9.9');
  const counted = counting(of);
  const { structure, claims } = plan(counted.view, ['7.7', '8.8', '9.9'].map(id));
  assert.equal(structure.length + claims.length, 3);
  assert.ok(counted.calls() < 60, `${counted.calls()} look-ups`);
});

function counting(of: TreeView): { readonly view: TreeView; readonly calls: () => number } {
  let calls = 0;
  const view = new Proxy(of, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      calls += 1;
      return value.bind(target);
    },
  });
  return { view, calls: () => calls };
}
