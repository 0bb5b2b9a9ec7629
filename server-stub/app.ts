/**
 * The server below HTTP: one request in, one answer out, no effect but the injected ones. The HTTP adapter and the
 * simulation call the same `handle`, with the same bytes.
 */

import { ERRORS, type ErrorAnswer } from '../src/protocol/errors.ts';
import { decodeFrames, encodeFrames, type Frame } from '../src/protocol/frames.ts';
import { LIMITS } from '../src/protocol/limits.ts';
import { PROTOCOL_VERSION, type Route } from '../src/protocol/routes.ts';
import { Accounts, type DeviceSession } from './accounts/accounts.ts';
import { AckBook } from './accounts/ack-book.ts';
import { type DeriveKey, deriveWithScrypt } from './accounts/passwords.ts';
import { type Refused, refused } from './accounts/refused.ts';
import { SignIn } from './accounts/sign-in.ts';
import { SignUp, type SignUpRule } from './accounts/sign-up.ts';
import { TokenBuckets } from './accounts/token-bucket.ts';
import type { ChunkStore } from './chunks/chunk-store.ts';
import { chunkSites, type SideStores } from './chunks/sites.ts';
import { ColdReading } from './cold/cold-reading.ts';
import type { ServerAnswer, ServerClock, ServerLog, ServerRandom, ServerRequest } from './exchange.ts';
import type { Fault, Faults } from './faults.ts';
import { Greetings } from './greetings.ts';
import { allJobs } from './jobs/all-jobs.ts';
import { JobRunner } from './jobs/job-runner.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';
import { createMetadata, type Metadata, type RuleEffects } from './metadata/rules.ts';
import { mayReadMetrics } from './metrics/access.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { Visibility } from './metrics/visibility.ts';
import { NotifyHub } from './notify/notify-hub.ts';
import { WakeBook } from './notify/wake-book.ts';
import { Presence } from './presence/presence.ts';
import { type Readiness, storeReadiness } from './readiness.ts';
import { redactingLog } from './redacting-log.ts';
import { type ReplicaMode, Replicas } from './replication/replicas.ts';
import { ChunkDeltas } from './routes/chunk-deltas.ts';
import type { HighWaterMark, RouteAnswer, ServerParts } from './routes/route-context.ts';
import { type FoundRoute, matchRoute } from './routes/table.ts';
import { SERVER_LIMITS, type ServerLimits } from './server-limits.ts';
import { may, RIGHT_OF_ROUTE } from './sharing/policy.ts';
import { Shares } from './sharing/shares.ts';
import { notAllowed } from './sharing/standing.ts';

export interface ServerCoreOptions {
  readonly store: MetadataStore;
  readonly chunks: ChunkStore;
  /** Chunk stores beside the first. */
  readonly sides?: SideStores;
  /** When a chunk gets its second copy; default: before the answer. */
  readonly replicaMode?: ReplicaMode;
  /** How long it takes until something cold can be read; default: no time. */
  readonly thawDelayMs?: number;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly blake3: (bytes: Uint8Array) => Uint8Array;
  readonly limits?: Partial<ServerLimits>;
  /** Tests only; nothing that arrives from outside can set it. */
  readonly faults?: Faults;
  readonly version?: string;
  readonly log?: ServerLog;
  /** How passwords are stretched; the simulation brings a cheap one. */
  readonly derive?: DeriveKey;
  /** Who can make an account over the network. Default: nobody. */
  readonly signUp?: SignUpRule;
  /** Whether something can be taken and kept now; default: the store can be written. */
  readonly readiness?: Readiness;
  /** Opens the metrics to who is not on this computer. */
  readonly operatorToken?: string;
  readonly onCommit?: (mark: HighWaterMark) => void;
}

export interface ServerCore {
  readonly serverId: string;
  readonly metadata: Metadata;
  /** Everything that requests are served with. */
  readonly parts: ServerParts;
  /** Work behind requests; nothing runs before `start` or `runDue` is called. */
  readonly jobs: JobRunner;
  /** Answers everything, and never rejects. */
  handle(request: ServerRequest): Promise<ServerAnswer>;
  /** Before a large body is received: the refusal it would get anyway, or `null`. */
  admit(request: Omit<ServerRequest, 'body'>): Promise<ServerAnswer | null>;
  /** The largest body that is read for this request. */
  bodyLimit(method: string, path: string): number;
  /** Ends long polls and waits for what is being written behind requests. */
  close(): Promise<void>;
}

const FRAME_LIMITS = {
  jsonBytes: LIMITS.jsonBytes,
  frames: LIMITS.chunksPerBody,
  frameBytes: LIMITS.chunkBytes,
} as const;
const METRICS = '/metrics';
const NO_FAULTS: ReadonlySet<Fault['kind']> = new Set();

export async function createServerCore(options: ServerCoreOptions): Promise<ServerCore> {
  const { store, clock, random, blake3 } = options;
  const chunks = chunkSites(options.chunks, options.sides);
  const second = chunks.at('replica');
  const thawDelayMs = options.thawDelayMs ?? 0;
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const log = redactingLog(options.log ?? (() => {}));
  const randomBytes = (count: number) => random.bytes(count);
  const report = (fault: unknown) => log('error', 'a claim could not be decided', { stack: stackOf(fault) });
  const metrics = new ServerMetrics();
  const answered: RuleEffects['answered'] = (decided, again) => metrics.claims(decided, again);
  const effects = { now: () => clock.now(), randomBytes, blake3, report, answered };
  const metadata = createMetadata(store, effects);
  const serverId = await metadata.ensureServer();
  const derive = options.derive ?? deriveWithScrypt;
  const monotonic = () => clock.monotonic();
  const signIn = new SignIn({ store, monotonic, random, derive, limits });
  const parts: ServerParts = {
    store,
    metadata,
    chunks,
    replicas: second && new Replicas(chunks, second, options.replicaMode ?? 'same-site'),
    cold: chunks.at('cold') && new ColdReading(chunks, thawDelayMs),
    clock,
    random,
    blake3,
    limits,
    log,
    serverId,
    version: options.version ?? '0',
    metrics,
    visibility: new Visibility(monotonic, (ms) => metrics.visible(ms)),
    readiness: options.readiness ?? storeReadiness(store, clock),
    accounts: new Accounts({ store, metadata, clock, random, serverId }, signIn),
    signIn,
    signUp: new SignUp({ store, clock, random, derive, limits, rule: options.signUp ?? 'closed' }, signIn),
    shares: new Shares({ store, clock, random, effects, blake3, serverId }),
    acks: new AckBook({ store, metadata, now: () => clock.now(), monotonic, log }),
    hub: new NotifyHub(clock, limits.polls),
    wakes: new WakeBook(() => clock.now()),
    presence: new Presence(monotonic),
    greetings: new Greetings(limits.greetings),
    deltas: new ChunkDeltas(blake3),
    onCommit: options.onCommit ?? (() => {}),
  };
  const jobs = new JobRunner(
    { store, clock, random, log, onDecision: (job, decision) => parts.metrics.decided(job, decision) },
    allJobs({ chunks, monotonic, limits, thawDelayMs }),
  );
  return new Core(parts, jobs, options.faults ?? null, options.operatorToken ?? null);
}

type Admission =
  | { readonly kind: 'admitted'; readonly found: FoundRoute; readonly session: DeviceSession | null }
  | { readonly kind: 'turned-away'; readonly answer: ServerAnswer };

class Core implements ServerCore {
  readonly jobs: JobRunner;
  readonly parts: ServerParts;
  readonly #parts: ServerParts;
  readonly #faults: Faults | null;
  readonly #operatorToken: string | null;
  readonly #devices: TokenBuckets;
  readonly #strangers: TokenBuckets;

  constructor(parts: ServerParts, jobs: JobRunner, faults: Faults | null, operatorToken: string | null) {
    this.#operatorToken = operatorToken;
    this.parts = parts;
    this.#parts = parts;
    this.jobs = jobs;
    this.#faults = faults;
    const monotonic = () => parts.clock.monotonic();
    this.#devices = new TokenBuckets(parts.limits.device, monotonic);
    this.#strangers = new TokenBuckets(parts.limits.stranger, monotonic);
  }

  get serverId(): string {
    return this.#parts.serverId;
  }

  get metadata(): Metadata {
    return this.#parts.metadata;
  }

  bodyLimit(method: string, path: string): number {
    const match = matchRoute(method, path);
    if (match.kind !== 'found') return 0;
    const { requestBody } = match.route;
    return requestBody === 'frames' ? LIMITS.bodyBytes : requestBody === 'json' ? LIMITS.jsonBytes : 0;
  }

  async admit(request: Omit<ServerRequest, 'body'>): Promise<ServerAnswer | null> {
    try {
      const admission = await this.#admission({ ...request, body: null }, false);
      return admission.kind === 'turned-away' ? admission.answer : null;
    } catch (cause) {
      return this.#broken(cause);
    }
  }

  async handle(request: ServerRequest): Promise<ServerAnswer> {
    try {
      if (request.path === METRICS && request.method === 'GET') return await this.#metrics(request);
      const match = this.#faults === null ? null : matchRoute(request.method, request.path);
      if (this.#faults === null || match?.kind !== 'found') return await this.#answer(request, NO_FAULTS);
      const { headers, body } = request;
      const faults = this.#faults.strike({ route: match.name, headers, body });
      return await this.#answerUnder(faults, request);
    } catch (cause) {
      return this.#broken(cause);
    }
  }

  async close(): Promise<void> {
    this.#parts.hub.close();
    await this.jobs.close();
    await this.#parts.acks.settled();
  }

  async #answerUnder(faults: readonly Fault[], request: ServerRequest): Promise<ServerAnswer> {
    for (const fault of faults) {
      if (fault.kind === 'delay') await this.#parts.clock.sleep(fault.ms, request.signal);
      if (fault.kind === 'cut-connection')
        return { ...this.#encode({ kind: 'json', value: {} }, null), cutAfter: 0 };
      if (fault.kind === 'refuse')
        return this.#encode(refused(fault.code, 'a fault of a test', fault.retryAfter), null);
    }
    const answer = await this.#answer(request, new Set(faults.map(({ kind }) => kind)));
    for (const fault of faults) {
      if (fault.kind === 'drop-reply') return { ...answer, cutAfter: 0 };
      if (fault.kind === 'truncated-body')
        return { ...answer, cutAfter: Math.floor(answer.body.length * fault.share) };
    }
    return answer;
  }

  async #answer(request: ServerRequest, faults: ReadonlySet<Fault['kind']>): Promise<ServerAnswer> {
    const began = this.#parts.clock.monotonic();
    const admission = await this.#admission(request, true);
    const found = admission.kind === 'admitted' ? admission.found.name : 'none';
    const answer =
      admission.kind === 'turned-away' ? admission.answer : await this.#run(request, faults, admission);
    this.#parts.metrics.request(found, answer.status, this.#parts.clock.monotonic() - began);
    return answer;
  }

  async #metrics(request: ServerRequest): Promise<ServerAnswer> {
    const { metrics } = this.#parts;
    if (!mayReadMetrics(request, this.#operatorToken)) {
      const wait = this.#strangers.take(request.remote);
      if (wait > 0) return this.#encode(refused('too-many-requests', 'too many requests', wait), null);
      return this.#encode(refused('not-found', 'there is nothing at this address'), null);
    }
    const body = Buffer.from(await metrics.text(this.#parts), 'utf8');
    const headers = {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    };
    return { status: 200, headers, body, cutAfter: null };
  }

  async #run(
    request: ServerRequest,
    faults: ReadonlySet<Fault['kind']>,
    { found, session }: Extract<Admission, { kind: 'admitted' }>,
  ): Promise<ServerAnswer> {
    const body = readBody(found.route, request.body);
    if (body.kind === 'refused') return this.#encode(body, session);
    const input = found.handler.parse(body.json);
    if (input.kind === 'invalid')
      return this.#encode(refused('bad-request', input.why.slice(0, 200)), session);
    const { remote, signal } = request;
    const context = { parts: this.#parts, remote, signal, frames: body.frames, faults };
    if (found.handler.access === 'anyone')
      return this.#encode(await found.handler.run(context, input.value), null);
    if (session === null) throw new Error('a route for devices was reached without one');
    this.#parts.acks.note(session, null);
    this.#parts.presence.heard(session.device.id);
    return this.#encode(await found.handler.run({ ...context, session }, input.value), session);
  }

  /** Route, limits and identity: everything that can be said before the body. `counts`: the request is charged for. */
  async #admission(request: ServerRequest, counts: boolean): Promise<Admission> {
    const away = (answer: Refused, session: DeviceSession | null = null, status?: number): Admission => ({
      kind: 'turned-away',
      answer: this.#encode(answer, session, status),
    });
    const match = matchRoute(request.method, request.path);
    if (match.kind === 'unknown') return away(refused('not-found', 'there is nothing at this address'));
    if (match.kind === 'other-method')
      return away(refused('bad-request', `this address takes ${match.allowed} only`), null, 405);
    const spoken = request.headers['x-tidemark-protocol'];
    if (spoken !== undefined && spoken !== String(PROTOCOL_VERSION))
      return away(refused('protocol-version', `this server speaks version ${PROTOCOL_VERSION}`));
    const admitted = (session: DeviceSession | null): Admission => ({
      kind: 'admitted',
      found: match,
      session,
    });
    if (match.handler.access === 'anyone') {
      const wait = counts ? this.#strangers.take(request.remote) : 0;
      return wait > 0 ? away(refused('too-many-requests', 'too many requests', wait)) : admitted(null);
    }
    const session = await this.#parts.accounts.recognise(request.headers['authorization']);
    if (session === null) {
      const wait = counts ? this.#strangers.take(request.remote) : 0;
      return away(
        wait > 0
          ? refused('too-many-requests', 'too many requests', wait)
          : refused('signed-out', 'the device is not linked, or not any more'),
      );
    }
    const wait = counts ? this.#devices.take(session.device.id) : 0;
    if (wait > 0)
      return away(refused('too-many-requests', 'too many requests of this device', wait), session);
    const right = RIGHT_OF_ROUTE[match.name];
    if (!may(session.role, right)) return away(notAllowed(right), session);
    const named = request.headers['x-tidemark-instance'];
    const trouble = await this.#parts.accounts.checkInstance(session, named);
    return trouble === null ? admitted(session) : away(trouble, session);
  }

  #encode(answer: RouteAnswer, session: DeviceSession | null, status?: number): ServerAnswer {
    const headers: Record<string, string> = {
      'x-tidemark-server': this.#parts.serverId,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
    if (session !== null) headers['x-tidemark-epoch'] = session.namespace.epoch;
    switch (answer.kind) {
      case 'json':
        headers['content-type'] = 'application/json';
        return { status: 200, headers, body: jsonBytes(answer.value), cutAfter: null };
      case 'frames':
        headers['content-type'] = 'application/octet-stream';
        return {
          status: 200,
          headers,
          body: encodeFrames({ json: answer.value, frames: answer.frames }),
          cutAfter: null,
        };
      default: {
        headers['content-type'] = 'application/json';
        if (answer.retryAfter !== undefined) headers['retry-after'] = String(Math.ceil(answer.retryAfter));
        const { code, detail, retryAfter } = answer;
        const error: ErrorAnswer = retryAfter === undefined ? { code, detail } : { code, detail, retryAfter };
        return {
          status: status ?? ERRORS[code].status ?? 500,
          headers,
          body: jsonBytes(error),
          cutAfter: null,
        };
      }
    }
  }

  /** Our own fault: the log has it, the asker learns nothing but that. */
  #broken(cause: unknown): ServerAnswer {
    this.#parts.log('error', 'a request could not be answered', { stack: stackOf(cause) });
    return this.#encode(refused('internal', 'the server could not answer'), null);
  }
}

type Body = { readonly kind: 'body'; readonly json: unknown; readonly frames: readonly Frame[] } | Refused;

function readBody(route: Route, bytes: Uint8Array | null): Body {
  const given = bytes ?? new Uint8Array(0);
  switch (route.requestBody) {
    case 'none':
      return given.length === 0
        ? { kind: 'body', json: null, frames: [] }
        : refused('bad-request', 'this request has no body');
    case 'json': {
      if (given.length > LIMITS.jsonBytes) return refused('too-large', 'The request');
      const value = parseJson(given);
      return value === undefined
        ? refused('bad-request', 'the body is not JSON in UTF-8')
        : { kind: 'body', json: value, frames: [] };
    }
    default: {
      if (given.length > LIMITS.bodyBytes) return refused('too-large', 'The request');
      const decoded = decodeFrames(given, FRAME_LIMITS);
      if (decoded.kind === 'invalid') return refused('bad-request', decoded.why);
      return { kind: 'body', json: decoded.json, frames: decoded.frames };
    }
  }
}

function stackOf(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}

function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8');
}
