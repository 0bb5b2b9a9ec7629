/** One run under one seed: people work, things break, everything is healed, and then the questions are asked. */
import { printTree } from '../scenarios/tree.ts';
import type { Machine } from './machine.ts';
import { Stream } from './random.ts';
import { bringAll, changeSelection } from './selective-user.ts';
import { treeOf } from './sim-user.ts';
import { Refused } from './volume-node.ts';
import { nextAction, Tokens } from './workload.ts';
import { World } from './world.ts';

export type Profile = 'calm' | 'hostile';

export interface RunOptions {
  readonly seed: number;
  readonly devices: number;
  readonly profile: Profile;
  /** What all users together do. */
  readonly actions: number;
  /** People also change their minds about which folders are on their computer. */
  readonly selective?: boolean;
}

export interface RunResult {
  readonly seed: number;
  /** Sentences of what did not hold; empty when all did. */
  readonly wrong: readonly string[];
  readonly traceHash: string;
  readonly events: number;
  /** Kills, restarts, cuts and messages that were hurt. */
  readonly faults: number;
  /** What the users did, in order. */
  readonly actions: readonly string[];
  /** Everything that helps to understand a failure. */
  readonly report: () => string;
}

const NAMES = ['A', 'B', 'C', 'D', 'E'] as const;

/** Mean milliseconds between two troubles of a kind on one machine, and how likely messages are hurt. */
const TROUBLES: Readonly<
  Record<Profile, Readonly<Record<'kill' | 'offline' | 'server' | 'message' | 'hint', number>>>
> = {
  calm: { kill: 120_000, offline: 20_000, server: 60_000, message: 0.01, hint: 0.01 },
  hostile: { kill: 10_000, offline: 6000, server: 12_000, message: 0.08, hint: 0.1 },
};

/** Events in ten seconds that no honest work needs. */
const BUSY_EVENTS = 20_000;

export async function seededRun(options: RunOptions): Promise<RunResult> {
  const run = new SeededRun(options);
  try {
    return await run.play();
  } finally {
    await run.close();
  }
}

class SeededRun {
  readonly #options: RunOptions;
  readonly #world: World;
  readonly #tokens = new Tokens();
  readonly #done: string[] = [];
  readonly #wrong: string[] = [];
  #healing = false;
  #working = 0;
  #troubles = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#world = new World(options.seed);
  }

  async play(): Promise<RunResult> {
    const world = this.#world;
    await world.open();
    for (const name of NAMES.slice(0, this.#options.devices)) {
      await world.add(name, { pace: paceOf(new Stream(this.#options.seed, `pace ${name}`)) }).link();
      world.machine(name).start();
    }
    try {
      await this.#work();
      if (this.#wrong.length === 0) await this.#heal();
    } catch (error) {
      this.#wrong.push(error instanceof Error ? error.message : String(error));
    }
    const report = this.#report();
    return {
      seed: this.#options.seed,
      wrong: [...new Set(this.#wrong)],
      traceHash: world.traceHash(),
      events: world.events,
      faults: this.#faults(),
      actions: this.#done,
      report: () => report,
    };
  }

  #faults(): number {
    const hurt = [...this.#world.machines.values()].reduce((sum, { network }) => sum + network.injected, 0);
    return hurt + this.#troubles;
  }

  close(): Promise<void> {
    return this.#world.close();
  }

  /** Users and troubles side by side, until the users have done their share. */
  async #work(): Promise<void> {
    const machines = [...this.#world.machines.values()];
    const share = Math.ceil(this.#options.actions / machines.length);
    for (const machine of machines) {
      this.#working += 1;
      void this.#user(machine, share).finally(() => {
        this.#working -= 1;
      });
      this.#trouble(machine);
      if (this.#options.selective === true) this.#select(machine);
    }
    this.#serverTrouble();
    while (this.#working > 0 && this.#wrong.length === 0) {
      const before = this.#world.time.fired;
      const busy = (): boolean => this.#world.time.fired - before > BUSY_EVENTS;
      await this.#world.time.run(10_000, () => this.#working === 0 || busy());
      if (busy()) this.#wrong.push(`Q2 more than ${BUSY_EVENTS} events within ten seconds`);
      this.#wrong.push(...(await this.#world.alwaysTrue()));
    }
  }

  async #user(machine: Machine, actions: number): Promise<void> {
    const { seed } = this.#options;
    const stream = new Stream(seed, `workload ${machine.name}`);
    const life = this.#world.time.domain(`life of ${machine.name}`);
    for (let i = 0; i < actions; i += 1) {
      // Bursts, with a rest now and then.
      await life.sleep(stream.chance(0.2) ? stream.fraction() * 20_000 : stream.fraction() * 400);
      const action = nextAction(machine, stream, this.#tokens);
      if (action === null) continue;
      this.#done.push(
        `${(life.monotonic() / 1000).toFixed(3)} ${machine.name} ${JSON.stringify(action).slice(0, 160)}`,
      );
      try {
        await machine.act(action);
      } catch (error) {
        // Somebody else (the engine, or their own haste) changed what they were about to touch.
        if (!(error instanceof Refused)) throw error;
      }
    }
  }

  #select(machine: Machine): void {
    const life = this.#world.time.domain(`selection of ${machine.name}`);
    const stream = new Stream(this.#options.seed, `selection ${machine.name}`);
    const tell = (what: string): void => {
      this.#done.push(`${(life.monotonic() / 1000).toFixed(3)} ${machine.name} ${what}`);
    };
    void changeSelection(machine, stream, life, () => this.#healing, tell);
  }

  #trouble(machine: Machine): void {
    const trouble = TROUBLES[this.#options.profile];
    const stream = new Stream(this.#options.seed, `trouble ${machine.name}`);
    const life = this.#world.time.domain(`trouble of ${machine.name}`);
    machine.network.faults = {
      loseRequest: trouble.message,
      loseReply: trouble.message,
      duplicate: trouble.message,
      stall: trouble.message / 8,
    };
    Object.assign(machine.watchFaults, { drop: trouble.hint, duplicate: trouble.hint, late: trouble.hint });
    const every = async (mean: number, act: () => Promise<void>): Promise<void> => {
      while (!this.#healing) {
        await life.sleep(stream.fraction() * 2 * mean);
        if (!this.#healing) await act();
      }
    };
    void every(trouble.kill, async () => {
      machine.kill();
      this.#strike(`kill ${machine.name}`);
      await life.sleep(stream.fraction() * 5000);
      if (!this.#healing) machine.start();
    });
    void every(trouble.offline, async () => {
      machine.network.goOffline();
      this.#strike(`offline ${machine.name}`);
      await life.sleep(stream.fraction() * 15_000);
      machine.network.goOnline();
    });
  }

  #strike(what: string): void {
    this.#troubles += 1;
    this.#world.trace(what);
  }

  #serverTrouble(): void {
    const stream = new Stream(this.#options.seed, 'trouble of the server');
    const life = this.#world.time.domain('trouble of the server');
    const again = (): void => {
      life.after(stream.fraction() * 2 * TROUBLES[this.#options.profile].server, () => {
        if (this.#healing) return;
        this.#strike('restart of the server');
        this.#world.host.restart();
        again();
      });
    };
    again();
  }

  /** No more troubles; everybody is there, looks at everything once, and comes into step. */
  async #heal(): Promise<void> {
    const world = this.#world;
    this.#healing = true;
    for (const machine of world.machines.values()) {
      machine.network.faults = { loseRequest: 0, loseReply: 0, duplicate: 0, stall: 0 };
      Object.assign(machine.watchFaults, { drop: 0, duplicate: 0, late: 0 });
      machine.network.goOnline();
      machine.start();
    }
    await world.time.run(5000);
    for (const machine of world.machines.values()) {
      await world.time.drive(machine.command({ do: 'rescan' }), 60_000, `the rescan of ${machine.name}`);
    }
    for (const machine of world.machines.values())
      await world.time.drive(bringAll(machine), 60_000, `bringing everything to ${machine.name}`);
    if (!(await world.settle())) this.#wrong.push('Q2 everything is quiet, and not everybody is in step');
    this.#wrong.push(...(await world.trueAtRest()), ...world.invisible());
    for (const machine of world.machines.values()) {
      const status = await machine.device?.status();
      const asks =
        status?.state === 'needs-you' &&
        status.review + status.problems + status.unseen + status.pendingUploads + status.pendingDownloads ===
          0;
      const calm = status?.state === 'up-to-date' || asks;
      if (!calm) {
        this.#wrong.push(
          `Q7 ${machine.name} is ${status?.state}: ${status?.sentence} ${JSON.stringify(status?.problemList)}`,
        );
      }
    }
  }

  #report(): string {
    const machines = [...this.#world.machines.values()];
    return [
      `seed ${this.#options.seed}, ${this.#options.devices} devices, ${this.#options.profile}`,
      `--- what the users did\n${this.#done.slice(-60).join('\n')}`,
      ...machines.map(
        (machine) => `--- ${machine.name} shows\n${printTree(treeOf(machine.volume)).slice(0, 4000)}`,
      ),
      ...machines.map((machine) => `--- log of ${machine.name}\n${machine.log.slice(-80).join('\n')}`),
      `--- last events\n${this.#world.recent().slice(-120).join('\n')}`,
    ].join('\n');
  }
}

/** Mostly few milliseconds between two system calls, seldom so many that half an action looks finished. */
function paceOf(stream: Stream): () => number {
  return () => (stream.chance(0.05) ? stream.fraction() * 300 : stream.fraction() * 3);
}
