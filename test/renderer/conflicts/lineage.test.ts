import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ConflictSide } from '../../../src/ipc/conflicts.ts';
import type { VersionRow } from '../../../src/ipc/shapes.ts';
import { entriesOf } from '../../../src/renderer/screens/conflicts/lineage/entries.ts';
import {
  edgePath,
  type LineageNode,
  layoutOf,
  type Side,
  stepFrom,
} from '../../../src/renderer/screens/conflicts/lineage/layout.ts';
import { seed } from '../../property/seeded.ts';

const node = (id: string, side: Side, base: string | null): LineageNode => ({ id, side, base });
const FORK = layoutOf([
  node('v18', 'both', null),
  node('v19', 'theirs', 'v18'),
  node('m1', 'mine', 'v18'),
  node('v20', 'theirs', 'v19'),
  node('m2', 'mine', 'm1'),
]);
const placesOf = (layout: ReturnType<typeof layoutOf>) =>
  layout.nodes.map(({ id, column, lane }) => `${id} ${column},${lane}`);

test('both branches leave the ancestor and go on beside each other', () => {
  assert.deepEqual(placesOf(FORK), ['v18 0,1', 'v19 1,0', 'm1 1,2', 'v20 2,0', 'm2 2,2']);
  assert.deepEqual(
    FORK.edges.map(({ from, to }) => `${from.id}>${to.id}`),
    ['v18>v19', 'v18>m1', 'v19>v20', 'm1>m2'],
  );
  assert.equal(FORK.columns, 3);
});

test('without an ancestor there are two lanes that never meet', () => {
  const layout = layoutOf([node('a', 'theirs', null), node('b', 'mine', null), node('a2', 'theirs', 'a')]);
  assert.deepEqual(placesOf(layout), ['a 0,0', 'b 0,1', 'a2 1,0']);
  assert.equal(layout.lanes, 2);
});

test('a version whose base is not kept hangs on the latest of its side, else on the ancestor', () => {
  const layout = layoutOf([
    node('v18', 'both', 'v17'),
    node('m1', 'mine', 'gone'),
    node('m2', 'mine', 'gone too'),
  ]);
  assert.deepEqual(
    layout.nodes.map(({ id, parent }) => `${id}<${parent}`),
    ['v18<null', 'm1<v18', 'm2<m1'],
  );
});

test('arrow keys walk along bases and across branches', () => {
  assert.equal(stepFrom(FORK, 'v20', 'ArrowLeft'), 'v19');
  assert.equal(stepFrom(FORK, 'v18', 'ArrowLeft'), null);
  assert.equal(stepFrom(FORK, 'v18', 'ArrowRight'), 'v19');
  assert.equal(stepFrom(FORK, 'm1', 'ArrowRight'), 'm2');
  assert.equal(stepFrom(FORK, 'v19', 'ArrowDown'), 'v18');
  assert.equal(stepFrom(FORK, 'v18', 'ArrowDown'), 'm1');
  assert.equal(stepFrom(FORK, 'm2', 'ArrowUp'), 'v18');
  assert.equal(stepFrom(FORK, 'm2', 'Home'), 'v18');
  assert.equal(stepFrom(FORK, 'v19', 'End'), 'v20');
  assert.equal(stepFrom(FORK, 'nobody', 'End'), null);
});

const anyLineage = fc
  .array(fc.tuple(fc.constantFrom<Side>('both', 'mine', 'theirs'), fc.nat(30)), { maxLength: 20 })
  .map((made) => made.map(([side, base], at) => node(`n${at}`, side, base < at ? `n${base}` : null)));

test('any lineage: every version has a place of its own lane, right of what it was made of', () => {
  fc.assert(
    fc.property(anyLineage, (entries) => {
      const layout = layoutOf(entries);
      assert.equal(layout.nodes.length, entries.length);
      for (const { from, to } of layout.edges) assert.ok(to.column > from.column);
      for (const each of layout.nodes) assert.ok(each.lane < layout.lanes && each.column < layout.columns);
    }),
    { seed },
  );
});

test('any lineage: every version can be reached from the first by keys', () => {
  fc.assert(
    fc.property(anyLineage, (entries) => {
      const layout = layoutOf(entries);
      const [first] = layout.nodes;
      if (first === undefined) return;
      const seen = new Set([first.id]);
      for (const id of seen)
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const) {
          const next = stepFrom(layout, id, key);
          if (next !== null) seen.add(next);
        }
      assert.equal(seen.size, entries.length);
    }),
    { seed },
  );
});

test('a line on one lane is straight; to another lane it goes straight first and then bends', () => {
  assert.deepEqual(edgePath([10, 20], [90, 20]), { trunk: '', branch: 'M10 20H90' });
  const { trunk, branch } = edgePath([10, 20], [200, 80]);
  assert.equal(trunk, 'M10 20H144');
  assert.equal(branch, 'M144 20C172 20 172 80 200 80');
});

test('a deletion is the last of its side, where deleting is what clashed; a version is drawn once', () => {
  const version = (id: string, base: string | null): VersionRow => ({
    version: id,
    number: 1,
    base,
    kind: 'file',
    size: 1,
    executable: false,
    device: 'A',
    user: 'a',
    reason: 'edited',
    content: id,
    at: 1,
    editedAt: 2,
    current: false,
  });
  const side = (about: Partial<ConflictSide>): ConflictSide => ({
    node: 'n',
    role: 'original',
    path: null,
    version: null,
    number: null,
    size: null,
    pathThen: null,
    kind: 'file',
    content: null,
    device: 'B',
    user: 'b',
    at: 3,
    editedAt: 4,
    ...about,
  });
  const lineage = [
    { side: 'both' as const, node: 'n', version: version('v1', null) },
    { side: 'mine' as const, node: 'm', version: version('v2', 'v1') },
    { side: 'mine' as const, node: 'm', version: version('v2', 'v1') },
  ];
  const sides = { lineage, theirs: side({ kind: 'deleted' }), mine: side({ role: 'copy' }) };
  const entries = entriesOf({ ...sides, cause: 'edit-delete' });
  assert.deepEqual(
    entries.map(({ id, side: which, version: row }) => `${id} ${which} ${row === null}`),
    ['v1 both false', 'v2 mine false', 'gone theirs theirs true'],
  );
  assert.deepEqual(entries[2]?.by, { user: 'b', device: 'B', at: 4 });
  assert.equal(layoutOf(entries).nodes[2]?.parent, 'v1');
  assert.equal(entriesOf({ ...sides, cause: 'concurrent' }).length, 2);
});
