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
import type { MetadataStore } from '../../server-stub/metadata/metadata-store.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import type { Domain, SimTime } from './clock.ts';
import { USER } from './linking.ts';
import { storeFrom } from './memory-databases.ts';
import { Stream } from './random.ts';
import { blake3 } from './sim-hashing.ts';

/** Stretches nothing: a real one is an effect on a thread of the machine, and takes its time. */
const derive: DeriveKey = async (password, salt) =>
  blake3(Buffer.concat([Buffer.from(password, 'utf8'), Buffer.from(salt)]));

export class SimServer {
  readonly #time: SimTime;
  readonly #random: Stream;
  readonly #store: MetadataStore = openSqliteStore(storeFrom());
  readonly #chunks: ChunkStore = createMemoryChunkStore(blake3);
  #domain: Domain;
  #core: Promise<ServerCore>;
  /** Requests that wait for this life of the server: told when it ends. */
  #waiting = new Set<() => void>();
  restarts = 0;
  /** Told of every answer, whether or not it arrives. */
  onAnswered: (request: ServerRequest, answer: ServerAnswer) => void = () => undefined;
  /** Faults of its own that the server logged. */
  readonly faults: string[] = [];

  constructor(time: SimTime, seed: number) {
    this.#time = time;
    this.#random = new Stream(seed, 'server');
    this.#domain = time.domain('server 0');
    this.#core = this.#boot();
  }

  async addUser(): Promise<void> {
    const added = await addUserTo(
      { store: this.#store, clock: this.#domain, random: this.#random, derive, scryptCost: 2 },
      USER.name,
      USER.password,
    );
    if (added.kind !== 'added') throw new Error(added.why);
  }

  /** Power off and on again at once: all connections break. */
  restart(): void {
    this.#domain.kill();
    this.restarts += 1;
    const broken = this.#waiting;
    this.#waiting = new Set();
    this.#domain = this.#time.domain(`server ${this.restarts}`);
    this.#core = this.#boot();
    for (const tell of broken) tell();
  }

  /** `null`: the server died before it answered. */
  async handle(request: ServerRequest): Promise<ServerAnswer | null> {
    const dead = Promise.withResolvers<null>();
    const tell = (): void => dead.resolve(null);
    this.#waiting.add(tell);
    try {
      const core = await this.#core;
      const answer = await Promise.race([core.handle(request), dead.promise]);
      if (answer !== null) this.onAnswered(request, answer);
      return answer;
    } finally {
      this.#waiting.delete(tell);
    }
  }

  async close(): Promise<void> {
    this.#domain.kill();
    await this.#store.close();
    await this.#chunks.close();
  }

  #boot(): Promise<ServerCore> {
    return createServerCore({
      store: this.#store,
      chunks: this.#chunks,
      clock: this.#domain,
      random: this.#random,
      blake3,
      derive,
      log: (level, message, facts) => {
        if (level === 'error') this.faults.push(`server: ${message} ${JSON.stringify(facts) ?? ''}`);
      },
    });
  }
}
