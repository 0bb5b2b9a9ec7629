/** One run under one seed: people work, things break, everything is healed, and then the questions are asked. */
import type { NodeId } from '../../src/protocol/ids.ts';
import { printTree } from '../scenarios/tree.ts';
import { afterwards } from './checks/afterwards.ts';
import type { KeepingTally } from './custodian.ts';
import { isExcused } from './excuses.ts';
import { drawKeeping } from './keeping-plan.ts';
import type { Machine } from './machine.ts';
import { Stream } from './random.ts';
import { drawLineages, involvedNodes } from './reports/lineage.ts';
import { type PlannedAction, planOf, type RunOptions, type RunPlan } from './run-plan.ts';
import { isShareKind } from './sharing/sharing-plan.ts';
import { type SharingTally, sharingRun } from './sharing/sharing-run.ts';
import { treeOf } from './sim-user.ts';
import { Tally } from './tally.ts';
import { Troublemaker } from './troubles/troublemaker.ts';
import { askFor, bringAll, bringFolders, decideAll } from './user-verbs.ts';
import { Refused } from './volume-node.ts';
import { actionOf, isVerb, Tokens } from './workload.ts';
import { World } from './world.ts';

export type { Profile, RunOptions } from './run-plan.ts';

export interface RunResult {
  readonly seed: number;
  /** Sentences of what did not hold; empty when all did. */
  readonly wrong: readonly string[];
  readonly traceHash: string;
  readonly events: number;
  /** Everything that was broken: processes, lines, messages, hints. */
  readonly faults: number;
  readonly faultsByKind: Readonly<Record<string, number>>;
  /** Where the server lets go of history: what became of it in the end; null: it keeps all. */
  readonly keeping: KeepingTally | null;
  /** Where there is a share: what was done to it, and what was moved into it and out. */
  readonly sharing: SharingTally | null;
  /** What the users did, in order. */
  readonly actions: readonly string[];
  /** Everything that helps to understand a failure. */
  readonly report: () => string;
}

/** Events in ten seconds that no honest work needs. */
const BUSY_EVENTS = 20_000;
/** Longer than a question is parked. */
const POLL_MS = 120_000;
/** What only linking again ends. */
const NEEDS_LINKING: ReadonlySet<string> = new Set(['device-cloned', 'signed-out']);
/** Rounds of deciding what is held; each may hold something else back. */
const DECISIONS = 8;

export async function seededRun(options: RunOptions): Promise<RunResult> {
  if (options.sharing === true) return sharingRun(options);
  const run = new SeededRun(options);
  try {
    return await run.play();
  } finally {
    await run.close();
  }
}

class SeededRun {
  readonly #options: RunOptions;
  readonly #plan: RunPlan;
  readonly #world: World;
  readonly #troubles: Troublemaker;
  readonly #tokens = new Tokens();
  readonly #done: string[] = [];
  readonly #wrong: string[] = [];
  #working = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#plan = planOf(options);
    this.#world = new World(options.seed, options.retention === true ? drawKeeping(options.seed) : null);
    this.#troubles = new Troublemaker(this.#world, options.seed, (line) => this.#tell(line));
  }

  async play(): Promise<RunResult> {
    const world = this.#world;
    await world.open();
    for (const name of this.#plan.machines) {
      const brake = new Stream(this.#options.seed, `brake ${name}`);
      const brakeFiles =
        this.#options.profile === 'hostile' && brake.chance(0.2) ? brake.between(3, 8) : null;
      const pace = paceOf(new Stream(this.#options.seed, `pace ${name}`));
      await world.add(name, { pace, brakeFiles }).link();
      world.machine(name).start();
    }
    try {
      await this.#work();
      if (this.#wrong.length === 0) await this.#heal();
    } catch (error) {
      this.#wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const report = this.#wrong.length === 0 ? '' : this.#report();
    const tally = this.#tally();
    return {
      seed: this.#options.seed,
      wrong: [...new Set(this.#wrong)],
      traceHash: world.traceHash(),
      events: world.events,
      faults: tally.total,
      faultsByKind: tally.counts(),
      keeping: world.custodian?.tally() ?? null,
      sharing: null,
      actions: this.#done,
      report: () => report,
    };
  }

  #tally(): Tally {
    const tally = new Tally();
    tally.addAll(this.#troubles.tally.counts());
    for (const { network, watchInjected } of this.#world.machines.values()) {
      tally.addAll(network.injected, 'message ');
      tally.addAll(watchInjected, 'hint ');
    }
    return tally;
  }

  close(): Promise<void> {
    return this.#world.close();
  }

  /** Users and troubles side by side, until the users have done their share. */
  async #work(): Promise<void> {
    for (const name of this.#plan.machines) {
      this.#working += 1;
      const share = this.#plan.actions.filter(({ machine }) => machine === name);
      void this.#user(this.#world.machine(name), share)
        .catch((error: unknown) => this.#wrong.push(`the user of ${name} stumbled: ${String(error)}`))
        .finally(() => {
          this.#working -= 1;
        });
    }
    this.#troubles.begin(this.#plan.troubles);
    while (this.#working > 0 && this.#wrong.length === 0) {
      const before = this.#world.time.fired;
      const busy = (): boolean => this.#world.time.fired - before > BUSY_EVENTS;
      await this.#world.time.run(10_000, () => this.#working === 0 || busy());
      if (busy()) this.#wrong.push(`Q2 more than ${BUSY_EVENTS} events within ten seconds`);
      this.#wrong.push(...this.#troubles.wrong, ...(await this.#world.alwaysTrue()));
    }
  }

  async #user(machine: Machine, share: readonly PlannedAction[]): Promise<void> {
    const life = this.#world.time.domain(`life of ${machine.name}`);
    for (const planned of share) {
      const wait = planned.at - life.monotonic();
      if (wait > 0) await life.sleep(wait);
      await this.#act(machine, planned);
    }
  }

  async #act(machine: Machine, { id, kind }: PlannedAction): Promise<void> {
    if (isShareKind(kind)) throw new Error(`nobody shares anything here: ${kind}`);
    const stream = new Stream(this.#options.seed, `action ${id}`);
    const { ledger } = this.#world;
    if (isVerb(kind)) {
      this.#tell(`#${id} ${machine.name} asks for ${kind}`);
      // Not waited for: the engine may be killed in the middle of it, and then never answers.
      void askFor(kind, { machine, stream, ledger }).then(
        (told) => this.#tell(`#${id} ${machine.name} ${told ?? `${kind}: nothing to ask for`}`),
        (error: unknown) => this.#wrong.push(`${machine.name}: ${kind} failed: ${String(error)}`),
      );
      return;
    }
    try {
      const action = actionOf({ kind, machine, stream, tokens: this.#tokens, id });
      if (action === null) return;
      this.#tell(`#${id} ${machine.name} ${JSON.stringify(action).slice(0, 160)}`);
      await machine.act(action);
    } catch (error) {
      // Somebody else (the engine, or their own haste) changed what they were about to touch.
      if (!(error instanceof Refused)) throw error;
    }
  }

  #tell(what: string): void {
    this.#done.push(`${(this.#world.time.elapsed / 1000).toFixed(3)} ${what}`);
  }

  /** No more troubles; everybody is there, looks at everything once, and comes into step. */
  async #heal(): Promise<void> {
    const world = this.#world;
    await this.#troubles.end();
    this.#tell('healing');
    for (const machine of world.machines.values()) machine.start();
    await world.time.run(10_000);
    for (const machine of world.machines.values()) await this.#admit(machine);
    for (const machine of world.machines.values()) await this.#attend(machine);
    await this.#settleAndDecide();
    this.#wrong.push(...(await world.trueAtRest()), ...world.invisible());
    for (const machine of world.machines.values()) this.#wrong.push(...(await notCalm(machine)));
    if (this.#wrong.length === 0)
      this.#wrong.push(...(await afterwards(world, new Stream(this.#options.seed, 'afterwards'))));
    if (this.#wrong.length === 0 && world.custodian !== null) {
      for (const machine of world.machines.values())
        await world.time.drive(machine.stop(), 60_000, `stopping ${machine.name}`);
      this.#wrong.push(...(await world.custodian.checkEnd()));
    }
  }

  /** Whoever the server does not know any more is linked again where it was; `true` when that was done. */
  async #admit(machine: Machine): Promise<boolean> {
    const code = machine.device?.engine.halted?.code;
    if (code === undefined) return false;
    const world = this.#world;
    if (!isExcused(world.excuses, machine.name, ['identity']) || !NEEDS_LINKING.has(code)) {
      this.#wrong.push(`${machine.name} has halted: ${code}`);
      return false;
    }
    this.#tell(`${machine.name} is linked again: ${code}`);
    await world.time.drive(machine.relink(), 60_000, `linking ${machine.name} again`);
    machine.start();
    await world.time.run(5000);
    await this.#attend(machine);
    return true;
  }

  /** Somebody sits down at this computer: nothing is left out or waits any more. */
  async #attend(machine: Machine): Promise<void> {
    const drive = (work: Promise<unknown>, what: string): Promise<unknown> =>
      this.#world.time.drive(work, 60_000, `${what} on ${machine.name}`);
    await drive(machine.command({ do: 'resume' }), 'resume');
    await drive(bringAll(machine), 'bringing everything');
    await drive(machine.command({ do: 'rescan' }), 'the rescan');
  }

  async #settleAndDecide(): Promise<void> {
    const { excuses, ledger, machines, time } = this.#world;
    let knowsItself = excuses.every(({ kind }) => kind !== 'identity');
    for (let round = 1; ; round += 1) {
      const isInStep = await this.#world.settle();
      let admitted = false;
      for (const machine of machines.values()) if (await this.#admit(machine)) admitted = true;
      if (admitted) continue;
      // What is held is decided first: it may stand where something else is to come.
      const isAsked = [...machines.values()].some(
        ({ device }) => (device?.engine.state.reviews.count() ?? 0) > 0,
      );
      if (!isInStep && !isAsked) {
        this.#wrong.push('Q2 everything is quiet, and not everybody is in step');
        return;
      }
      let held = false;
      for (const machine of machines.values()) {
        const stream = new Stream(this.#options.seed, `decisions ${machine.name} ${round}`);
        if (await time.drive(decideAll({ machine, stream, ledger }), 60_000, `deciding on ${machine.name}`))
          held = true;
        // Who was behind when everything was brought learns of a folder that stays online only now.
        if (await time.drive(bringFolders(machine), 60_000, `bringing folders on ${machine.name}`))
          held = true;
      }
      if (!held && knowsItself) return;
      if (!held) {
        // Of two copies of one computer the one that asks last hears that it is one when its parked question ends.
        knowsItself = true;
        await time.run(POLL_MS);
        continue;
      }
      if (round > DECISIONS) {
        this.#wrong.push('Q2 whatever is decided, something is held again');
        return;
      }
    }
  }

  #report(): string {
    const machines = [...this.#world.machines.values()];
    const { auditor, ledger } = this.#world;
    const involved = involvedNodes(this.#wrong, auditor.fold, ledger);
    return [
      `seed ${this.#options.seed}, ${this.#options.devices} devices, ${this.#options.profile}`,
      `--- lineages\n${drawLineages(involved, auditor.fold, ledger)}`,
      `--- what happened\n${this.#done.slice(-120).join('\n')}`,
      ...machines.map(
        (machine) => `--- ${machine.name} shows\n${printTree(treeOf(machine.volume)).slice(0, 4000)}`,
      ),
      ...machines.map((machine) => `--- rows of ${machine.name}\n${rowsOf(machine, involved).join('\n')}`),
      ...machines.map((machine) => `--- log of ${machine.name}\n${machine.log.slice(-80).join('\n')}`),
      `--- last events\n${this.#world.recent().slice(-120).join('\n')}`,
    ].join('\n');
  }
}

/** What its state has of these nodes: local, remote, synced. */
function rowsOf({ device }: Machine, nodes: ReadonlySet<NodeId>): readonly string[] {
  if (!device) return [];
  const { local, remote, synced } = device.engine.state;
  const text = (row: object | null): string =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return [...nodes].flatMap((node) => [
    node,
    ...[local.get(node), remote.get(node), synced.get(node)].map((row) => `  ${text(row)}`),
  ]);
}

/** Q7: in the end nothing is left but conflicts, which wait for somebody to choose. */
async function notCalm(machine: Machine): Promise<readonly string[]> {
  const status = await machine.device?.status();
  const asks =
    status?.state === 'needs-you' &&
    status.review + status.problems + status.unseen + status.pendingUploads + status.pendingDownloads === 0;
  if (status?.state === 'up-to-date' || asks) return [];
  return [
    `Q7 ${machine.name} is ${status?.state}: ${status?.sentence} ${JSON.stringify(status?.problemList)}`,
  ];
}

/** Mostly few milliseconds between two system calls, seldom so many that half an action looks finished. */
function paceOf(stream: Stream): () => number {
  return () => (stream.chance(0.05) ? stream.fraction() * 300 : stream.fraction() * 3);
}
