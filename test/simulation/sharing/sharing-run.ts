/** One run under one seed with a share: people work in it and around it, roles change, things break, and all is healed. */

import type { UserAction } from '../../scenarios/actions.ts';
import { printTree } from '../../scenarios/tree.ts';
import type { Machine } from '../machine.ts';
import { Stream } from '../random.ts';
import { type PlannedAction, planOf, type RunOptions, type RunPlan } from '../run-plan.ts';
import type { RunResult } from '../seeded-run.ts';
import { contentName, below as everythingBelow, treeOf } from '../sim-user.ts';
import { Tally } from '../tally.ts';
import { Troublemaker } from '../troubles/troublemaker.ts';
import { decideAll } from '../user-verbs.ts';
import { Refused } from '../volume-node.ts';
import { actionOf, isVerb, Tokens } from '../workload.ts';
import { divergence, invisible, leftovers } from './at-rest.ts';
import { isIn, shareFolderOf, shownOn } from './share-places.ts';
import { askAboutShare, isShareKind, type ShareVerb } from './sharing-plan.ts';
import { SharingWorld } from './sharing-world.ts';

/** Events in ten seconds that no honest work needs. */
const BUSY_EVENTS = 30_000;
const DECISIONS = 8;

/** By the end of the run. */
export interface SharingTally {
  /** Requests in the share that were let through, and those refused for want of a right. */
  readonly read: number;
  readonly written: number;
  readonly refused: number;
  /** Moves across the border that the server was seen to follow. */
  readonly followed: number;
}

export async function sharingRun(options: RunOptions): Promise<RunResult> {
  const run = new SharingRun(options);
  try {
    return await run.play();
  } finally {
    await run.close();
  }
}

class SharingRun {
  readonly #options: RunOptions;
  readonly #plan: RunPlan;
  readonly #world: SharingWorld;
  readonly #troubles: Troublemaker;
  readonly #tokens = new Tokens();
  readonly #done: string[] = [];
  readonly #wrong: string[] = [];
  #working = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#plan = planOf(options);
    this.#world = new SharingWorld(options.seed);
    this.#troubles = new Troublemaker(this.#world, options.seed, (line) => this.#tell(line));
  }

  async play(): Promise<RunResult> {
    const world = this.#world;
    await world.open();
    for (const name of this.#plan.machines) {
      const stream = new Stream(this.#options.seed, `pace ${name}`);
      const pace = (): number => (stream.chance(0.05) ? stream.fraction() * 300 : stream.fraction() * 3);
      await world.add(name, { pace }).link();
      world.machine(name).start();
    }
    try {
      if (!(await world.settle())) this.#wrong.push('Q2 the share does not come to everybody');
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
      keeping: null,
      sharing: { ...world.roles.counts, followed: world.crossings.followed },
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

  /** People and troubles side by side, until the people have done their share. */
  async #work(): Promise<void> {
    const { time } = this.#world;
    const begun = time.elapsed;
    for (const name of this.#plan.machines) {
      this.#working += 1;
      const share = this.#plan.actions.filter(({ machine }) => machine === name);
      void this.#user(this.#world.machine(name), share, begun)
        .catch((error: unknown) => this.#wrong.push(`the user of ${name} stumbled: ${String(error)}`))
        .finally(() => {
          this.#working -= 1;
        });
    }
    this.#troubles.begin(this.#plan.troubles.map((each) => ({ ...each, at: begun + each.at })));
    while (this.#working > 0 && this.#wrong.length === 0) {
      const before = time.fired;
      const busy = (): boolean => time.fired - before > BUSY_EVENTS;
      await time.run(10_000, () => this.#working === 0 || busy());
      if (busy()) this.#wrong.push(`Q2 more than ${BUSY_EVENTS} events within ten seconds`);
      this.#wrong.push(...this.#troubles.wrong, ...(await this.#world.alwaysTrue()));
    }
  }

  async #user(machine: Machine, share: readonly PlannedAction[], begun: number): Promise<void> {
    const life = this.#world.time.domain(`life of ${machine.name}`);
    for (const planned of share) {
      const wait = begun + planned.at - life.monotonic();
      if (wait > 0) await life.sleep(wait);
      await this.#act(machine, planned);
    }
  }

  async #act(machine: Machine, { id, kind }: PlannedAction): Promise<void> {
    const stream = new Stream(this.#options.seed, `action ${id}`);
    if (isShareKind(kind) && kind !== 'move-across') {
      this.#ask(machine, id, kind);
      return;
    }
    try {
      const action = this.#actionOf(machine, kind, stream, id);
      if (action === null || !isSafe(machine, action)) return;
      this.#tell(`#${id} ${machine.name} ${JSON.stringify(action).slice(0, 160)}`);
      const crossing = this.#crossing(machine, action);
      await machine.act(action);
      for (const tell of crossing) tell();
    } catch (error) {
      // Somebody else (the engine, or their own haste) changed what they were about to touch.
      if (!(error instanceof Refused)) throw error;
    }
  }

  #actionOf(machine: Machine, kind: PlannedAction['kind'], stream: Stream, id: number): UserAction | null {
    if (kind === 'move-across') return moveAcross(machine, stream);
    // What is asked of the engine besides is asked in runs without a share.
    if (isShareKind(kind) || isVerb(kind)) return null;
    return actionOf({ kind, machine, stream, tokens: this.#tokens, id });
  }

  /** Not waited for: the engine may be killed in the middle of it, and then never answers. */
  #ask(machine: Machine, id: number, kind: ShareVerb): void {
    const { device } = machine;
    if (!device?.engine.ready || device.engine.stopping) return;
    this.#tell(`#${id} ${machine.name} asks for ${kind}`);
    void askAboutShare(kind, device.control, this.#world.share).then(
      (told) => this.#tell(`#${id} ${machine.name} ${told}`),
      (error: unknown) => this.#wrong.push(`${machine.name}: ${kind} failed: ${String(error)}`),
    );
  }

  /** What is to be told once the move is done: every content that changes sides with it. */
  #crossing(machine: Machine, action: UserAction): readonly (() => void)[] {
    const folder = shareFolderOf(machine);
    if (action.do !== 'move' || folder === null) return [];
    const [wasIn, willBeIn] = [isIn(folder, action.from), isIn(folder, action.to)];
    if (wasIn === willBeIn) return [];
    const world = this.#world;
    const from = wasIn ? world.share : world.namespaceOf(machine);
    const files = everythingBelow(machine.volume.find(action.from)).filter(({ kind }) => kind === 'file');
    const unheard = (): number => machine.watchInjected.drop + machine.watchInjected.late;
    const before = unheard();
    return files.map(
      (node) => () => world.crossings.crossed(contentName(node), from, () => unheard() > before),
    );
  }

  #tell(what: string): void {
    this.#done.push(`${(this.#world.time.elapsed / 1000).toFixed(3)} ${what}`);
  }

  /** No more troubles; everybody comes into step as what they are, and then everybody is in with every right. */
  async #heal(): Promise<void> {
    const world = this.#world;
    await this.#troubles.end();
    this.#tell('healing');
    for (const machine of world.machines.values()) machine.start();
    await world.time.run(10_000);
    for (const machine of world.machines.values()) {
      await world.time.drive(machine.command({ do: 'resume' }), 60_000, `resume on ${machine.name}`);
      await world.time.drive(machine.command({ do: 'rescan' }), 60_000, `the rescan on ${machine.name}`);
    }
    await this.#settleAndDecide();
    if (this.#wrong.length > 0) return;
    this.#wrong.push(...(await world.alwaysTrue()), ...divergence(world, 'nobody'), ...invisible(world));
    if (this.#wrong.length > 0) return;
    await this.#letEverybodyIn();
    await this.#settleAndDecide();
    if (this.#wrong.length > 0) return;
    this.#wrong.push(...(await world.alwaysTrue()), ...divergence(world, 'everybody'), ...invisible(world));
    for (const machine of world.machines.values())
      this.#wrong.push(...leftovers(machine), ...(await notCalm(machine)));
    for (const auditor of world.auditors()) this.#wrong.push(...(await auditor.checkRestores()));
  }

  async #letEverybodyIn(): Promise<void> {
    this.#tell('everybody is let in');
    const drive = (name: string, kind: ShareVerb): Promise<string> => {
      const { device } = this.#world.machine(name);
      if (device === null) throw new Error(`${name} does not run`);
      const asked = askAboutShare(kind, device.control, this.#world.share);
      return this.#world.time.drive(asked, 120_000, `${kind} on ${name}`);
    };
    this.#tell(await drive('A', 'make-editor'));
    this.#tell(await drive('B', 'accept'));
    for (const name of this.#world.machines.keys()) this.#tell(`${name} ${await drive(name, 'bring-back')}`);
  }

  async #settleAndDecide(): Promise<void> {
    const { ledger, machines, time } = this.#world;
    for (let round = 1; ; round += 1) {
      const isInStep = await this.#world.settle();
      let held = false;
      for (const machine of machines.values()) {
        const asks = machine.device?.engines().some(({ state }) => state.reviews.count() > 0) === true;
        const stream = new Stream(this.#options.seed, `decisions ${machine.name} ${round}`);
        if (!asks) continue;
        await time.drive(decideAll({ machine, stream, ledger }), 60_000, `deciding on ${machine.name}`);
        held = true;
      }
      if (!held && isInStep) return;
      if (!held) {
        this.#wrong.push('Q2 everything is quiet, and not everybody is in step');
        return;
      }
      if (round > DECISIONS) {
        this.#wrong.push('Q2 whatever is decided, something is held again');
        return;
      }
    }
  }

  #report(): string {
    const machines = [...this.#world.machines.values()];
    const { share } = this.#world.observers;
    return [
      `seed ${this.#options.seed}, ${this.#options.devices} devices, ${this.#options.profile}, with a share`,
      `--- what happened\n${this.#done.slice(-120).join('\n')}`,
      `--- the share\n${[...share.fold.tree()].map(([path, shape]) => `${path} ${shape}`).join('\n')}`,
      `--- how far everybody is\n${machines.map(standingOf).join('\n')}`,
      ...machines.map((each) => `--- ${each.name} shows\n${printTree(treeOf(each.volume)).slice(0, 4000)}`),
      ...machines.map((each) => `--- log of ${each.name}\n${each.log.slice(-80).join('\n')}`),
      `--- last events\n${this.#world.recent().slice(-120).join('\n')}`,
    ].join('\n');
  }
}

/** A file or folder from one side of the border to the other; null: there is none. */
function moveAcross(machine: Machine, stream: Stream): UserAction | null {
  const folder = shareFolderOf(machine);
  if (folder === null) return null;
  const shown = shownOn(machine).filter(([path]) => path !== folder && !isIn(path, folder));
  if (shown.length === 0) return null;
  const [from] = stream.pick(shown);
  const name = from.slice(from.lastIndexOf('/') + 1);
  const goesIn = !isIn(folder, from);
  const into = shown.flatMap(([path, node]) =>
    node.kind === 'folder' && isIn(folder, path) === goesIn && path.split('/').length < 4 ? [path] : [],
  );
  const target = stream.pick([goesIn ? folder : '', ...into]);
  return { do: 'move', from, to: target === '' ? name : `${target}/${name}` };
}

/** The folder of the share itself stays where it is, and so do those that it is in. */
function isSafe(machine: Machine, action: UserAction): boolean {
  const folder = shareFolderOf(machine);
  if (folder === null) return true;
  const touched = action.do === 'move' ? [action.from] : action.do === 'remove-all' ? [action.path] : [];
  return !touched.some((path) => isIn(path, folder));
}

/** What keeps it from being in step, for whoever reads a report. */
function standingOf({ name, device }: Machine): string {
  if (device === null) return `${name} does not run`;
  const { shares } = device;
  const kept = shares?.main.state.mounts.list() ?? [];
  const told = [...(shares?.troubles.values() ?? [])].map(({ code }) => code);
  const engines = device.engines().map((each) => {
    const waits = [...each.state.frontier.nodes()].length;
    return each.ready
      ? `in step ${each.inStep()}, halted ${each.halted?.code}, ${waits} differ, scans ${each.scanner.busy}, ${JSON.stringify(each.state.problems.list())}`
      : `not ready, halted ${each.halted?.code}`;
  });
  return [`${name} shares idle ${shares?.idle}, troubles ${told}, ${JSON.stringify(kept)}`, ...engines].join(
    '\n  ',
  );
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
