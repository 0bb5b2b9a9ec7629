/** Worlds: one server, a few devices, users who change things, and what must hold in the end. */
import { foldKey } from '../../src/core/names/fold.ts';
import { plan } from '../../src/core/planner/plan.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { Stream } from '../simulation/random.ts';
import { labelOf, tokenOf } from './memory-trees.ts';
import { FAIR, ModelDevice, type Weather } from './model-device.ts';
import { ModelServer } from './model-server.ts';
import { drawAction, drawStart, ModelUser, Oracle, type UserAction } from './model-user.ts';

export interface Scheme {
  readonly seed: number;
  readonly devices: number;
  /** Made by one user and synced before anything else happens. */
  readonly start: readonly UserAction[];
  readonly actions: readonly UserAction[];
  /** One user after the other, each from an agreed tree: what they leave behind must arrive exactly. */
  readonly alone: boolean;
  /** The last device's disk folds case: it cannot hold twins. */
  readonly folding: boolean;
}

const ROUNDS = 200;

export function drawScheme(seed: number): Scheme {
  const random = new Stream(seed, 'workload');
  const devices = random.chance(0.7) ? 2 : 3;
  const start = Array.from({ length: random.between(0, 10) }, () => drawStart(random));
  const actions = Array.from({ length: random.between(2, 14) }, () => drawAction(random, devices));
  const way = random.fraction();
  return { seed, devices, start, actions, alone: way < 0.25, folding: way > 0.85 };
}

export class World {
  readonly server = new ModelServer();
  readonly devices: readonly ModelDevice[];
  readonly story: string[] = [];
  private readonly oracle = new Oracle();
  private readonly users: readonly ModelUser[];
  private readonly random: Stream;
  private readonly weather: Weather;
  private readonly scheme: Scheme;
  private readonly told: boolean;

  /** `told`: keeps a story and the plans, which takes more time than the run itself. */
  constructor(scheme: Scheme, told = false) {
    this.scheme = scheme;
    this.told = told;
    this.random = new Stream(scheme.seed, 'schedule');
    const bad = this.random.chance(0.5);
    this.weather = bad ? { lostRequests: 0.1, lostReplies: 0.25, failures: 0.08 } : FAIR;
    this.devices = Array.from(
      { length: scheme.devices },
      (_, number) => new ModelDevice(number, this.server, told),
    );
    this.devices.at(-1)!.trees.foldsCase = scheme.folding;
    const names = scheme.folding ? ['a', 'A', 'b', 'B', 'c'] : ['a', 'b', 'c', 'd', 'e'];
    this.users = this.devices.map((device) => new ModelUser(device, this.oracle, names));
  }

  run(): void {
    for (const action of this.scheme.start) this.act(action);
    this.settle();
    if (this.scheme.alone) this.takeTurns();
    else this.allAtOnce();
    this.checkContents();
  }

  private allAtOnce(): void {
    const eager = this.random.pick([0, 0.3, 0.6, 0.85]);
    for (const action of this.scheme.actions) {
      this.act(action);
      while (this.random.chance(eager)) this.stir(this.random.pick(this.devices));
    }
    this.settle();
  }

  private takeTurns(): void {
    const { actions } = this.scheme;
    for (let at = 0; at < actions.length; ) {
      const turn = this.random.between(1, 6);
      const device = this.devices[actions[at]!.device]!;
      for (const action of actions.slice(at, at + turn)) {
        this.act({ ...action, device: device.number });
        while (this.random.chance(0.4)) this.stir(this.random.pick(this.devices));
      }
      for (const user of this.users) user.heal();
      const left = treeOf(device);
      this.settle();
      const got = treeOf(device);
      if (got !== left)
        throw new Error(`what one user alone did became something else:\n${left}\n--- became\n${got}`);
      at += turn;
    }
  }

  private act(action: UserAction): void {
    const words = this.users[action.device]!.act(action);
    if (words !== null) this.tell(() => `user ${action.device}: ${words}`);
  }

  private tell(words: () => string): void {
    if (this.told) this.story.push(words());
  }

  /** One step of one device, whatever chance says. */
  private stir(device: ModelDevice): void {
    const { random, weather } = this;
    const moved = {
      pull: () => device.pull(1 + random.below(6)),
      step: () => device.step(random, weather, random.chance(0.5)),
      deliver: () => device.deliver(random, weather, random.chance(0.5)),
      finish: () => device.finish(random, weather),
      retry: () => device.trees.deferred.clear(),
    };
    const what = random.weighted({ pull: 2, step: 3, deliver: 3, finish: 3, retry: 1 });
    moved[what]();
    this.tell(() => `  device ${device.number}: ${what}${what === 'step' ? ` ${device.lastPlan}` : ''}`);
    this.checkTrees(device);
  }

  /** No more changes, no more faults: everything has to come to rest. */
  private settle(): void {
    for (const user of this.users) user.heal();
    for (const device of this.devices) device.trees.deferred.clear();
    for (let round = 0; ; round += 1) {
      if (round > ROUNDS)
        throw new Error(
          `no rest after ${ROUNDS} rounds: ${this.devices.map((each) => each.lastPlan).join(' | ')}`,
        );
      let moved = false;
      for (const device of this.devices) moved = this.settleOne(device) || moved;
      if (!moved) break;
    }
    this.checkAgreement();
  }

  private settleOne(device: ModelDevice): boolean {
    const { random } = this;
    let moved = device.pull(1000);
    const stepped = device.step(random, FAIR, true);
    if (stepped) this.tell(() => `  device ${device.number}: step ${device.lastPlan}`);
    moved = stepped || moved;
    moved = device.deliver(random, FAIR, true) || moved;
    moved = device.finish(random, FAIR) || moved;
    this.checkTrees(device);
    return moved;
  }

  // --- what must hold ------------------------------------------------------------------------------------------

  private checkTrees(device: ModelDevice): void {
    const { trees } = device;
    for (const [tree, rows, get] of [
      ['local', trees.locals, (node: NodeId) => trees.local(node)],
      ['remote', trees.remotes, (node: NodeId) => trees.remote(node)],
    ] as const) {
      for (const row of rows.all()) {
        let steps = 0;
        for (let at = row.parent; at !== ROOT_NODE; steps += 1) {
          const parent = get(at);
          if (!parent || steps > rows.size)
            throw new Error(`${tree} row ${labelOf(row.node)} hangs in the air`);
          at = parent.parent;
        }
      }
    }
  }

  private checkAgreement(): void {
    const truth = treeOfServer(this.server);
    for (const device of this.devices) {
      const { trees, number } = device;
      if (!device.idle) throw new Error(`device ${number} has work under way for ever`);
      this.checkRemote(device);
      const differing = trees.differing();
      if (trees.foldsCase && this.hasTwins()) {
        // What cannot stand on this disk stays where it was, and says so; all the rest is agreed on.
        if (plan(trees, differing).holds.length === 0 && differing.length > 0)
          throw new Error(`device ${number} differs and holds nothing: ${device.lastPlan}`);
        continue;
      }
      const local = treeOf(device);
      if (local !== truth)
        throw new Error(
          `device ${number} differs:\n${local}\n--- server\n${truth}\n--- plan\n${device.lastPlan}`,
        );
      if (trees.synceds.size !== trees.locals.size)
        throw new Error(`device ${number} agreed on what is not there`);
      if (plan(trees, differing).done.length !== differing.length)
        throw new Error(`device ${number} does not rest: ${device.lastPlan}`);
    }
  }

  /** The remote tree is the server's, dead nodes, revisions and all. */
  private checkRemote({ trees, number }: ModelDevice): void {
    for (const { node, parent, name, live, rev, entrySeq, deadSeq } of this.server.nodes.values()) {
      if (node === ROOT_NODE) continue;
      const row = trees.remote(node);
      const there = row && [row.parent, row.name, row.live, row.entryRev, row.entrySeq, row.deadSeq].join();
      if (there !== [parent, name, live, rev, entrySeq, deadSeq].join())
        throw new Error(`device ${number} has another idea of ${labelOf(node)} than the server`);
    }
  }

  private hasTwins(): boolean {
    const live = [...this.server.nodes.values()].filter((each) => each.live);
    return new Set(live.map((each) => `${each.parent}/${foldKey(each.name)}`)).size < live.length;
  }

  private checkContents(): void {
    const visible = new Set(
      [...this.server.nodes.values()]
        .filter((each) => each.live)
        .map((each) => tokenOf(each.line.at(-1)?.content ?? null)),
    );
    for (const token of this.oracle.written) {
      if (!visible.has(token) && !this.oracle.superseded.has(token))
        throw new Error(`content ${token} is lost`);
    }
  }
}

/** A tree as sorted lines of path and content. */
export function treeOf(device: ModelDevice): string {
  const lines: string[] = [];
  const walk = (folder: NodeId, path: string): void => {
    for (const row of device.trees.localChildren(folder)) {
      const content = device.disk.get(row.node) ?? null;
      lines.push(row.kind === 'folder' ? `${path}${row.name}/` : `${path}${row.name} = ${tokenOf(content)}`);
      if (row.parked) lines.push(`${path}${row.name} is parked`);
      walk(row.node, `${path}${row.name}/`);
    }
  };
  walk(ROOT_NODE, '');
  return lines.sort().join('\n');
}

function treeOfServer(server: ModelServer): string {
  const lines: string[] = [];
  const walk = (folder: NodeId, path: string): void => {
    for (const row of server.liveChildren(folder)) {
      lines.push(
        row.kind === 'folder'
          ? `${path}${row.name}/`
          : `${path}${row.name} = ${tokenOf(row.line.at(-1)?.content ?? null)}`,
      );
      walk(row.node, `${path}${row.name}/`);
    }
  };
  walk(ROOT_NODE, '');
  return lines.sort().join('\n');
}

export interface Failure {
  readonly scheme: Scheme;
  readonly message: string;
}

/** `null` when all went well. */
export function tryScheme(scheme: Scheme, well: (world: World) => void = () => undefined): Failure | null {
  const world = new World(scheme);
  try {
    world.run();
    well(world);
    return null;
  } catch (error) {
    return { scheme, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs it once more, to be told about. */
export function retell(scheme: Scheme): World {
  const world = new World(scheme, true);
  try {
    world.run();
  } catch {
    // That it fails is known; what led there is in the story.
  }
  return world;
}

/** Takes user actions away as long as it still fails. */
export function shrink(failure: Failure): Failure {
  return (['actions', 'start', 'actions'] as const).reduce(shrinkList, failure);
}

function shrinkList(failure: Failure, list: 'actions' | 'start'): Failure {
  let best = failure;
  for (let size = Math.ceil(best.scheme[list].length / 2); size >= 1; ) {
    const smaller = withoutSome(best, list, size);
    if (smaller) best = smaller;
    else size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}

function withoutSome({ scheme }: Failure, list: 'actions' | 'start', size: number): Failure | null {
  for (let at = 0; at < scheme[list].length; at += size) {
    const left = scheme[list].filter((_, index) => index < at || index >= at + size);
    for (let seed = 0; seed < 12; seed += 1) {
      const smaller = tryScheme({ ...scheme, [list]: left, seed: seed === 0 ? scheme.seed : seed });
      if (smaller) return smaller;
    }
  }
  return null;
}
