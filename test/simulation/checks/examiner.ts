/**
 * Asks the questions: some at every step, most whenever the world stops for a look, all of them at rest. README.md says
 * which is which.
 */
import type { Disk } from '../../../src/engine/environment/disk.ts';
import type { Transport } from '../../../src/engine/environment/transport.ts';
import type { Claim } from '../../../src/protocol/claims.ts';
import type { DeviceId } from '../../../src/protocol/ids.ts';
import type { Auditor } from '../auditor.ts';
import type { Domain, SimTime } from '../clock.ts';
import { type Excuse, isExcused } from '../excuses.ts';
import type { Ledger } from '../ledger.ts';
import type { Linked } from '../linking.ts';
import type { Machine } from '../machine.ts';
import { contentNameOf } from '../server-fold.ts';
import type { SimServer } from '../sim-server.ts';
import { contentName } from '../sim-user.ts';
import type { SimNode } from '../volume-node.ts';
import { dishonestStatus, divergence, leftovers } from './at-rest.ts';
import { acknowledgedFaults, boundsFaults, clientTreeFaults, prefixFaults } from './client-trees.ts';
import { unexplainedConflicts } from './conflicts.ts';
import { inventedVersions, invisibleContents, lostContents, onDisks, surplusVersions } from './contents.ts';
import type { Diary } from './diary.ts';
import { reservedFiles, witnessed } from './disk-witness.ts';
import { EpochWatch } from './epochs.ts';
import { unfoundedDeletes } from './evidence.ts';
import { checkHistory } from './history.ts';
import { identityFaults } from './identity.ts';
import {
  blindErasures,
  type Erasure,
  inventedFiles,
  knownIn,
  type Placement,
  stepsBack,
  type Told,
} from './placements.ts';
import { groundlessReturns } from './returns.ts';
import { serverTreeFaults } from './server-tree.ts';
import { historyOf, repeatedEffects } from './wire-history.ts';
import { WireLog } from './wire-log.ts';
import { WireTransport } from './wire-transport.ts';

/** What makes a device know less than it knew. */
const FORGETS: readonly Excuse['kind'][] = ['merge', 'lost-commits'];
/** Events between two looks at the trees of all engines. */
const LOOK_EVERY = 150;

export interface Scene {
  readonly time: SimTime;
  readonly host: SimServer;
  readonly ledger: Ledger;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly auditor: () => Auditor;
  /** What cannot be read any more, or comes back changed, and should not. */
  readonly restores: () => Promise<readonly string[]>;
  /** The server forgets what is dead once everybody heard of it. */
  readonly tombstonesGo: boolean;
  readonly excuses: readonly Excuse[];
}

/** How often the server had been put back when its device followed the history that it told; `null`: it did not. */
type Dated<Fact> = Omit<Fact, 'isFormer'> & { readonly era: number | null };

export class Examiner {
  readonly wire = new WireLog();
  readonly #scene: Scene;
  readonly #faults = new Set<string>();
  /** A copy of a computer is the same device, until the server tells them apart. */
  readonly #devices = new Map<DeviceId, Set<Machine>>();
  readonly #epochs = new EpochWatch();
  readonly #placements: Dated<Placement>[] = [];
  /** By machine and path: what the engine last took away there. */
  readonly #takenAway = new Map<string, string | null>();
  readonly #erasures: Dated<Erasure>[] = [];
  #events = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    scene.host.onAnswered = (request, answer, decision) => this.wire.answered(request, answer, decision);
    scene.time.onEvent = () => this.#step();
  }

  /** The line of a linked machine, with its history written down. */
  transportOf(machine: Machine, linked: Linked | null, inner: Transport, life: Domain): Transport {
    if (linked === null) return inner;
    this.wire.introduce(linked.token, linked.deviceId);
    const machines = this.#devices.get(linked.deviceId) ?? new Set();
    this.#devices.set(linked.deviceId, machines.add(machine));
    return new WireTransport(inner, this.wire, life, (claim) => this.#claimed(machine, claim));
  }

  /** The disk of a machine, watched. */
  diskOf(machine: Machine, inner: Disk): Disk {
    const at = (): number => this.#scene.time.elapsed;
    return witnessed(inner, {
      astray: (call, target, why) =>
        this.#faults.add(`I14 ${machine.name}: ${call} of ${JSON.stringify(target)}, which ${why}`),
      erasing: (area, names) => {
        for (const node of reservedFiles(machine, area, names))
          this.#erasures.push({
            machine: machine.name,
            area,
            content: contentName(node),
            at: at(),
            era: this.#follows(machine),
          });
      },
    });
  }

  /** The engine put a file at a path. */
  placed(machine: Machine, path: string, node: SimNode, out: SimNode | null): void {
    const where = `${machine.name}/${path}`;
    const [placed, displaced] = [contentName(node), out === null ? null : contentName(out)];
    const isGivenBack = this.#takenAway.get(where) === placed;
    this.#takenAway.set(where, displaced);
    this.#placements.push({
      machine: machine.name,
      path,
      placed,
      displaced,
      isGivenBack,
      at: this.#scene.time.elapsed,
      era: this.#follows(machine),
    });
  }

  /** What must hold at every moment. */
  async always(): Promise<string[]> {
    const { ledger, host } = this.#scene;
    const auditor = this.#scene.auditor();
    // What is placed while the auditor reads may be younger than what it is told: that is for the next time.
    const placed = this.#placements.splice(0);
    const erased = this.#erasures.splice(0);
    await auditor.read();
    const { fold } = auditor;
    const machines = [...this.#scene.machines.values()];
    this.#look();
    const histories = { now: [...fold.versions.values()], former: this.#formerVersions() };
    const known = knownIn(histories);
    const dated = <Fact extends { readonly era: number | null }>(fact: Fact) => ({
      ...fact,
      // One that begins anew follows none of them, and may still hold what it had of the last.
      isFormer: host.restored > 0 && fact.era !== host.restored,
    });
    // What was fetched of a history that ended is of no use any more; that nothing is lost by it, I1 shows.
    const leftInStaging = (erasure: Erasure): Erasure =>
      erasure.area === 'staging' ? { ...erasure, isFormer: host.restored > 0 } : erasure;
    const placements = placed.map(dated);
    const following = this.#following(machines);
    for (const fault of [
      ...fold.faults,
      ...host.faults,
      ...machines.flatMap((machine) => machine.faults),
      ...serverTreeFaults(fold),
      ...lostContents(ledger, fold, machines),
      ...inventedVersions(ledger, fold),
      ...surplusVersions(ledger, fold, this.#scene.excuses),
      ...stepsBack(ledger, histories, placements),
      ...inventedFiles(known, placements),
      ...blindErasures(ledger, known, onDisks(machines), erased.map(dated).map(leftInStaging)),
      ...following.flatMap((machine) =>
        prefixFaults(machine, fold, { epoch: auditor.epochs.at(-1), tombstonesGo: this.#scene.tombstonesGo }),
      ),
      ...machines.flatMap((machine) => this.#epochs.faults(machine, auditor.epochs)),
    ])
      this.#faults.add(fault);
    return [...this.#faults];
  }

  #follows(machine: Machine): number | null {
    const { host } = this.#scene;
    const state = machine.device?.engine.state;
    const cursor = state?.db.open === true ? state.meta.cursor() : null;
    return cursor !== null && host.knows(cursor) ? host.restored : null;
  }

  /** Those that know of the history that is told now: a restore shows when the next call is answered. */
  #following(machines: readonly Machine[]): readonly Machine[] {
    return this.#scene.host.restored === 0
      ? machines
      : machines.filter((machine) => this.#follows(machine) !== null);
  }

  /** What must hold when everything has come to rest; machines that rightly differ are left out of the comparison. */
  async atRest(differing: ReadonlySet<string>): Promise<string[]> {
    await this.always();
    const auditor = this.#scene.auditor();
    await auditor.compareSnapshot();
    const unkept = await this.#scene.restores();
    const { fold } = auditor;
    const machines = [...this.#scene.machines.values()];
    for (const fault of [
      ...fold.faults,
      ...unkept,
      ...machines.filter(({ name }) => !differing.has(name)).flatMap((machine) => divergence(machine, fold)),
      ...machines.flatMap(leftovers),
      ...machines.flatMap((machine) => dishonestStatus(machine, auditor)),
      ...this.told(),
    ])
      this.#faults.add(fault);
    return [...this.#faults];
  }

  /** What the whole record of the run shows. */
  told(): string[] {
    const { ledger, machines } = this.#scene;
    const { fold, epochs } = this.#scene.auditor();
    const [epoch] = epochs;
    const asked = [...this.wire.claims.values()].flatMap(({ claim }) =>
      claim.op === 'undelete' ? [claim.node] : [],
    );
    return [
      ...identityFaults(this.wire.greetings),
      ...repeatedEffects(this.wire.executed),
      // Whoever compares without a base does not know what it wrote over.
      ...unexplainedConflicts(ledger, fold, this.#diaries(['merge'])),
      ...groundlessReturns(fold, this.#diaries(), {
        asked: new Set(asked),
        merged: new Set(
          [...machines.keys()].filter((name) => isExcused(this.#scene.excuses, name, ['merge'])),
        ),
        hasLost: this.#scene.host.restored > 0,
      }),
      ...(this.#scene.host.restored === 0 && epoch !== undefined
        ? checkHistory(
            historyOf(this.wire, fold, epoch, (device) => this.#isExcused(device, ['stale-reads'])),
          )
        : []),
    ];
  }

  /** Only where no rule holds a content back. */
  invisible(): string[] {
    return invisibleContents(this.#scene.ledger, this.#scene.auditor().fold, [
      ...this.#scene.machines.values(),
    ]);
  }

  /** What the server said to be versions before it was put back, read by the auditor or not. */
  #formerVersions(): readonly Told[] {
    const { former } = this.#scene.auditor();
    if (this.#scene.host.restored === 0) return former;
    const executed = this.wire.executed.flatMap(({ outcome }) => outcome.events);
    return [
      ...former,
      ...executed.flatMap(({ node, head }) =>
        head === null ? [] : [{ node, content: contentNameOf(head.content), number: head.number }],
      ),
    ];
  }

  #isExcused(device: DeviceId, kinds: readonly Excuse['kind'][]): boolean {
    const machines = [...(this.#devices.get(device) ?? [])];
    return machines.some(({ name }) => isExcused(this.#scene.excuses, name, kinds));
  }

  #step(): void {
    this.#events += 1;
    if (this.#events % LOOK_EVERY === 0) this.#look();
  }

  #look(): void {
    for (const machine of this.#scene.machines.values()) {
      for (const fault of clientTreeFaults(machine)) this.#faults.add(fault);
      for (const fault of boundsFaults(machine)) this.#faults.add(fault);
    }
    for (const [device, machines] of this.#devices)
      for (const machine of machines) {
        if (machine.deviceId !== device || isExcused(this.#scene.excuses, machine.name, FORGETS)) continue;
        for (const fault of acknowledgedFaults(machine, this.wire.acknowledged.get(device)))
          this.#faults.add(fault);
      }
  }

  #claimed(machine: Machine, claim: Claim): void {
    const state = machine.device?.engine.state;
    if (state === undefined) return;
    for (const fault of unfoundedDeletes(machine, claim, state.claims.isByVerb(claim.key)))
      this.#faults.add(fault);
  }

  /** Without those of machines that are excused. */
  #diaries(kinds: readonly Excuse['kind'][] = []): ReadonlyMap<string, Diary> {
    const { excuses, machines } = this.#scene;
    const telling = [...machines.values()].filter(({ name }) => !isExcused(excuses, name, kinds));
    return new Map(telling.map(({ name, diary }) => [name, diary]));
  }
}
