/**
 * A server with two users who share nothing, told apart by chance streams of their own: what one of them does moves
 * no id, no time and no answer of the other, unless the server lets it.
 */
import assert from 'node:assert/strict';
import type { DeriveKey } from '../../server-stub/accounts/passwords.ts';
import { addUserTo } from '../../server-stub/accounts/users.ts';
import { createServerCore, type ServerCore } from '../../server-stub/app.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import type { ServerAnswer, ServerClock, ServerRandom, ServerRequest } from '../../server-stub/exchange.ts';
import type { MetadataStore } from '../../server-stub/metadata/metadata-store.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { decodeFrames, encodeFrames, type Frame } from '../../src/protocol/frames.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { LinkAnswer, ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { hashBytes, seeded } from '../server/metadata-world.ts';

export type Who = 'server' | 'stranger' | 'owner';

export interface Login {
  readonly token: string;
  readonly deviceId: string;
  readonly userId: string;
  readonly namespace: string;
}

export interface Asked {
  readonly route: RouteName;
  readonly json?: unknown;
  readonly frames?: readonly Frame[];
}

const derive: DeriveKey = async (password, salt) =>
  hashBytes(Buffer.concat([Buffer.from(password, 'utf8'), Buffer.from(salt)]));
const PLENTY = { burst: 1e9, perSecond: 1e9 };
const parseLink = parserOf(LinkAnswer);

export class TenantWorld {
  readonly store: MetadataStore = openSqliteStore(':memory:');
  readonly chunks = createMemoryChunkStore(hashBytes);
  readonly #streams = new Map<Who, () => number>();
  readonly #times = new Map<Who, number>();
  readonly faults: string[] = [];
  #who: Who = 'server';
  #core: ServerCore | null = null;

  static async open(): Promise<TenantWorld> {
    const world = new TenantWorld();
    world.#core = await createServerCore({
      store: world.store,
      chunks: world.chunks,
      clock: world.#clock,
      random: world.#random,
      blake3: hashBytes,
      derive,
      // Nobody has a code: whoever tries must not learn anything by it.
      signUp: 'invite',
      limits: { device: PLENTY, stranger: PLENTY, login: PLENTY, loginAddress: PLENTY, signUp: PLENTY },
      log: (level, message, facts) => {
        if (level === 'error') world.faults.push(`${message} ${JSON.stringify(facts)}`);
      },
    });
    return world;
  }

  async addUser(who: Who, name: string): Promise<void> {
    this.#who = who;
    const parts = { store: this.store, clock: this.#clock, random: this.#random, derive, scryptCost: 2 };
    const added = await addUserTo(parts, name, passwordOf(name));
    assert.equal(added.kind, 'added');
  }

  async link(who: Who, user: string, device: string): Promise<Login> {
    const json = { user, password: passwordOf(user), device, os: 'test', instance: '0'.repeat(32) };
    const answer = parseLink(jsonOf(await this.ask(who, null, { route: 'link', json })));
    assert.equal(answer.kind, 'ok', JSON.stringify(answer));
    return answer.value;
  }

  /** `bearer`: null asks without a token. */
  async ask(who: Who, bearer: string | null, { route, json, frames }: Asked): Promise<ServerAnswer> {
    const { method, path, requestBody }: Route = ROUTES[route];
    const body =
      requestBody === 'none'
        ? null
        : requestBody === 'json'
          ? Buffer.from(JSON.stringify(json))
          : encodeFrames({ json, frames: frames ?? [] });
    const headers: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    return this.send(who, { method, path, headers, body });
  }

  /** Whatever it is, as it is. */
  async send(who: Who, request: Omit<ServerRequest, 'remote'>): Promise<ServerAnswer> {
    this.#who = who;
    assert(this.#core !== null);
    return this.#core.handle({ ...request, remote: who });
  }

  async close(): Promise<void> {
    await this.#core?.close();
    await this.store.close();
  }

  readonly #clock: ServerClock = {
    now: () => {
      const now = (this.#times.get(this.#who) ?? Date.UTC(2026, 8, 18)) + 1;
      this.#times.set(this.#who, now);
      return now;
    },
    monotonic: () => this.#times.get(this.#who) ?? 0,
    sleep: () => Promise.resolve(),
  };

  readonly #random: ServerRandom = {
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(this.#chance() * 256)),
    fraction: () => this.#chance(),
  };

  #chance(): number {
    const known = this.#streams.get(this.#who);
    const stream = known ?? seeded({ server: 1, stranger: 2, owner: 3 }[this.#who]);
    this.#streams.set(this.#who, stream);
    return stream();
  }
}

function passwordOf(user: string): string {
  return `the password of ${user}`;
}

export function jsonOf(answer: ServerAnswer): unknown {
  if (answer.headers['content-type'] !== 'application/octet-stream')
    return JSON.parse(Buffer.from(answer.body).toString('utf8'));
  const limits = { jsonBytes: LIMITS.jsonBytes, frames: LIMITS.chunksPerBody, frameBytes: LIMITS.chunkBytes };
  const decoded = decodeFrames(answer.body, limits);
  assert(decoded.kind === 'frames', JSON.stringify(decoded));
  return { json: decoded.json, frames: decoded.frames.map(({ encoding }) => ({ kind: encoding })) };
}

/** Everything that an answer says, to the last byte. */
export function wholeOf({ status, headers, body }: ServerAnswer): string {
  return `${status} ${JSON.stringify(headers)} ${Buffer.from(body).toString('latin1')}`;
}
