/**
 * What devices asked the server and what became of it, as they saw it: invoke, ok, fail, unknown. Beside it, and never
 * mixed with it, what the server answered, whether or not the answer arrived.
 */
import type { ServerAnswer, ServerRequest } from '../../../server-stub/exchange.ts';
import type { TransportOutcome, TransportRequest } from '../../../src/engine/environment/transport.ts';
import type { Claim } from '../../../src/protocol/claims.ts';
import { decodeFrames } from '../../../src/protocol/frames.ts';
import type { DeviceId } from '../../../src/protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../../src/protocol/journal.ts';
import { LIMITS } from '../../../src/protocol/limits.ts';
import type { Outcome } from '../../../src/protocol/outcomes.ts';
import {
  FinalizeAnswer,
  FinalizeRequest,
  HelloAnswer,
  HelloRequest,
  JournalAnswer,
  JournalRequest,
  NotifyRequest,
} from '../../../src/protocol/routes.ts';
import { parserOf } from '../../../src/protocol/schema.ts';
import { pathOf } from '../sim-network.ts';

const FRAME_LIMITS = {
  jsonBytes: LIMITS.jsonBytes,
  frames: LIMITS.chunksPerBody,
  frameBytes: LIMITS.chunkBytes,
};

const parse = {
  finalize: parserOf(FinalizeRequest),
  finalized: parserOf(FinalizeAnswer),
  journal: parserOf(JournalRequest),
  page: parserOf(JournalAnswer),
  hello: parserOf(HelloRequest),
  greeted: parserOf(HelloAnswer),
  notify: parserOf(NotifyRequest),
} as const;

/** One claim of a device, however often it was sent. Moments are places in the order of all that was sent and heard. */
export interface ClaimCall {
  readonly device: DeviceId;
  readonly claim: Claim;
  readonly invoked: number;
  /** When the device first heard the answer that counts; `null` when it never did. */
  answered: number | null;
  outcome: Outcome | null;
  /** True while an attempt may have been carried out without the device knowing. */
  unknown: boolean;
}

/** Rows of the journal that a device was given. */
export interface PageRead {
  readonly device: DeviceId;
  readonly from: Cursor | null;
  readonly events: readonly JournalEvent[];
  readonly next: Cursor;
  /** Newest commit when the page was read. */
  readonly head: number;
  readonly invoked: number;
  readonly answered: number;
}

/** An answer that the server gave to a claim, as often as it gave one. */
export interface Executed {
  readonly device: DeviceId;
  readonly claim: Claim;
  readonly outcome: Outcome;
  /** As of a decision. */
  readonly era: number;
}

/** When the server was asked and when it had decided, in the order of all that it was asked. */
export interface Decision {
  /** How often it had been put back from a backup: with it, it forgets what it knew of starts. */
  readonly era: number;
  readonly asked: number;
  readonly decided: number;
}

export interface Greeting extends Decision {
  readonly device: DeviceId;
  readonly instance: string;
  readonly generation: number;
  readonly start: string;
}

/** Called with each claim that is sent for the first time, at that moment. */
export type Claimed = (claim: Claim) => void;

type Told = (outcome: TransportOutcome) => void;
type JsonOf = Pick<TransportRequest, 'path' | 'body'>;

/** Answers that leave the claim as it was before: it may still be decided otherwise. */
export function isFinal(outcome: Outcome): boolean {
  return outcome.kind !== 'missing-chunks' && outcome.kind !== 'refused';
}

export class WireLog {
  readonly claims = new Map<string, ClaimCall>();
  readonly pages: PageRead[] = [];
  readonly executed: Executed[] = [];
  /** Engine starts that the server accepted. */
  readonly greetings: Greeting[] = [];
  /** Furthest cursor that each device told the server. */
  /** Told that the journal has forgotten where they were. */
  readonly expired = new Set<DeviceId>();
  readonly acknowledged = new Map<DeviceId, Cursor>();
  readonly #devices = new Map<string, DeviceId>();
  #moment = 0;

  /** Whose requests these are. Those of others are not noted. */
  introduce(token: string, device: DeviceId): void {
    this.#devices.set(`Bearer ${token}`, device);
  }

  /** Notes a request that leaves; what it returns wants to hear what came of it. */
  begin(request: TransportRequest, claimed: Claimed): Told {
    const device = this.#devices.get(request.headers.authorization ?? '');
    const invoked = this.#tick();
    if (device === undefined) return () => undefined;
    switch (pathOf(request)) {
      case '/v1/finalize':
      case '/v1/commit':
        return this.#finalizing(device, jsonOf(request), invoked, claimed);
      case '/v1/journal':
        return this.#reading(device, jsonOf(request), invoked);
      case '/v1/notify': {
        const parsed = parse.notify(jsonOf(request));
        if (parsed.kind === 'ok') this.#acknowledges(device, parsed.value.seen);
        return () => undefined;
      }
      default:
        return () => undefined;
    }
  }

  /** What the server answered, on its side of the line. */
  answered(request: ServerRequest, answer: ServerAnswer, { era, asked, decided }: Decision): void {
    const device = this.#devices.get(request.headers.authorization ?? '');
    if (device === undefined || answer.status !== 200) return;
    const path = pathOf(request);
    if (path === '/v1/hello') {
      const hello = parse.hello(jsonOf(request));
      // An empty answer is one that was cut off before anything was done.
      if (hello.kind !== 'ok' || parse.greeted(bodyOf(answer.body)).kind !== 'ok') return;
      const { instance, generation, start = '' } = hello.value;
      this.greetings.push({ device, instance, generation, start, era, asked, decided });
    } else if (path === '/v1/finalize' || path === '/v1/commit') {
      const asked = parse.finalize(jsonOf(request));
      const told = parse.finalized(bodyOf(answer.body));
      if (asked.kind !== 'ok' || told.kind !== 'ok') return;
      for (const outcome of told.value.outcomes) {
        const claim = asked.value.claims.find((each) => each.key === outcome.key);
        if (claim !== undefined) this.executed.push({ device, claim, outcome, era });
      }
    }
  }

  #finalizing(device: DeviceId, json: unknown, invoked: number, claimed: Claimed): Told {
    const asked = parse.finalize(json);
    if (asked.kind !== 'ok') throw new Error(`a device sent what is no finalize request: ${asked.why}`);
    const { claims, cursor } = asked.value;
    if (cursor !== null) this.#acknowledges(device, cursor);
    const calls = claims.map((claim) => this.#call(device, claim, invoked, claimed));
    return (outcome) => this.#finalized(calls, outcome);
  }

  /** A copy of a device uses its keys too, and so does one whose state was put back: for other claims. */
  #call(device: DeviceId, claim: Claim, invoked: number, claimed: Claimed): ClaimCall {
    const id = `${device} ${JSON.stringify(claim)}`;
    const known = this.claims.get(id);
    if (known !== undefined) {
      known.unknown = true;
      return known;
    }
    const call = { device, claim, invoked, answered: null, outcome: null, unknown: true };
    this.claims.set(id, call);
    claimed(claim);
    return call;
  }

  #finalized(calls: readonly ClaimCall[], result: TransportOutcome): void {
    const answered = this.#tick();
    if (result.kind !== 'response' || result.status !== 200) return;
    const told = parse.finalized(bodyOf(result.body));
    if (told.kind !== 'ok') return;
    for (const outcome of told.value.outcomes) {
      const call = calls.find(({ claim }) => claim.key === outcome.key);
      if (call === undefined || call.answered !== null || !isFinal(outcome)) continue;
      Object.assign(call, { answered, outcome, unknown: false });
    }
  }

  #reading(device: DeviceId, json: unknown, invoked: number): Told {
    const asked = parse.journal(json);
    if (asked.kind !== 'ok') throw new Error(`a device sent what is no journal request: ${asked.why}`);
    const from = asked.value.cursor;
    if (from !== null && asked.value.applied !== false) this.#acknowledges(device, from);
    return (result) => {
      const answered = this.#tick();
      if (result.kind !== 'response' || result.status !== 200) return;
      const told = parse.page(bodyOf(result.body));
      if (told.kind === 'ok' && told.value.kind === 'resync') this.expired.add(device);
      if (told.kind !== 'ok' || told.value.kind !== 'page') return;
      const { events, next, head } = told.value;
      this.pages.push({ device, from, events, next, head, invoked, answered });
    };
  }

  #acknowledges(device: DeviceId, cursor: Cursor): void {
    const before = this.acknowledged.get(device);
    if (before?.epoch === cursor.epoch && before.seq >= cursor.seq) return;
    this.acknowledged.set(device, cursor);
  }

  #tick(): number {
    this.#moment += 1;
    return this.#moment;
  }
}

function jsonOf(request: JsonOf): unknown {
  if (request.body === null) return null;
  if (pathOf(request) !== '/v1/commit') return bodyOf(request.body);
  const decoded = decodeFrames(request.body, FRAME_LIMITS);
  return decoded.kind === 'frames' ? decoded.json : null;
}

/** What is no JSON is nobody's answer: a cut body, a page of somebody else's. */
function bodyOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
