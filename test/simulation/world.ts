/** A server and some machines under one seed: everything that can happen to them, and the questions about it. */
import { Auditor } from './auditor.ts';
import { Examiner } from './checks/examiner.ts';
import { SimTime } from './clock.ts';
import { Custodian } from './custodian.ts';
import type { Excuse } from './excuses.ts';
import { KEEPS_ALL, type KeepingPlan } from './keeping-plan.ts';
import { Ledger } from './ledger.ts';
import { linkTo } from './linking.ts';
import { Machine } from './machine.ts';
import { Stream, type Streams, streamsOf } from './random.ts';
import { SimServer } from './sim-server.ts';
import { Trace } from './trace.ts';
import type { VolumeOptions } from './volume-node.ts';

export interface MachineChoice {
  /** Milliseconds between the system calls of one action. */
  readonly pace?: () => number;
  readonly volume?: Partial<VolumeOptions>;
  readonly brakeFiles?: number | null;
}

/** Without any sign of work for this long, nothing more will come of waiting. */
const QUIET_MS = 400_000;
/** Termination (Q2): whatever happened before, everybody is in step by then. */
const SETTLE_LIMIT_MS = 4 * 3_600_000;
const SETTLE_LIMIT_EVENTS = 20_000;

export class World {
  readonly seed: number;
  readonly streams: Streams;
  readonly time: SimTime;
  readonly host: SimServer;
  readonly ledger = new Ledger();
  readonly machines = new Map<string, Machine>();
  readonly examiner: Examiner;
  readonly custodian: Custodian | null;
  /** What troubles excuse. */
  readonly excuses: Excuse[] = [];
  readonly #trace = new Trace();
  #auditor: Auditor | null = null;

  /** `keeping`: how the server keeps history; null: all of it. */
  constructor(seed: number, keeping: KeepingPlan | null = null) {
    this.seed = seed;
    this.streams = streamsOf(seed);
    this.time = new SimTime(this.streams.schedule);
    this.host = new SimServer(this.time, seed, keeping ?? KEEPS_ALL);
    const { time, host, ledger, machines } = this;
    this.examiner = new Examiner({
      time,
      host,
      ledger,
      machines,
      excuses: this.excuses,
      auditor: () => this.auditor,
      tombstonesGo: keeping !== null,
      restores: () => this.custodian?.check() ?? this.auditor.checkRestores(),
    });
    this.custodian =
      keeping &&
      new Custodian({
        time,
        host,
        plan: keeping,
        stream: new Stream(seed, 'custodian'),
        auditor: () => this.auditor,
        trace: (line) => this.trace(line),
      });
  }

  async open(): Promise<void> {
    await this.time.outside(this.host.addUser());
    const linked = await linkTo(this.time, this.host, 'auditor', new Stream(this.seed, 'auditor'));
    this.#auditor = new Auditor(this.time, this.host, linked);
    if (this.custodian !== null) this.host.observer = linked.deviceId;
  }

  get auditor(): Auditor {
    if (this.#auditor === null) throw new Error('the world is not open');
    return this.#auditor;
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
      examiner: this.examiner,
      volume: choice.volume,
      brakeFiles: choice.brakeFiles ?? null,
      pace: choice.pace ?? (() => 0.5),
    });
    this.machines.set(name, machine);
    return machine;
  }

  /** One line of what happened; the hash over all of them identifies a run. */
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

  /** Until these machines have nothing left to do; `false` when they went quiet with something left. */
  async settle(machines: readonly Machine[] = [...this.machines.values()]): Promise<boolean> {
    const running = machines.filter((machine) => machine.running && machine.network.online);
    const start = this.time.elapsed;
    const firstEvent = this.time.fired;
    const exhausted = (): boolean => this.time.fired - firstEvent > SETTLE_LIMIT_EVENTS;
    let inStep = 0;
    while (this.time.elapsed - start < SETTLE_LIMIT_MS && !exhausted()) {
      await this.time.run(500, exhausted);
      if (this.custodian !== null) await this.#look(this.custodian);
      inStep = running.every((machine) => machine.device?.settled() === true) ? inStep + 1 : 0;
      if (inStep >= 4 && (await this.#sameHead(running))) return true;
      const last = Math.max(start, ...machines.map((machine) => machine.lastWorkAt()));
      if (this.time.elapsed - last > QUIET_MS) return false;
    }
    const minutes = ((this.time.elapsed - start) / 60_000).toFixed(1);
    throw new Error(`Q2 not in step after ${minutes} minutes and ${this.time.fired - firstEvent} events`);
  }

  async #sameHead(machines: readonly Machine[]): Promise<boolean> {
    await this.auditor.read();
    return machines.every((machine) => machine.device?.cursor() === this.auditor.fold.seq);
  }

  /** What must hold at every moment. */
  async alwaysTrue(): Promise<string[]> {
    const faults = await this.examiner.always();
    if (this.custodian !== null) {
      await this.#look(this.custodian);
      await this.custodian.work();
    }
    return faults;
  }

  /** An observer who is away for too long is told no journal any more; and whoever is has to compare anew. */
  async #look(custodian: Custodian): Promise<void> {
    await this.auditor.read();
    custodian.looked();
    for (const { name, deviceId } of this.machines.values()) {
      const isExcused = this.excuses.some((each) => each.kind === 'merge' && each.machine === name);
      if (deviceId !== null && this.examiner.wire.expired.has(deviceId) && !isExcused)
        this.excuses.push({ kind: 'merge', machine: name, at: this.time.elapsed });
    }
  }

  /** What must hold when everything has come to rest; machines that rightly differ are left out of the comparison. */
  trueAtRest(differing: ReadonlySet<string> = new Set()): Promise<string[]> {
    return this.examiner.atRest(differing);
  }

  /** Only where no rule holds a content back. */
  invisible(): string[] {
    return this.examiner.invisible();
  }

  async close(): Promise<void> {
    for (const machine of this.machines.values()) machine.close();
    await this.host.close();
  }
}
