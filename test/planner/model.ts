/** Worlds: one server, a few devices, users who change things, and the schedule between them. */
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { Stream } from '../simulation/random.ts';
import { checkPlan } from './check-plan.ts';
import { checkTurn, type TreeShot } from './check-turn.ts';
import { checkAgreement, checkContents, checkHanging } from './check-world.ts';
import { tokenOf } from './memory-trees.ts';
import { ModelDevice, PLANNER, type Planner, type Setting } from './model-device.ts';
import { FAIR, type Weather } from './model-disk.ts';
import { ALPHABETS, type Scheme } from './model-scheme.ts';
import { ModelServer } from './model-server.ts';
import { ModelUser, Oracle, type UserAction } from './model-user.ts';

/** So many rounds of all devices bring everything to rest: a few for each thing that happened. */
const ROUNDS = 30;

export interface Manner {
  /** Keeps a story and the plans, which takes more time than the run itself. */
  readonly told?: boolean;
  readonly planner?: Planner;
}

export class World {
  readonly server = new ModelServer();
  readonly devices: readonly ModelDevice[];
  readonly story: string[] = [];
  /** Words for every action of the scheme that did something, by its place in `start` and `actions`. */
  readonly done = new Map<UserAction, string>();
  /** The most rounds that any settling took. */
  rounds = 0;
  readonly oracle = new Oracle();
  private readonly users: readonly ModelUser[];
  private readonly random: Stream;
  private readonly weather: Weather;
  private readonly scheme: Scheme;
  private readonly told: boolean;

  constructor(scheme: Scheme, { told = false, planner = PLANNER }: Manner = {}) {
    this.scheme = scheme;
    this.told = told;
    this.random = new Stream(scheme.seed, 'schedule');
    this.weather = scheme.bad ? { lostRequests: 0.1, lostReplies: 0.25, failures: 0.08 } : FAIR;
    const setting: Setting = { told, planner, disorderly: scheme.disorderly, planned: checkPlan };
    this.devices = Array.from(
      { length: scheme.devices },
      (_, number) => new ModelDevice(number, this.server, setting),
    );
    this.devices.at(-1)!.trees.foldsCase = scheme.folding;
    const names = ALPHABETS[scheme.names];
    this.users = this.devices.map((device) => new ModelUser(device, this.oracle, names, told));
  }

  run(): void {
    this.plant();
    switch (this.scheme.way) {
      case 'together':
        this.allAtOnce();
        break;
      case 'turns':
        this.takeTurns();
        break;
      case 'quiet':
        this.takeQuietTurns();
    }
    checkContents(this.server, this.oracle);
  }

  /** What the first user makes is everybody's from the beginning. A name that the server has for another is left out. */
  private plant(): void {
    const [first] = this.devices;
    for (const action of this.scheme.start) this.act(action, 0);
    const rows = [...first!.trees.locals.all()];
    for (const { node, kind, parent, name } of rows) {
      const content = first!.disk.get(node);
      const isPlanted = this.server.plant(node, kind, parent, name, content ?? null);
      if (!isPlanted) this.oracle.supersede(content);
    }
    first!.trees.locals.clear();
    first!.disk.clear();
    for (const device of this.devices) device.plant();
  }

  private allAtOnce(): void {
    for (const action of this.scheme.actions) {
      this.act(action);
      while (this.random.chance(this.scheme.eager)) this.stir(this.random.pick(this.devices));
    }
    this.settle();
  }

  /** The next few actions as one user's, and the rest. */
  private *turns(): Generator<{ readonly device: ModelDevice; readonly actions: readonly UserAction[] }> {
    const { actions } = this.scheme;
    for (let at = 0; at < actions.length; ) {
      const length = this.random.between(1, 6);
      yield { device: this.devices[actions[at]!.device]!, actions: actions.slice(at, at + length) };
      at += length;
    }
  }

  private takeTurns(): void {
    for (const { device, actions } of this.turns()) {
      for (const action of actions) {
        this.act(action, device.number);
        while (this.random.chance(0.4)) this.stir(this.random.pick(this.devices));
      }
      for (const user of this.users) user.heal();
      const left = treeOf(device);
      this.settle();
      const got = treeOf(device);
      if (got !== left)
        throw new Error(`what one user alone did became something else:\n${left}\n--- became\n${got}`);
    }
  }

  private takeQuietTurns(): void {
    for (const { device, actions } of this.turns()) {
      const before = shotOf(device);
      for (const each of this.devices) each.tally.clear();
      for (const action of actions) this.act(action, device.number);
      for (const user of this.users) user.heal();
      const after = shotOf(device);
      this.rest([device]);
      this.settle();
      const got = shotOf(device);
      checkTurn(before, after, got, device, this.devices);
    }
  }

  act(action: UserAction, number = action.device): void {
    const words = this.doneBy(action, number);
    if (words === null || !this.told) return;
    this.done.set(action, words);
    this.story.push(`user ${number}: ${words}`);
  }

  private doneBy(action: UserAction, number: number): string | null {
    const user = this.users[number]!;
    const { kind, a, b } = action;
    const alone = this.scheme.way !== 'together';
    if (kind === 'clash') {
      const node = user.disputed(a, b % 2 === 0)?.node;
      if (node === undefined) return null;
      return (alone ? [user] : this.users).map((each) => each.editNode(node)).join(' and ');
    }
    if (kind !== 'forget') return user.act(action);
    if (alone) return null;
    this.server.forget();
    return 'the server forgets what is deleted';
  }

  private tell(words: () => string): void {
    if (this.told) this.story.push(words());
  }

  /** One step of one device, whatever chance says. */
  private stir(device: ModelDevice): void {
    const { random, weather } = this;
    const what = random.pick(STIRS);
    switch (what) {
      case 'pull':
        device.pull(1 + random.below(6));
        break;
      case 'step':
        device.step(random, weather, random.chance(0.5));
        break;
      case 'deliver':
        device.deliver(random, weather, random.chance(0.5));
        break;
      case 'finish':
        device.finish(random, weather);
        break;
      case 'retry':
        device.trees.deferred.clear();
    }
    this.tell(() => `  device ${device.number}: ${what}${what === 'step' ? ` ${device.lastPlan}` : ''}`);
    checkHanging(device);
  }

  // --- coming to rest ------------------------------------------------------------------------------------------

  /** No more changes, no more faults: everything has to come to rest, first as it is, then with all in sight. */
  settle(): void {
    for (const device of this.devices) device.trees.deferred.clear();
    if (this.devices.some(({ trees }) => trees.hides || trees.held.size > 0)) this.rest(this.devices);
    for (const user of this.users) user.heal();
    this.rest(this.devices, true);
    for (const device of this.devices) checkAgreement(device, this.server, this.devices.length);
  }

  /** Runs the devices in turns until none of them has anything to do; asked questions are answered when `decided`. */
  rest(devices: readonly ModelDevice[], decided = false): void {
    const quiet = new Map<ModelDevice, number>();
    for (let round = 0; ; round += 1) {
      if (round > ROUNDS)
        throw new Error(
          `no rest after ${ROUNDS} rounds: ${devices.map((each) => each.lastPlan).join(' | ')}`,
        );
      let moved = false;
      for (const device of devices) {
        if (quiet.get(device) === this.server.seq) continue;
        const did = this.turnOf(device) || (decided && this.decide(device));
        if (!did) quiet.set(device, this.server.seq);
        moved = did || moved;
      }
      this.rounds = Math.max(this.rounds, round);
      if (!moved) return;
    }
  }

  private decide({ number }: ModelDevice): boolean {
    const words = this.users[number]!.decide(this.random.below(256));
    if (words !== null) this.tell(() => `user ${number}: ${words}`);
    return words !== null;
  }

  /** All that the device can do now, once; false: nothing. */
  turnOf(device: ModelDevice): boolean {
    const { random } = this;
    let moved = device.pull(1000);
    const stepped = device.step(random, FAIR, true);
    if (stepped) this.tell(() => `  device ${device.number}: step ${device.lastPlan}`);
    moved = stepped || moved;
    // Mostly all that is under way arrives before the next plan, in any order; not always.
    do moved = device.deliver(random, FAIR, true) || moved;
    while (!device.hasSent && random.chance(0.8));
    do moved = device.finish(random, FAIR) || moved;
    while (!device.hasFetched && random.chance(0.8));
    if (moved) checkHanging(device);
    return moved;
  }
}

const STIRS = [
  'pull',
  'pull',
  'step',
  'step',
  'step',
  'deliver',
  'deliver',
  'deliver',
  'finish',
  'finish',
  'finish',
  'retry',
] as const;

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

/** What stands where, with what is in it. */
export function shotOf(device: ModelDevice): TreeShot {
  const shot: TreeShot = new Map();
  for (const { node, parent, name, kind } of device.trees.locals.all())
    shot.set(node, { parent, name, kind, content: device.disk.get(node) ?? null });
  return shot;
}
