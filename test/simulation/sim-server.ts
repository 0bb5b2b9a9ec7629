/**
 * The machine that the server runs on: the core lives in a domain that can be killed, while its stores stay. A request
 * that was under way when it died is never answered, whether or not it was carried out.
 */

import type { DeriveKey } from '../../server-stub/accounts/passwords.ts';
import { addUserTo } from '../../server-stub/accounts/users.ts';
import { createServerCore, type ServerCore } from '../../server-stub/app.ts';
import type { ChunkStore } from '../../server-stub/chunks/chunk-store.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import type { ServerAnswer, ServerRequest } from '../../server-stub/exchange.ts';
import { FaultScript } from '../../server-stub/faults.ts';
import type { MetadataStore } from '../../server-stub/metadata/metadata-store.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import type { HighWaterMark } from '../../server-stub/routes/route-context.ts';
import { type DeviceId, parseNamespaceId } from '../../src/protocol/ids.ts';
import type { Cursor } from '../../src/protocol/journal.ts';
import type { Skew } from './checks/keeping.ts';
import type { Decision } from './checks/wire-log.ts';
import type { Domain, SimTime } from './clock.ts';
import { CrashPoint, mortalChunks, mortalStore } from './crash-point.ts';
import { KEEPS_ALL, type KeepingPlan } from './keeping-plan.ts';
import type { ContentName } from './ledger.ts';
import type { LentDatabase } from './lent-database.ts';
import { type Person, USER } from './linking.ts';
import { storeFrom } from './memory-databases.ts';
import { Stream } from './random.ts';
import { blake3 } from './sim-hashing.ts';
import { UnflushedCommits } from './unflushed-commits.ts';

/** Stretches nothing: a real one is an effect on a thread of the machine, and takes its time. */
const derive: DeriveKey = async (password, salt) =>
  blake3(Buffer.concat([Buffer.from(password, 'utf8'), Buffer.from(salt)]));

/** What an operator copied; chunks are kept apart, and only ever become more. */
export interface ServerBackup {
  readonly database: Buffer;
  readonly marks: readonly HighWaterMark[];
}

export class SimServer {
  readonly #time: SimTime;
  readonly #random: Stream;
  readonly #chunks: ChunkStore = createMemoryChunkStore(blake3);
  readonly #unflushed: UnflushedCommits;
  #view: LentDatabase;
  #store: MetadataStore;
  #marks = new Map<string, HighWaterMark>();
  #domain: Domain;
  #core: Promise<ServerCore>;
  /** Requests that wait for this life of the server: told when it ends. */
  #waiting = new Set<() => void>();
  #skewMs = 0;
  readonly #keeping: KeepingPlan;
  /** How far its clock was off, and since when. */
  readonly skews: Skew[] = [{ from: 0, skewMs: 0 }];
  restarts = 0;
  /** A device that counts as seen at every housekeeping. */
  observer: DeviceId | null = null;
  /** Told of every answer, whether or not it arrives. */
  onAnswered: (request: ServerRequest, answer: ServerAnswer, decision: Decision) => void = () => undefined;
  /** Told of every request, whatever becomes of it. */
  onAsked: (request: ServerRequest) => void = () => undefined;
  /** Told when it died over a request. */
  onNeverAnswered: (request: ServerRequest) => void = () => undefined;
  #moment = 0;
  /** Epochs that began because the database was put back from an older one. */
  restored = 0;
  /** Where in its writes it is to lose its power. */
  readonly crash = new CrashPoint(() => this.restart());
  /** What it does to requests; the simulation decides to whose. */
  readonly script: FaultScript;
  /** Faults of its own that the server logged. */
  readonly faults: string[] = [];

  constructor(time: SimTime, seed: number, keeping: KeepingPlan = KEEPS_ALL) {
    this.#time = time;
    this.#keeping = keeping;
    this.#random = new Stream(seed, 'server');
    this.#unflushed = new UnflushedCommits(new Stream(seed, 'flushes of the server'));
    this.#view = this.#unflushed.watch(storeFrom());
    this.#store = openSqliteStore(this.#view.db);
    const chance = new Stream(seed, 'faults of the server');
    this.script = new FaultScript([], () => chance.fraction());
    this.#domain = time.domain('server 0');
    this.#core = this.#boot();
  }

  async addUser({ name, password }: Person = USER): Promise<void> {
    const added = await addUserTo(
      { store: this.#store, clock: this.#domain, random: this.#random, derive, scryptCost: 2 },
      name,
      password,
    );
    if (added.kind !== 'added') throw new Error(added.why);
  }

  /** How far its clock is off. */
  set skewMs(ms: number) {
    this.#skewMs = ms;
    this.skews.push({ from: this.#time.elapsed, skewMs: ms });
    this.#domain.skewMs = ms;
  }

  /** Power off and on again at once: all connections break. */
  restart(): void {
    this.#domain.kill();
    this.restarts += 1;
    // What was not committed is not there, nor all that was not flushed; whatever of the old life still runs before time
    // goes on writes where nobody reads.
    this.#view = this.#unflushed.cut(this.#view);
    this.#store = openSqliteStore(this.#view.db);
    const broken = this.#waiting;
    this.#waiting = new Set();
    this.#domain = this.#time.domain(`server ${this.restarts}`);
    this.#domain.skewMs = this.#skewMs;
    this.#core = this.#boot();
    for (const tell of broken) tell();
  }

  backup(): ServerBackup {
    return { database: this.#view.serialize(), marks: [...this.#marks.values()] };
  }

  /** An operator puts the database back. `silently`: with the mark of how far it had got, so that nothing shows here. */
  putBack(backup: ServerBackup, silently: boolean): void {
    this.#view = this.#unflushed.watch(storeFrom(backup.database));
    this.#store = openSqliteStore(this.#view.db);
    if (silently) this.#marks = new Map(backup.marks.map((mark) => [mark.namespace, mark]));
    this.restored += 1;
    this.restart();
  }

  /** Is this a place in the history as it is told now? One that was put back may have lost it without a word. */
  knows({ epoch, seq, hash }: Cursor): boolean {
    const row = this.#view.db
      .prepare<[number, string, string, number, string, number, string], { readonly known: number }>(
        `SELECT 1 AS known FROM namespaces AS n LEFT JOIN journal AS j ON j.ns = n.no AND j.seq = ?
         WHERE n.epoch = ? AND (j.hash = ? OR (n.head_seq = ? AND n.head_hash = ?)
         OR (n.floor_seq = ? AND n.floor_hash = ?))`,
      )
      .get(seq, epoch, hash, seq, hash, seq, hash);
    return row !== undefined;
  }

  /** In which namespaces this content ever was a version, and whether of a file that lives. */
  whereabouts(content: ContentName): readonly { readonly namespace: string; readonly live: boolean }[] {
    return this.#view.db
      .prepare<[string], { readonly namespace: string; readonly live: number }>(
        `SELECT s.id AS namespace, max(n.dead_seq = 0) AS live FROM versions AS v
         JOIN namespaces AS s ON s.no = v.ns JOIN nodes AS n ON n.ns = v.ns AND n.id = v.node
         WHERE v.manifest = ? GROUP BY s.id ORDER BY s.id`,
      )
      .all(content)
      .map(({ namespace, live }) => ({ namespace, live: live === 1 }));
  }

  /** `null`: the server died before it answered. */
  async handle(request: ServerRequest): Promise<ServerAnswer | null> {
    const dead = Promise.withResolvers<null>();
    const tell = (): void => dead.resolve(null);
    this.#waiting.add(tell);
    this.#moment += 1;
    const asked = this.#moment;
    this.onAsked(request);
    try {
      const core = await Promise.race([this.#core, dead.promise]);
      const answer = core === null ? null : await Promise.race([core.handle(request), dead.promise]);
      this.#moment += 1;
      const decision = { era: this.restored, asked, decided: this.#moment };
      if (answer !== null) this.onAnswered(request, answer, decision);
      else this.onNeverAnswered(request);
      return answer;
    } finally {
      this.#waiting.delete(tell);
    }
  }

  /** What the server does by itself now and then, one round of each of its jobs that is due. */
  async housekeeping(): Promise<void> {
    if (this.observer !== null) await this.#noticed(this.observer);
    await (await this.#core).jobs.runDue();
  }

  /** Whoever looks on from outside is never away. */
  async #noticed(device: DeviceId): Promise<void> {
    await this.#store.write(async (tx) => tx.touchDevice(device, this.#domain.now()));
  }

  /** As somebody with another device of the same user would. */
  async revoke(device: DeviceId): Promise<void> {
    await this.#store.write(async (tx) => tx.revokeDevice(device, this.#domain.now()));
  }

  async close(): Promise<void> {
    this.#domain.kill();
    await this.#store.close();
    await this.#chunks.close();
  }

  async #boot(): Promise<ServerCore> {
    const domain = this.#domain;
    const core = await createServerCore({
      store: mortalStore(this.#store, domain, this.crash),
      chunks: mortalChunks(this.#chunks, domain, this.crash),
      clock: domain,
      random: this.#random,
      blake3,
      derive,
      limits: this.#keeping,
      faults: this.script,
      onCommit: (mark) => this.#note(mark),
      log: (level, message, facts) => {
        if (level === 'error' && !domain.dead)
          this.faults.push(`server: ${message} ${JSON.stringify(facts) ?? ''}`);
      },
    });
    await this.#checkMarks(core);
    return core;
  }

  #note(mark: HighWaterMark): void {
    const known = this.#marks.get(mark.namespace);
    if (known === undefined || known.epoch !== mark.epoch || known.seq < mark.seq)
      this.#marks.set(mark.namespace, mark);
  }

  /** As the real server does at its start: a database that is behind what was served from it begins a new epoch. */
  async #checkMarks({ metadata }: ServerCore): Promise<void> {
    for (const mark of [...this.#marks.values()]) {
      const namespace = parseNamespaceId(mark.namespace);
      const row = await metadata.store.read(async (tx) => tx.namespace(namespace));
      if (row === null || (row.epoch === mark.epoch && row.headSeq >= mark.seq)) continue;
      const epoch = await metadata.beginEpoch(namespace);
      this.#marks.set(mark.namespace, { namespace: mark.namespace, epoch, seq: row.headSeq });
    }
  }
}
