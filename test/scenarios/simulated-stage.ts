/** Scenarios on simulated machines, with the real engine and the real server in this process. */
import { trashTexts } from '../simulation/checks/at-rest.ts';
import type { Machine } from '../simulation/machine.ts';
import { treeOf } from '../simulation/sim-user.ts';
import type { VolumeOptions } from '../simulation/volume-node.ts';
import { World } from '../simulation/world.ts';
import type { UserAction } from './actions.ts';
import type { MachineAction, Scenario, Side } from './scenario.ts';
import type { Stage } from './stage.ts';
import { printTree, type Tree, type TreeSpec } from './tree.ts';

const DISKS: Readonly<Record<NonNullable<Scenario['disk']>, Partial<VolumeOptions>>> = {
  'no-birth-times': { birthTimes: false },
  'coarse-times': { granularityNs: 2_000_000_000n },
  'no-exchange': { exchange: false },
};
const ACTION_LIMIT = 600_000;

export class SimulatedStage implements Stage {
  readonly #world: World;
  #scenario: Scenario = { name: '', covers: [], steps: [], expect: {} };

  constructor(seed: number) {
    this.#world = new World(seed);
  }

  async begin(scenario: Scenario): Promise<void> {
    this.#scenario = scenario;
    await this.#world.open();
    for (const side of ['A', 'B'] as const) {
      const machine = this.#add(side);
      await machine.link();
      machine.start();
    }
    await this.#plant(this.#machine('A'), scenario.start ?? {});
    await this.#world.settle();
    for (const machine of this.#world.machines.values()) machine.network.contentBytes = 0;
  }

  act(side: Side, action: UserAction): Promise<void> {
    return this.#do(this.#machine(side).act(action), `${action.do} on ${side}`);
  }

  async machine(side: Side, action: MachineAction): Promise<void> {
    if (action.do === 'join') return this.#join(side, action.tree);
    const machine = this.#machine(side);
    switch (action.do) {
      case 'offline':
        return machine.network.goOffline();
      case 'online':
        return machine.network.goOnline();
      case 'kill':
        return machine.kill();
      case 'stop':
        return machine.stop();
      case 'start':
        return machine.start();
      case 'lose-state':
        machine.kill();
        // What was written over what is forgotten with it.
        this.#world.excuses.push({ kind: 'merge', machine: machine.name, at: this.#world.time.elapsed });
        await machine.link();
        return machine.start();
      case 'lose':
        return machine.network.lose(action.part, action.route, action.times);
      case 'kill-after-commit':
        machine.network.onCommitted = () => machine.kill();
        return;
      case 'deaf':
        machine.watchFaults.drop = 1;
        return;
      case 'hearing':
        machine.watchFaults.drop = 0;
        return;
      case 'fill-disk':
        machine.volume.capacity = machine.volume.used();
        return;
      case 'free-disk':
        machine.volume.capacity = Number.POSITIVE_INFINITY;
        return;
      case 'make-read-only':
        machine.volume.readOnly = true;
        return;
      case 'make-writable':
        machine.volume.readOnly = false;
        return;
      case 'unplug':
        return machine.volume.unmountRoot();
      case 'plug-in':
        return machine.volume.mountRoot();
      case 'mount-over':
        return machine.volume.mountOver(action.path);
      case 'unmount-over':
        return machine.volume.unmountOver(action.path);
      default:
        if (action.do === 'restore' || action.do === 'resolve') this.#world.ledger.restores += 1;
        return this.#do(machine.command(action), `${action.do} on ${side}`);
    }
  }

  async restartServer(): Promise<void> {
    this.#world.host.restart();
    await Promise.resolve();
  }

  async pass(seconds: number): Promise<void> {
    await this.#world.time.run(seconds * 1000);
  }

  async sync(): Promise<void> {
    await this.#world.settle();
  }

  sides(): readonly Side[] {
    return (['A', 'B', 'C'] as const).filter((side) => this.#world.machines.has(side));
  }

  async tree(side: Side): Promise<Tree> {
    return treeOf(this.#machine(side).volume);
  }

  async openConflicts(): Promise<number> {
    return (await this.#world.auditor.conflicts()).length;
  }

  async history(path: string): Promise<readonly string[]> {
    const { auditor } = this.#world;
    await auditor.read();
    const node = auditor.fold.liveAt(path);
    if (node === undefined) return [];
    const texts: string[] = [];
    for (const version of auditor.fold.versionsOf(node.node)) {
      const link = version.content.startsWith('link:');
      texts.push(link ? version.content : Buffer.from(await auditor.bytesOf(version)).toString('utf8'));
    }
    return texts;
  }

  async trash(side: Side): Promise<readonly string[]> {
    return trashTexts(this.#machine(side));
  }

  async problems(side: Side): Promise<readonly string[]> {
    const status = await this.#machine(side).device?.status();
    return (status?.problemList ?? []).map((problem) => problem.code).toSorted();
  }

  async heldBatches(side: Side): Promise<number> {
    return (await this.#machine(side).device?.status())?.review ?? 0;
  }

  async state(side: Side): Promise<string> {
    return (await this.#machine(side).device?.status())?.state ?? 'not running';
  }

  async uploaded(): Promise<number> {
    return [...this.#world.machines.values()].reduce((sum, { network }) => sum + network.contentBytes, 0);
  }

  invariants(differing: ReadonlySet<string>): Promise<readonly string[]> {
    return this.#world.trueAtRest(differing);
  }

  report(): string {
    const machines = [...this.#world.machines.values()];
    return [
      ...machines.map((machine) => `--- ${machine.name} shows\n${printTree(treeOf(machine.volume))}`),
      ...machines.map((machine) => `--- log of ${machine.name}\n${machine.log.slice(-60).join('\n')}`),
      `--- last events\n${this.#world.recent().slice(-80).join('\n')}`,
    ].join('\n');
  }

  close(): Promise<void> {
    return this.#world.close();
  }

  #machine(side: Side): Machine {
    return this.#world.machine(side);
  }

  #add(side: Side): Machine {
    const { disk, foldingDisks, brake } = this.#scenario;
    const foldsCase = foldingDisks?.includes(side) === true;
    return this.#world.add(side, {
      volume: { ...(disk === undefined ? {} : DISKS[disk]), foldsCase },
      brakeFiles: brake ?? null,
    });
  }

  async #join(side: Side, tree: TreeSpec): Promise<void> {
    const machine = this.#add(side);
    await this.#plant(machine, tree);
    await machine.link();
    machine.start();
  }

  #do<T>(work: Promise<T>, what: string): Promise<T> {
    return this.#world.time.drive(work, ACTION_LIMIT, what);
  }

  /** Makes what a tree specification says, as a user would. */
  async #plant(machine: Machine, tree: TreeSpec): Promise<void> {
    for (const [path, entry] of Object.entries(tree)) {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (folder !== '') await this.#do(machine.act({ do: 'mkdir', path: folder }), 'planting');
      for (const action of planting(path, entry)) await this.#do(machine.act(action), 'planting');
    }
  }
}

function planting(path: string, entry: TreeSpec[string]): UserAction[] {
  if (typeof entry === 'string') return [{ do: 'write', path, text: entry }];
  if ('folder' in entry) return [{ do: 'mkdir', path }];
  if ('link' in entry) return [{ do: 'link', path, target: entry.link }];
  return [
    { do: 'write', path, text: entry.text },
    { do: 'chmod', path, executable: true },
  ];
}
