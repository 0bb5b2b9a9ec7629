/** From a tree of then and one of today to steps: carried out on a model, they lead to the tree of then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planMoment, type ThenNode, wholes } from '../../src/core/moment/plan-moment.ts';
import type { RemoteNode } from '../../src/core/tree/nodes.ts';
import { type NodeId, parseEpoch, parseNodeId, ROOT_NODE, versionId } from '../../src/protocol/ids.ts';
import { seed } from '../property/seeded.ts';

const EPOCH = parseEpoch('aaaaaaaaaaaa');
const id = (n: number): NodeId => parseNodeId(`01990000-0000-7000-8000-${String(n).padStart(12, '0')}`);

interface Spot {
  /** Index of a folder before it, or -1 for the folder itself; null: not there. */
  readonly parent: number | null;
  readonly name: string;
  readonly version: number;
}
const COUNT = 9;
/** The first ones are folders. */
const isFolder = (index: number) => index < 4;

const spot = (index: number): fc.Arbitrary<Spot> =>
  fc.record({
    parent: fc.option(fc.integer({ min: -1, max: Math.min(index, 4) - 1 }), { freq: 4 }),
    name: fc.constantFrom('a', 'b', 'c'),
    version: fc.integer({ min: 1, max: 2 }),
  });
const tree = fc.tuple(...Array.from({ length: COUNT }, (_, i) => spot(i)));

/** Live with all above it. */
function lives(spots: readonly Spot[], index: number): boolean {
  const parent = spots[index]?.parent ?? null;
  return parent !== null && (parent < 0 || lives(spots, parent));
}

const above = (parent: number | null): NodeId => (parent === null || parent < 0 ? ROOT_NODE : id(parent));

function head({ version }: Spot) {
  const content = { kind: 'symlink', target: `content ${version}` } as const;
  return { version: versionId(EPOCH, version), number: version, content, mtimeNs: 0n, seq: version };
}

function now(spots: readonly Spot[], index: number): RemoteNode {
  const at = spots[index]!;
  return {
    node: id(index),
    kind: isFolder(index) ? 'folder' : 'symlink',
    parent: above(at.parent),
    name: at.name,
    live: lives(spots, index),
    entryRev: 1,
    entrySeq: 1,
    deadSeq: null,
    approved: false,
    head: isFolder(index) ? null : head(at),
  };
}

function then(spots: readonly Spot[], index: number): ThenNode {
  const { node, kind, parent, name, head: made } = now(spots, index);
  return { node, kind, parent, name, below: true, head: made };
}

test('the steps lead from any tree of today to any tree of then, and nothing else is touched', () => {
  fc.assert(
    fc.property(tree, tree, (was, is) => {
      const indexes = Array.from({ length: COUNT }, (_, i) => i);
      const wasLive = indexes.filter((i) => lives(was, i));
      const isLive = indexes.filter((i) => lives(is, i));
      const steps = planMoment({
        was: wasLive.map((i) => then(was, i)),
        now: (node) => now(is, indexes.find((i) => id(i) === node)!),
        liveBelow: isLive.map((i) => now(is, i)),
        gone: 0,
      });
      const model = new Map(isLive.map((i) => [id(i), now(is, i)]));
      for (const { node, parent, name, kind } of [...steps.returns, ...steps.places]) {
        const before = now(is, indexes.find((i) => id(i) === node)!);
        model.set(node, { ...before, kind, parent, name, live: true });
      }
      for (const step of steps.contents) {
        const row = model.get(step.then.node);
        assert.equal(row?.head?.version, step.base);
        model.set(step.then.node, { ...row!, head: { ...row!.head!, ...step.then.head! } });
      }
      for (const i of wasLive) {
        const found = model.get(id(i));
        assert.deepEqual(
          [found?.parent, found?.name, found?.head?.version],
          [above(was[i]!.parent), was[i]!.name, isFolder(i) ? undefined : head(was[i]!).version],
        );
      }
      assert.deepEqual(
        [...steps.made].sort(),
        isLive
          .filter((i) => !wasLive.includes(i))
          .map(id)
          .sort(),
      );
      const files = wasLive.filter((i) => !isFolder(i)).length;
      const touched = new Set(
        [...steps.returns, ...steps.places, ...steps.contents.map((each) => each.then)]
          .filter(({ kind }) => kind !== 'folder')
          .map(({ node }) => node),
      );
      assert.equal(steps.unchanged, files - touched.size);
    }),
    { numRuns: 2000, seed },
  );
});

test('a folder goes as a whole only if nothing below it has to stay; what leaves takes along what is below it', () => {
  const at = (n: number, parent: number): RemoteNode => ({
    ...now([{ parent: -1, name: `${n}`, version: 1 }], 0),
    node: id(n),
    parent: above(parent),
    live: true,
  });
  const live = [at(1, -1), at(2, 1), at(3, 2), at(4, 1)];
  const all = new Set([id(1), id(2), id(3), id(4)]);
  const goes = (may: ReadonlySet<NodeId>, leaving?: ReadonlySet<NodeId>) =>
    wholes(live, may, leaving).map(({ node }) => node);
  assert.deepEqual(goes(all), [id(1)]);
  assert.deepEqual(goes(new Set([id(1), id(2), id(4)])), [id(4)]);
  assert.deepEqual(goes(new Set([id(1), id(4)]), new Set([id(2)])), [id(1)]);
  assert.deepEqual(goes(new Set([id(3)])), [id(3)]);
});

test('what stood elsewhere then neither moves nor goes; a version that is not kept is counted', () => {
  const row = now([{ parent: -1, name: 'x', version: 1 }], 0);
  const file: RemoteNode = { ...row, node: id(7), kind: 'file' };
  const elsewhere: ThenNode = {
    ...then([{ parent: -1, name: 'y', version: 1 }], 0),
    node: id(7),
    below: false,
  };
  const steps = planMoment({ was: [elsewhere], now: () => file, liveBelow: [file], gone: 0 });
  assert.deepEqual([steps.places, steps.removes, steps.newer], [[], [], 0]);
  const lost: ThenNode = { ...elsewhere, below: true, kind: 'file', name: 'x', head: null };
  const counted = planMoment({ was: [lost], now: () => file, liveBelow: [file], gone: 0 });
  assert.deepEqual([counted.lost, counted.unchanged, counted.contents.length], [1, 0, 0]);
});
