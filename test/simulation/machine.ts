/** One computer: a disk, a line to the server, somebody who works on it, and an engine that comes and goes. */
import type { Disk } from '../../src/engine/environment/disk.ts';
import type { Environment, Log } from '../../src/engine/environment/environment.ts';
import type { DeviceId } from '../../src/protocol/ids.ts';
import type { UserAction } from '../scenarios/actions.ts';
import { Diary } from './checks/diary.ts';
import type { Examiner } from './checks/examiner.ts';
import type { Domain, SimTime } from './clock.ts';
import { Device, type DeviceVerb, markRoot } from './device.ts';
import type { DiskFault, PlacementWitness } from './disk-calls.ts';
import type { FileTree } from './file-tree.ts';
import type { ContentName, Ledger } from './ledger.ts';
import { type Linked, linkOver, linkTo, type Person, USER } from './linking.ts';
import { PowerState } from './power-state.ts';
import { Stream } from './random.ts';
import { FolderOfVolume } from './sharing/folder-of-volume.ts';
import { ShareStates } from './sharing/share-states.ts';
import { SimDisk } from './sim-disk.ts';
import { fingerprintOf, SimHashing } from './sim-hashing.ts';
import { SimNetwork } from './sim-network.ts';
import type { SimServer } from './sim-server.ts';
import { SimTransport } from './sim-transport.ts';
import { contentName, SimUser } from './sim-user.ts';
import { GOOD_WATCH, SimWatch, type WatchFault, type WatchFaults } from './sim-watch.ts';
import { Volume } from './volume.ts';
import { PLAIN_VOLUME, Refused, type VolumeOptions } from './volume-node.ts';

/** Who looks over the shoulder of the engine of the root. */
export type Onlooker = Pick<Examiner, 'diskOf' | 'transportOf' | 'placed'>;

export interface MachineParts {
  readonly name: string;
  readonly seed: number;
  readonly time: SimTime;
  readonly host: SimServer;
  readonly ledger: Ledger;
  readonly trace: (line: string) => void;
  readonly examiner: Onlooker;
  readonly volume?: Partial<VolumeOptions>;
  readonly brakeFiles: number | null;
  /** Milliseconds between the system calls of a user's action. */
  readonly pace: () => number;
  /** Whose it is. */
  readonly person?: Person;
  /** Is what is shared with them looked after? */
  readonly sharing?: boolean;
}

const STOP_LIMIT = 120_000;

function newPower(): PromiseWithResolvers<never> {
  const power = Promise.withResolvers<never>();
  power.promise.catch(() => undefined);
  return power;
}

export class Machine {
  readonly name: string;
  readonly volume: Volume;
  readonly network: SimNetwork;
  user: SimUser;
  /** What whoever works on it did. */
  readonly diary = new Diary();
  readonly watchFaults: WatchFaults = { ...GOOD_WATCH };
  readonly watchInjected: Record<WatchFault, number> = { ...GOOD_WATCH };
  diskFault: DiskFault = () => null;
  /** Lets a test stand between the engine and its disk; asked once a life. */
  reach: (disk: Disk) => Disk = (disk) => disk;
  device: Device | null = null;
  /** Newest lines of the engine's log, for failures. */
  readonly log: string[] = [];
  /** How often its state was. */
  timesPutBack = 0;
  /** The folder is not there, so nobody works in it. */
  isAway = false;
  /** When the disk was last changed by anybody. */
  lastChangeAt = 0;
  readonly #parts: MachineParts;
  readonly #identity: Stream;
  readonly #faults: Stream;
  #state: PowerState;
  /** Rejects for whoever works on it when the power goes. */
  #power = newPower();
  #isOn = true;
  /** The programs of whoever works on it. */
  #working: Domain;
  #boots = 1;
  /** How often its power was cut. */
  powerCuts = 0;
  #linked: Linked | null = null;
  readonly #shares: ShareStates | null;
  #life: Domain | null = null;
  #killAt: { step: number; readonly isBeforeEffect: boolean } | null = null;
  #lives = 0;

  constructor(parts: MachineParts) {
    const { name, seed, time } = parts;
    this.#parts = parts;
    this.name = name;
    this.volume = new Volume(time, { ...PLAIN_VOLUME, ...parts.volume });
    const line = time.domain(`line of ${name}`);
    this.network = new SimNetwork(new Stream(seed, `network ${name}`), (ms, then) => line.after(ms, then));
    this.#working = time.domain(`user ${name}`);
    this.user = this.#newUser();
    this.#state = new PowerState(new Stream(seed, `state ${name}`));
    this.#faults = new Stream(seed, `power ${name}`);
    this.#shares = parts.sharing === true ? this.#openShares() : null;
    this.#identity = new Stream(seed, `identity ${name}`);
    this.volume.listen((change) => {
      this.lastChangeAt = time.elapsed;
      parts.trace(`${name} disk ${change.path}/${change.child}`);
    });
  }

  /** When the disk was changed or contents and claims travelled last. */
  lastWorkAt(): number {
    return Math.max(this.lastChangeAt, this.network.lastWorkAt);
  }

  /** Who it is to the server. */
  get deviceId(): DeviceId | null {
    return this.#linked?.deviceId ?? null;
  }

  get ledger(): Ledger {
    return this.#parts.ledger;
  }

  get running(): boolean {
    return this.device !== null;
  }

  async act(action: UserAction): Promise<void> {
    this.#parts.trace(`${this.name} user ${JSON.stringify(action).slice(0, 200)}`);
    if (!this.#isOn) throw new Refused('gone', `${this.name} has no power`);
    if (this.isAway) throw new Refused('gone', `the folder of ${this.name} is not there`);
    await Promise.race([this.user.act(action), this.#power.promise]);
  }

  /** A verb of the engine, as somebody at the command line would give it. */
  async command(verb: DeviceVerb): Promise<void> {
    if (this.device === null) throw new Error(`${this.name} is not running`);
    await this.device.command(verb);
  }

  /** Becomes a device of its own, over whatever the folder holds. */
  async link(): Promise<void> {
    this.#linked = await linkTo(
      this.#parts.time,
      this.#parts.host,
      this.name,
      this.#identity,
      this.#parts.person,
    );
    this.#state.close();
    this.#state = new PowerState(new Stream(this.#parts.seed, `state ${this.name} ${this.#linked.deviceId}`));
    const env = this.#environment(this.#parts.time.domain(`linking ${this.name}`));
    await this.#parts.time.drive(
      markRoot(env, this.#linked),
      STOP_LIMIT,
      `marking the folder of ${this.name}`,
    );
  }

  /** Signed in again where it was: a new device with the state and the folder of the old one. */
  async relink(): Promise<void> {
    this.kill();
    this.#linked = await linkOver(
      this.#parts.time,
      this.#parts.host,
      this.name,
      this.#identity,
      this.#parts.person,
    );
    const env = this.#environment(this.#parts.time.domain(`linking ${this.name}`));
    await markRoot(env, this.#linked);
  }

  get #person(): Person {
    return this.#parts.person ?? USER;
  }

  /** Is this one of the tokens that it speaks with, for itself or for a share? */
  speaksWith(authorization: string): boolean {
    const tokens = [this.linked.token, ...(this.#shares?.tokens() ?? [])];
    return tokens.some((token) => authorization === `Bearer ${token}`);
  }

  /** Who it is to the server. */
  get linked(): Linked {
    if (this.#linked === null) throw new Error(`${this.name} is not linked`);
    return this.#linked;
  }

  /** Becomes an image of another computer, which goes on as well. */
  cloneOf(other: Machine): void {
    this.#linked = other.linked;
    this.volume.copyFrom(other.volume);
    this.#state.putBack(other.#state.copy());
    this.diary.copyFrom(other.diary);
  }

  copyState(): Buffer {
    return this.#state.copy();
  }

  /** An older state folder in place of the one that is there; the engine must not run. */
  putBackState(bytes: Buffer): void {
    if (this.device !== null) throw new Error(`${this.name} is running`);
    this.#state.putBack(bytes);
    this.timesPutBack += 1;
  }

  /** How far its clock is off. */
  get skewMs(): number {
    return this.volume.skewMs;
  }

  set skewMs(ms: number) {
    this.volume.skewMs = ms;
    if (this.#life !== null) this.#life.skewMs = ms;
    this.#shares?.setSkew(ms);
  }

  /** The engine is killed right where it is, at the n-th of its steps from now: disk calls, commits, requests. */
  killAt(step: number, isBeforeEffect: boolean): void {
    this.#killAt = { step, isBeforeEffect };
  }

  /** It is not killed after all. */
  spare(): void {
    this.#killAt = null;
  }

  /** True when this very step must not happen any more. */
  #stepped(): boolean {
    const planned = this.#killAt;
    if (planned === null || this.device === null) return false;
    planned.step -= 1;
    if (planned.step > 0) return false;
    this.#killAt = null;
    if (planned.isBeforeEffect) this.#killMidStep();
    // What was begun in this instant is done; whoever waits for it never hears.
    else queueMicrotask(() => this.#killMidStep());
    return planned.isBeforeEffect;
  }

  #killMidStep(): void {
    this.kill();
    this.#state.orphan();
    this.#shares?.orphan();
  }

  start(): void {
    if (this.#linked === null) throw new Error(`${this.name} is not linked`);
    if (this.device !== null) return;
    this.#isOn = true;
    this.#lives += 1;
    this.#life = this.#parts.time.domain(`${this.name} ${this.#lives}`);
    this.#life.skewMs = this.skewMs;
    this.#state.onCommit = () => void this.#stepped();
    this.device = new Device({
      env: this.#environment(this.#life),
      db: this.#state.db,
      linked: this.#linked,
      name: this.name,
      brakeFiles: this.#parts.brakeFiles,
      user: this.#person.name,
      homes: this.#shares?.homes(this.#life) ?? null,
    });
    this.device.start().catch((error: unknown) => this.#failed('start', error));
  }

  async stop(): Promise<void> {
    const { device } = this;
    if (device === null) return;
    await this.#parts.time.drive(device.stop(), STOP_LIMIT, `stopping ${this.name}`);
    this.kill();
  }

  /** Nothing of the process goes on; its state is as the last transaction left it. */
  kill(): void {
    this.#life?.kill();
    this.#life = null;
    this.device = null;
    this.network.breakAll();
    this.#state.kill();
    this.#shares?.kill();
  }

  /** Nothing is done with it any more. */
  close(): void {
    this.kill();
    this.#state.close();
    this.#shares?.close();
  }

  /**
   * `process`: the engine is killed. `power`: the whole computer stops, with everybody who works on it, and what was not
   * durable may be lost. In both cases `start` goes on from what is left.
   */
  crash(kind: 'process' | 'power'): void {
    this.kill();
    if (kind === 'process') return;
    const before = this.#contents();
    const torn = this.volume.cutPower(this.#faults);
    const { lostCommits, forgotten } = this.#state.cutPower();
    this.#shares?.cutPower();
    this.diary.forgotten(forgotten);
    this.diary.unagreed(this.#state.unagreed());
    for (const node of torn) this.#parts.ledger.shown(contentName(node));
    const after = this.#contents();
    this.#parts.ledger.powerCut(this.name, before, after);
    this.#parts.trace(
      `${this.name} power cut: ${torn.length} files hurt, ${lostCommits ? 'commits lost' : 'state whole'}`,
    );
    this.#isOn = false;
    this.#boots += 1;
    this.powerCuts += 1;
    this.#power.reject(new Refused('gone', `the power of ${this.name} was cut`));
    this.#power = newPower();
    this.#working.kill();
    this.#working = this.#parts.time.domain(`user ${this.name}`);
    this.user = this.#newUser();
  }

  #contents(): ReadonlySet<ContentName> {
    return new Set(this.volume.everything().map(contentName));
  }

  #newUser(): SimUser {
    const { ledger, pace, name } = this.#parts;
    return new SimUser({ name, volume: this.volume, life: this.#working, ledger, diary: this.diary, pace });
  }

  #openShares(): ShareStates {
    const { name, seed, time } = this.#parts;
    return new ShareStates({
      name,
      seed,
      time,
      root: `/sync/${name}`,
      stepped: () => void this.#stepped(),
      environment: (domain, folder) => this.#environmentOfShare(domain, folder),
    });
  }

  #environment(domain: Domain): Environment {
    const { examiner } = this.#parts;
    const disk = this.#disk(domain, this.volume, (...facts) => examiner.placed(this, ...facts));
    return {
      ...this.#surroundings(domain, this.volume, disk),
      disk: this.reach(examiner.diskOf(this, disk)),
      transport: examiner.transportOf(this, this.#linked, this.#line(domain), domain),
    };
  }

  /** Of the engine of a share, whose root is a folder in this one's. */
  #environmentOfShare(domain: Domain, folder: string): Environment {
    const volume = new FolderOfVolume(this.volume, folder);
    const disk = this.#disk(domain, volume);
    return {
      ...this.#surroundings(domain, volume, disk),
      disk: this.reach(disk),
      transport: this.#line(domain),
    };
  }

  #line(domain: Domain): SimTransport {
    const { host, trace } = this.#parts;
    return new SimTransport(host, this.network, domain, (line) => {
      trace(line);
      if (!line.includes('→')) this.#stepped();
    });
  }

  #disk(domain: Domain, volume: FileTree, witness: PlacementWitness = () => undefined): SimDisk {
    return new SimDisk({
      volume,
      domain,
      schedule: new Stream(this.#parts.seed, `disk ${domain.name}`),
      fingerprint: fingerprintOf,
      fault: (operation, path) => (domain.dead || this.#stepped() ? 'gone' : this.diskFault(operation, path)),
      witness,
    });
  }

  #surroundings(domain: Domain, volume: FileTree, disk: SimDisk): Omit<Environment, 'disk' | 'transport'> {
    const { seed, trace, time } = this.#parts;
    const log: Log = (level, message, facts) => {
      if (domain.dead) return;
      if (level === 'error') trace(`${domain.name} error ${message}`);
      this.log.push(
        `${(time.elapsed / 1000).toFixed(3)} ${domain.name} ${level} ${message} ${JSON.stringify(facts) ?? ''}`,
      );
      if (this.log.length > 400) this.log.shift();
      if (level === 'error' && /unexpected|fault/.test(message))
        this.faults.push(`${this.name}: ${message} ${JSON.stringify(facts)}`);
    };
    return {
      clock: domain,
      random: new Stream(seed, `random ${domain.name}`),
      hashing: new SimHashing(disk),
      watch: new SimWatch(
        volume,
        domain,
        new Stream(seed, `watch ${domain.name}`),
        this.watchFaults,
        this.watchInjected,
      ),
      log,
      memory: () => 0,
      releaseMemory: () => undefined,
      bootId: () => `boot ${this.#boots}`,
    };
  }

  /** Exceptions that the engine did not expect. */
  readonly faults: string[] = [];

  #failed(what: string, error: unknown): void {
    this.faults.push(`${this.name}: ${what} failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
