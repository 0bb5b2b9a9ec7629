/** What a route's code is given, and what it may answer. */
import type { Static, TSchema } from 'typebox';
import type { Frame } from '../../src/protocol/frames.ts';
import { type Parsed, parserOf } from '../../src/protocol/schema.ts';
import type { Accounts, DeviceSession } from '../accounts/accounts.ts';
import type { AckBook } from '../accounts/ack-book.ts';
import type { Refused } from '../accounts/refused.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import type { SignUp } from '../accounts/sign-up.ts';
import type { ChunkSites } from '../chunks/sites.ts';
import type { ColdReading } from '../cold/cold-reading.ts';
import type { ServerClock, ServerLog, ServerRandom } from '../exchange.ts';
import type { Fault } from '../faults.ts';
import type { Greetings } from '../greetings.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Metadata } from '../metadata/rules.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import type { Visibility } from '../metrics/visibility.ts';
import type { NotifyHub } from '../notify/notify-hub.ts';
import type { WakeBook } from '../notify/wake-book.ts';
import type { Presence } from '../presence/presence.ts';
import type { Readiness } from '../readiness.ts';
import type { Replicas } from '../replication/replicas.ts';
import type { ServerLimits } from '../server-limits.ts';
import type { Shares } from '../sharing/shares.ts';
import type { ChunkDeltas } from './chunk-deltas.ts';

/** The server's parts, one set for all requests. */
export interface ServerParts {
  readonly store: MetadataStore;
  readonly metadata: Metadata;
  readonly chunks: ChunkSites;
  /** null: there is no second store. */
  readonly replicas: Replicas | null;
  /** null: there is no cold store. */
  readonly cold: ColdReading | null;
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly signUp: SignUp;
  readonly shares: Shares;
  readonly acks: AckBook;
  readonly hub: NotifyHub;
  readonly wakes: WakeBook;
  readonly presence: Presence;
  readonly greetings: Greetings;
  readonly deltas: ChunkDeltas;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly blake3: (bytes: Uint8Array) => Uint8Array;
  readonly limits: ServerLimits;
  readonly log: ServerLog;
  readonly serverId: string;
  readonly version: string;
  readonly readiness: Readiness;
  readonly metrics: ServerMetrics;
  readonly visibility: Visibility;
  /** Told after every commit: how far a namespace has got. */
  readonly onCommit: (mark: HighWaterMark) => void;
}

export interface HighWaterMark {
  readonly namespace: string;
  readonly epoch: string;
  readonly seq: number;
}

interface Asked {
  readonly remote: string;
  readonly signal?: AbortSignal;
  readonly frames: readonly Frame[];
  /** Kinds of faults that only the route itself can act out. */
  readonly faults: ReadonlySet<Fault['kind']>;
}

export interface StrangerContext extends Asked {
  readonly parts: ServerParts;
}

export interface DeviceContext extends StrangerContext {
  readonly session: DeviceSession;
}

export interface JsonAnswer<T> {
  readonly kind: 'json';
  readonly value: T;
}

export interface FramesAnswer<T> {
  readonly kind: 'frames';
  readonly value: T;
  readonly frames: readonly Frame[];
}

export type RouteAnswer = JsonAnswer<unknown> | FramesAnswer<unknown> | Refused;

export function json<T>(value: T): JsonAnswer<T> {
  return { kind: 'json', value };
}

/** A route's code behind one signature; the request is validated by the very schema that describes it. */
export type RouteHandler =
  | {
      readonly access: 'anyone';
      readonly schema: TSchema | null;
      readonly parse: (value: unknown) => Parsed<unknown>;
      readonly run: (context: StrangerContext, input: unknown) => Promise<RouteAnswer>;
    }
  | {
      readonly access: 'device';
      readonly schema: TSchema | null;
      readonly parse: (value: unknown) => Parsed<unknown>;
      readonly run: (context: DeviceContext, input: unknown) => Promise<RouteAnswer>;
    };

const NO_INPUT = (): Parsed<null> => ({ kind: 'ok', value: null });

export function forAnyone<S extends TSchema>(
  schema: S,
  run: (context: StrangerContext, input: Static<S>) => Promise<RouteAnswer>,
): RouteHandler {
  // `run` is only ever called with what `parse` let through.
  return {
    access: 'anyone',
    schema,
    parse: parserOf(schema),
    run: (context, input) => run(context, input as Static<S>),
  };
}

export function forAnyoneBare(run: (context: StrangerContext) => Promise<RouteAnswer>): RouteHandler {
  return { access: 'anyone', schema: null, parse: NO_INPUT, run };
}

export function forDevice<S extends TSchema>(
  schema: S,
  run: (context: DeviceContext, input: Static<S>) => Promise<RouteAnswer>,
): RouteHandler {
  return {
    access: 'device',
    schema,
    parse: parserOf(schema),
    run: (context, input) => run(context, input as Static<S>),
  };
}

export function forDeviceBare(run: (context: DeviceContext) => Promise<RouteAnswer>): RouteHandler {
  return { access: 'device', schema: null, parse: NO_INPUT, run };
}
