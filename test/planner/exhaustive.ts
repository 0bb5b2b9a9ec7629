/** Runs every pair of trees that two users can make of a start, in a few schedules each. */
import type { NodeId } from '../../src/protocol/ids.ts';
import { Stream } from '../simulation/random.ts';
import { checkTurn } from './check-turn.ts';
import { checkAgreement } from './check-world.ts';
import { keyOf, type Reach, reach, renamed, renamingsOf, starts, type Tree } from './exhaustive-space.ts';
import { bytes, id, tokenOf } from './memory-trees.ts';
import { type Manner, shotOf, World } from './model.ts';
import type { ModelDevice } from './model-device.ts';
import { FAIR } from './model-disk.ts';
import type { Scheme } from './model-scheme.ts';

export interface Bounds {
  /** Nodes of a start; what users create counts too, per tree. */
  readonly nodes: number;
  /** Operations of both users together. */
  readonly operations: number;
  /** Also every schedule in which one device is stopped once, after any of its steps, until the other has come to rest. */
  readonly stops: boolean;
}

export interface Tally {
  starts: number;
  /** Workloads as sequences of operations of the two users, before anything is taken as the same. */
  sequences: number;
  /** Pairs of trees that the users leave. */
  pairs: number;
  /** … of which so many are different when names, nodes and devices are interchangeable. */
  workloads: number;
  /** Schedules that were run. */
  runs: number;
}

const SCHEME: Scheme = {
  seed: 1,
  devices: 2,
  way: 'together',
  names: 'plain',
  folding: false,
  bad: false,
  eager: 0,
  disorderly: false,
  start: [],
  actions: [],
};

/** Throws at the first workload that fails, with its trees. */
export function exhaust(
  bounds: Bounds,
  manner: Manner = {},
  told: (tally: Tally) => void = () => undefined,
): Tally {
  const tally: Tally = { starts: 0, sequences: 0, pairs: 0, workloads: 0, runs: 0 };
  for (let nodes = 0; nodes <= bounds.nodes; nodes += 1)
    for (const start of starts(nodes)) {
      exhaustStart(start, bounds, manner, tally);
      told(tally);
    }
  return tally;
}

function exhaustStart(start: Tree, bounds: Bounds, manner: Manner, tally: Tally): void {
  const { operations, nodes } = bounds;
  const mine = reach(start, 'x', operations, nodes);
  const yours = reach(start, 'y', operations, nodes);
  tally.starts += 1;
  for (let a = 0; a <= operations; a += 1)
    for (let b = 0; a + b <= operations; b += 1) tally.sequences += mine.sequences[a]! * yours.sequences[b]!;
  const isFirst = firstOfItsKind(start, mine, yours);
  mine.trees.forEach((left, a) => {
    yours.trees.forEach((right, b) => {
      if (left.operations + right.operations > operations) return;
      tally.pairs += 1;
      if (!isFirst(a, b)) return;
      tally.workloads += 1;
      for (const schedule of schedules(bounds)) {
        const count = runOne(start, [left.tree, right.tree], schedule, manner);
        tally.runs += count;
      }
    });
  });
}

/** Of pairs that are the same under other names or with the devices changed, one is run. */
function firstOfItsKind(start: Tree, mine: Reach, yours: Reach): (a: number, b: number) => boolean {
  const index = new Map(mine.trees.map(({ tree }, at) => [keyOf(tree), at]));
  const identity = renamingsOf(start)[0]!;
  // Both lists as numbers in `mine`, under every renaming.
  const images = renamingsOf(start).map((renaming) => ({
    left: mine.trees.map(({ tree }) => index.get(keyOf(renamed(tree, renaming, 'x', 'x')))!),
    right: yours.trees.map(({ tree }) => index.get(keyOf(renamed(tree, renaming, 'y', 'x')))!),
  }));
  const right = yours.trees.map(({ tree }) => index.get(keyOf(renamed(tree, identity, 'y', 'x')))!);
  const size = mine.trees.length;
  return (a, b) => {
    const own = a * size + right[b]!;
    return images.every((image) => {
      const l = image.left[a]!;
      const r = image.right[b]!;
      return own <= l * size + r && own <= r * size + l;
    });
  };
}

interface Schedule {
  readonly first: number;
  /** Does the first device stop somewhere for the other one? */
  readonly stops: boolean;
}

function schedules({ stops }: Bounds): readonly Schedule[] {
  return [0, 1].flatMap((first) => [{ first, stops: false }, ...(stops ? [{ first, stops: true }] : [])]);
}

/** Runs one schedule, or one for each step that the first device can be stopped after; says how many. */
function runOne(
  start: Tree,
  trees: readonly [Tree, Tree],
  { first, stops }: Schedule,
  manner: Manner,
): number {
  for (let stop = stops ? 1 : 0; ; stop += 1) {
    const world = worldOf(start, trees, manner);
    try {
      const reached = play(world, first, stop);
      check(world, start, trees);
      if (!stops || !reached) return stop === 0 ? 1 : stop;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const [left, right] = trees;
      throw new Error(
        `${message}\nstart  ${keyOf(start)}\nuser x ${keyOf(left)}\nuser y ${keyOf(right)}\ndevice ${first} first, stopped after ${stop} steps`,
      );
    }
  }
}

function worldOf(start: Tree, trees: readonly [Tree, Tree], manner: Manner): World {
  const world = new World(SCHEME, manner);
  for (const { id: label, kind, parent, name, content } of start)
    world.server.plant(id(label), kind, id(parent), name, kind === 'file' ? bytes(content) : null);
  world.devices.forEach((device, at) => {
    device.plant();
    leave(device, trees[at]!);
  });
  return world;
}

/** What the user left: rows that differ from what was planted are written anew. */
function leave(device: ModelDevice, tree: Tree): void {
  const { trees, disk } = device;
  const kept = new Set<NodeId>(tree.map(({ id: label }) => id(label)));
  for (const row of [...trees.locals.all()])
    if (!kept.has(row.node)) {
      trees.locals.remove(row.node);
      disk.delete(row.node);
    }
  for (const { id: label, kind, parent, name, content } of tree) {
    const node = id(label);
    const old = trees.locals.get(node);
    const bytesNow = kind === 'file' ? bytes(content) : null;
    const isSame = disk.get(node) === (bytesNow ?? undefined);
    if (old && isSame && old.parent === id(parent) && old.name === name) continue;
    trees.locals.put({
      node,
      kind,
      parent: id(parent),
      name,
      condition: 'seen',
      content: old && isSame ? old.content : null,
      mtimeNs: 0n,
      size: 0,
      stamp: device.freshStamp(),
      parked: false,
    });
    if (bytesNow) disk.set(node, bytesNow);
  }
}

/** True: the first device had that many steps to do. */
function play(world: World, first: number, stop: number): boolean {
  const one = world.devices[first]!;
  const other = world.devices[1 - first]!;
  const random = new Stream(1, 'steps');
  let reached = true;
  for (let done = 0; done < stop; ) {
    const moved = one.step(random, FAIR, true) || one.deliver(random, FAIR, true) || one.finish(random, FAIR);
    if (!moved) {
      reached = false;
      break;
    }
    done += 1;
  }
  if (stop > 0) world.rest([other]);
  world.rest([one, other]);
  return reached;
}

function check(world: World, start: Tree, [left, right]: readonly [Tree, Tree]): void {
  for (const device of world.devices) checkAgreement(device, world.server, 2);
  const heads = new Set(
    [...world.server.nodes.all()].map((row) => (row.live ? row.line.at(-1)?.content : null)),
  );
  const had = new Set(start.map(({ content }) => content));
  for (const { kind, content } of [...left, ...right])
    if (kind === 'file' && !had.has(content) && !heads.has(bytes(content)))
      throw new Error(`content ${tokenOf(bytes(content))} is lost`);
  // One user alone: what is left stands everywhere, and nothing was done without need.
  if (keyOf(right) === keyOf(start) && keyOf(left) !== keyOf(start)) checkAlone(start, left, world);
}

function checkAlone(start: Tree, left: Tree, world: World): void {
  const [user] = world.devices;
  checkTurn(shotOfTree(start), shotOfTree(left), shotOf(user!), user!, world.devices);
}

function shotOfTree(tree: Tree): ReturnType<typeof shotOf> {
  return new Map(
    tree.map(({ id: label, kind, parent, name, content }) => [
      id(label),
      { kind, parent: id(parent), name, content: kind === 'file' ? bytes(content) : null },
    ]),
  );
}
