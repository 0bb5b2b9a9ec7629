/** One run under one seed in which computers lose their power, again and again, while people work on them. */
import { printTree } from '../scenarios/tree.ts';
import type { Machine } from './machine.ts';
import { Stream } from './random.ts';
import { treeOf } from './sim-user.ts';
import { drawVolume } from './volume-modes.ts';
import { Refused } from './volume-node.ts';
import { nextAction, Tokens } from './workload.ts';
import { World } from './world.ts';

export interface PowerRunResult {
  readonly wrong: readonly string[];
  readonly cuts: number;
  readonly events: number;
  readonly traceHash: string;
  readonly report: () => string;
}

const NAMES = ['A', 'B'] as const;
/** Mean milliseconds between two power cuts of a computer. */
const CUT_EVERY_MS = 9000;
const OFFLINE_EVERY_MS = 12_000;

export async function powerRun(seed: number, actions: number): Promise<PowerRunResult> {
  const world = new World(seed);
  const run = new PowerRun(world, seed, actions);
  try {
    return await run.play();
  } finally {
    await world.close();
  }
}

class PowerRun {
  readonly #world: World;
  readonly #seed: number;
  readonly #actions: number;
  readonly #tokens = new Tokens();
  readonly #done: string[] = [];
  readonly #wrong: string[] = [];
  #healing = false;
  #working = 0;
  #cuts = 0;

  constructor(world: World, seed: number, actions: number) {
    this.#world = world;
    this.#seed = seed;
    this.#actions = actions;
  }

  async play(): Promise<PowerRunResult> {
    const world = this.#world;
    await world.open();
    const modes = new Stream(this.#seed, 'volumes');
    for (const name of NAMES) {
      const pace = new Stream(this.#seed, `pace ${name}`);
      await world
        .add(name, { pace: () => pace.fraction() * (pace.chance(0.05) ? 300 : 3), volume: drawVolume(modes) })
        .link();
      world.machine(name).start();
    }
    try {
      await this.#work();
      if (this.#wrong.length === 0) await this.#heal();
    } catch (error) {
      this.#wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const report = this.#report();
    return {
      wrong: [...new Set(this.#wrong)],
      cuts: this.#cuts,
      events: world.events,
      traceHash: world.traceHash(),
      report: () => report,
    };
  }

  async #work(): Promise<void> {
    for (const machine of this.#world.machines.values()) {
      this.#working += 1;
      void this.#user(machine).finally(() => {
        this.#working -= 1;
      });
      this.#trouble(machine);
    }
    while (this.#working > 0 && this.#wrong.length === 0) {
      await this.#world.time.run(10_000, () => this.#working === 0);
      this.#wrong.push(...(await this.#world.alwaysTrue()));
    }
  }

  async #user(machine: Machine): Promise<void> {
    const stream = new Stream(this.#seed, `workload ${machine.name}`);
    const life = this.#world.time.domain(`life of ${machine.name}`);
    for (let i = 0; i < this.#actions / NAMES.length; i += 1) {
      await life.sleep(stream.chance(0.2) ? stream.fraction() * 20_000 : stream.fraction() * 400);
      const action = nextAction(machine, stream, this.#tokens);
      if (action === null) continue;
      this.#tell(`${machine.name} ${JSON.stringify(action).slice(0, 160)}`);
      try {
        await machine.act(action);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#tell(`${machine.name} … ${error.message}`);
      }
    }
  }

  #tell(line: string): void {
    this.#done.push(`${(this.#world.time.elapsed / 1000).toFixed(3)} ${line}`);
  }

  #trouble(machine: Machine): void {
    const stream = new Stream(this.#seed, `trouble ${machine.name}`);
    const life = this.#world.time.domain(`trouble of ${machine.name}`);
    const every = async (mean: number, act: () => Promise<void>): Promise<void> => {
      while (!this.#healing) {
        await life.sleep(stream.fraction() * 2 * mean);
        if (!this.#healing) await act();
      }
    };
    void every(CUT_EVERY_MS, async () => {
      machine.crash('power');
      this.#cuts += 1;
      this.#tell(`${machine.name} loses its power`);
      await life.sleep(stream.fraction() * 5000);
      if (!this.#healing) machine.start();
    });
    void every(OFFLINE_EVERY_MS, async () => {
      machine.network.goOffline();
      await life.sleep(stream.fraction() * 8000);
      machine.network.goOnline();
    });
  }

  async #heal(): Promise<void> {
    const world = this.#world;
    this.#healing = true;
    for (const machine of world.machines.values()) {
      machine.network.goOnline();
      machine.start();
    }
    await world.time.run(5000);
    for (const machine of world.machines.values())
      await world.time.drive(machine.command({ do: 'rescan' }), 60_000, `the rescan of ${machine.name}`);
    if (!(await world.settle())) this.#wrong.push('Q2 everything is quiet, and not everybody is in step');
    this.#wrong.push(...(await world.trueAtRest()), ...world.invisible());
  }

  #versions(): readonly string[] {
    const { fold } = this.#world.auditor;
    return [...fold.versions.values()].map(({ node, number, content }) => {
      const name = this.#world.ledger.row(content)?.label ?? content.slice(0, 12);
      return `${node.slice(-6)} ${fold.nodes.get(node)?.name} V${number} ${name}`;
    });
  }

  #report(): string {
    const machines = [...this.#world.machines.values()];
    return [
      `seed ${this.#seed}`,
      `--- what happened\n${this.#done.slice(-60).join('\n')}`,
      ...machines.map(({ name, volume }) => `--- ${name} shows\n${printTree(treeOf(volume)).slice(0, 4000)}`),
      ...machines.map(({ name, log }) => `--- log of ${name}\n${log.slice(-400).join('\n')}`),
      `--- versions\n${this.#versions().join('\n')}`,
      `--- last events\n${this.#world.recent().slice(-160).join('\n')}`,
    ].join('\n');
  }
}
