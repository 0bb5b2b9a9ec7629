/** A server, two people with computers of their own, and one share: what happens to them, and the questions about it. */
import type { Disk } from '../../../src/engine/environment/disk.ts';
import type { ServerResult } from '../../../src/engine/remote/server.ts';
import { type NamespaceId, toHex } from '../../../src/protocol/ids.ts';
import { Auditor } from '../auditor.ts';
import { inventedVersions, onDisks } from '../checks/contents.ts';
import { serverTreeFaults } from '../checks/server-tree.ts';
import { SimTime } from '../clock.ts';
import type { Excuse } from '../excuses.ts';
import { type ContentName, Ledger } from '../ledger.ts';
import { linkTo, SERVER_URL } from '../linking.ts';
import { Machine, type Onlooker } from '../machine.ts';
import { Stream, streamsOf } from '../random.ts';
import { SimServer } from '../sim-server.ts';
import { Trace } from '../trace.ts';
import { CrossingOracle } from './crossing-oracle.ts';
import { RoleOracle } from './role-oracle.ts';
import { MEMBER, OWNER, personOf } from './sharing-plan.ts';

export interface MachineChoice {
  readonly pace?: () => number;
}

/** Nobody looks over the shoulders of these engines. */
const NOBODY: Onlooker = {
  transportOf: (_machine, _linked, inner) => inner,
  diskOf: (_machine, inner: Disk) => inner,
  placed: () => undefined,
};

const SHARE_NAME = 'Team';
/** Without any sign of work for this long, nothing more will come of waiting. */
const QUIET_MS = 400_000;
const SETTLE_LIMIT_MS = 4 * 3_600_000;
const SETTLE_LIMIT_EVENTS = 40_000;

/** What the server has, read by observers who are in everywhere: of each person's own namespace, and of the share. */
interface Observers {
  readonly own: ReadonlyMap<string, Auditor>;
  readonly share: Auditor;
  readonly namespaceOf: ReadonlyMap<string, NamespaceId>;
  readonly shared: NamespaceId;
}

export class SharingWorld {
  readonly seed: number;
  readonly time: SimTime;
  readonly host: SimServer;
  readonly ledger = new Ledger();
  readonly machines = new Map<string, Machine>();
  readonly excuses: Excuse[] = [];
  readonly roles = new RoleOracle();
  readonly crossings: CrossingOracle;
  readonly #trace = new Trace();
  #observers: Observers | null = null;

  constructor(seed: number) {
    this.seed = seed;
    this.time = new SimTime(streamsOf(seed).schedule);
    this.host = new SimServer(this.time, seed);
    this.crossings = new CrossingOracle(this.host, this.ledger);
    this.host.onAsked = (request) => this.roles.asked(request);
    this.host.onNeverAnswered = (request) => this.roles.neverAnswered(request);
    this.host.onAnswered = (request, answer) => {
      this.roles.answered(request, answer);
      if (request.path === '/v1/finalize' || request.path === '/v1/commit') this.crossings.look();
    };
  }

  /** Everybody has an account; the owner has made the share and invited the member. */
  async open(): Promise<void> {
    const own = new Map<string, Auditor>();
    const namespaceOf = new Map<string, NamespaceId>();
    for (const person of [OWNER, MEMBER]) {
      await this.time.outside(this.host.addUser(person));
      const identity = new Stream(this.seed, `auditor ${person.name}`);
      const linked = await linkTo(this.time, this.host, 'auditor', identity, person);
      namespaceOf.set(person.name, linked.namespace);
      own.set(person.name, new Auditor(this.time, this.host, linked));
    }
    const owners = this.#needed(own.get(OWNER.name)).shareCalls;
    const { namespace } = await this.#done(owners.create(SHARE_NAME, 'folder'), 'making the share');
    this.roles.begin(namespace, OWNER.name, [OWNER.name, MEMBER.name]);
    await this.#done(owners.setMember(namespace, MEMBER.name, 'editor'), 'the invitation');
    const members = this.#needed(own.get(MEMBER.name)).shareCalls;
    await this.#done(members.answer(namespace, true, null), 'accepting');
    const instance = toHex(new Stream(this.seed, 'auditor of the share').bytes(16));
    const linked = await this.#done(owners.link(namespace, instance), 'linking to the share');
    const share = new Auditor(this.time, this.host, { ...linked, serverUrl: SERVER_URL, instance });
    this.#observers = { own, share, namespaceOf, shared: namespace };
  }

  async #done<T>(call: Promise<ServerResult<T>>, what: string): Promise<T> {
    const result = await this.time.drive(call, 60_000, what);
    if (result.kind !== 'ok') throw new Error(`${what}: ${result.code} ${result.detail}`);
    return result.value;
  }

  #needed<T>(thing: T | undefined | null): T {
    if (thing === undefined || thing === null) throw new Error('the world is not open');
    return thing;
  }

  get observers(): Observers {
    return this.#needed(this.#observers);
  }

  get share(): NamespaceId {
    return this.observers.shared;
  }

  /** Of the person whose machine it is. */
  ownOf(machine: Machine): Auditor {
    return this.#needed(this.observers.own.get(personOf(machine.name).name));
  }

  namespaceOf(machine: Machine): NamespaceId {
    return this.#needed(this.observers.namespaceOf.get(personOf(machine.name).name));
  }

  auditors(): readonly Auditor[] {
    return [...this.observers.own.values(), this.observers.share];
  }

  machine(name: string): Machine {
    const machine = this.machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  add(name: string, choice: MachineChoice = {}): Machine {
    const machine = new Machine({
      name,
      seed: this.seed,
      time: this.time,
      host: this.host,
      ledger: this.ledger,
      trace: (line) => this.trace(line),
      examiner: NOBODY,
      brakeFiles: null,
      pace: choice.pace ?? (() => 0.5),
      person: personOf(name),
      sharing: true,
    });
    this.machines.set(name, machine);
    return machine;
  }

  trace(line: string): void {
    this.#trace.add(`${this.time.elapsed.toFixed(4)} ${line}`);
  }

  get events(): number {
    return this.#trace.events;
  }

  traceHash(): string {
    return this.#trace.digest();
  }

  recent(): readonly string[] {
    return this.#trace.recent();
  }

  /** Until nobody has anything left to do; `false` when all went quiet with something left. */
  async settle(): Promise<boolean> {
    const machines = [...this.machines.values()];
    const start = this.time.elapsed;
    const firstEvent = this.time.fired;
    const exhausted = (): boolean => this.time.fired - firstEvent > SETTLE_LIMIT_EVENTS;
    let inStep = 0;
    while (this.time.elapsed - start < SETTLE_LIMIT_MS && !exhausted()) {
      await this.time.run(500, exhausted);
      inStep = machines.every(({ device }) => device?.settled() === true) ? inStep + 1 : 0;
      if (inStep >= 4 && (await this.#sameHeads())) return true;
      const last = Math.max(start, ...machines.map((machine) => machine.lastWorkAt()));
      if (this.time.elapsed - last > QUIET_MS) return false;
    }
    const minutes = ((this.time.elapsed - start) / 60_000).toFixed(1);
    throw new Error(`Q2 not in step after ${minutes} minutes and ${this.time.fired - firstEvent} events`);
  }

  async #sameHeads(): Promise<boolean> {
    for (const auditor of this.auditors()) await auditor.read();
    return [...this.machines.values()].every((machine) =>
      (machine.device?.engines() ?? []).every(({ state, parts }) => {
        const isShare = parts.account.namespace === this.share;
        const { fold } = isShare ? this.observers.share : this.ownOf(machine);
        return state.meta.cursor()?.seq === fold.seq;
      }),
    );
  }

  /** Contents that ever were a version, anywhere. */
  committed(): Set<ContentName> {
    return new Set(this.auditors().flatMap(({ fold }) => [...fold.contents()]));
  }

  /** What must hold at every moment. */
  async alwaysTrue(): Promise<string[]> {
    for (const auditor of this.auditors()) await auditor.read();
    const machines = [...this.machines.values()];
    const somewhere = new Set([...onDisks(machines), ...this.committed()]);
    return [
      ...this.auditors().flatMap(({ fold }) => [
        ...fold.faults,
        ...serverTreeFaults(fold),
        ...inventedVersions(this.ledger, fold),
      ]),
      ...this.host.faults,
      ...machines.flatMap(({ faults }) => faults),
      ...this.roles.faults,
      ...this.crossings.faults,
      ...this.ledger.lost(somewhere).map((label) => `I1 lost: ${label}`),
    ];
  }

  async close(): Promise<void> {
    for (const machine of this.machines.values()) machine.close();
    await this.host.close();
  }
}
