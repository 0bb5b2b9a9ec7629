/**
 * The line between one machine and the server: how long it takes, and what it does to requests and replies. It belongs
 * to the machine and outlives the processes on it.
 */

import type { TransportRequest } from '../../src/engine/environment/transport.ts';
import { decodeFrames } from '../../src/protocol/frames.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import type { LostPart } from '../scenarios/scenario.ts';
import type { Stream } from './random.ts';

export interface NetworkFaults {
  loseRequest: number;
  loseReply: number;
  /** The server gets the request twice. */
  duplicate: number;
  /** The reply takes up to a minute. */
  stall: number;
  /** The request is given up, and reaches the server up to a minute later: after others, whoever sent them. */
  late: number;
}

export type NetworkFault = keyof NetworkFaults;

export const GOOD_NETWORK: Readonly<NetworkFaults> = {
  loseRequest: 0,
  loseReply: 0,
  duplicate: 0,
  stall: 0,
  late: 0,
};

export type LostRoute = 'commit' | 'journal';

const ROUTES_OF: Readonly<Record<LostRoute, readonly string[]>> = {
  commit: ['/v1/commit', '/v1/finalize'],
  journal: ['/v1/journal', '/v1/snapshot'],
};
const FAULT_OF: Readonly<Record<LostPart, NetworkFault>> = {
  request: 'loseRequest',
  reply: 'loseReply',
  late: 'late',
};
const IDLE: readonly string[] = ['/v1/notify', '/v1/journal', '/v1/hello'];
const WITH_CHUNKS: readonly string[] = ['/v1/commit', '/v1/chunks'];
const FRAME_LIMITS = {
  jsonBytes: LIMITS.jsonBytes,
  frames: LIMITS.chunksPerBody,
  frameBytes: LIMITS.chunkBytes,
};

interface Planned {
  readonly part: LostPart;
  readonly route: LostRoute;
  times: number;
}

export class SimNetwork {
  readonly stream: Stream;
  faults: NetworkFaults = { ...GOOD_NETWORK };
  readonly #planned: Planned[] = [];
  readonly #cuts = new Set<() => void>();
  #online = true;
  /** Time that goes on without the machine, for messages that are on their way; without it none is ever late. */
  readonly afterwards: ((ms: number, then: () => void) => void) | null;
  /** Called instead of delivering the next reply to a commit. */
  onCommitted: (() => void) | null = null;
  /** Bytes of chunks that left this machine. */
  contentBytes = 0;
  /** What was done to messages, by kind. */
  readonly injected: Record<NetworkFault, number> = { ...GOOD_NETWORK };
  /** When something else than waiting for news travelled last. */
  lastWorkAt = 0;

  constructor(stream: Stream, afterwards: SimNetwork['afterwards'] = null) {
    this.stream = stream;
    this.afterwards = afterwards;
  }

  get online(): boolean {
    return this.#online;
  }

  goOffline(): void {
    this.#online = false;
    this.breakAll();
  }

  /** All connections end: the line was cut, or the process is gone. */
  breakAll(): void {
    for (const cut of [...this.#cuts]) cut();
  }

  goOnline(): void {
    this.#online = true;
  }

  lose(part: LostPart, route: LostRoute, times: number): void {
    this.#planned.push({ part, route, times });
  }

  /** Told when the connection breaks; the returned function ends that. */
  onCut(cut: () => void): () => void {
    this.#cuts.add(cut);
    return () => this.#cuts.delete(cut);
  }

  /** Whether this part of this exchange is to be lost, by plan or by chance. */
  loses(part: LostPart, request: TransportRequest): boolean {
    const path = pathOf(request);
    const planned = this.#planned.find(
      (each) => each.part === part && each.times > 0 && ROUTES_OF[each.route].includes(path),
    );
    if (planned !== undefined) {
      planned.times -= 1;
      this.injected[FAULT_OF[part]] += 1;
      return true;
    }
    return this.happens(FAULT_OF[part]);
  }

  happens(fault: NetworkFault): boolean {
    const probability = this.faults[fault];
    if (probability === 0 || !this.stream.chance(probability)) return false;
    this.injected[fault] += 1;
    return true;
  }

  /** True when somebody waits for this very moment. */
  committed(request: TransportRequest): boolean {
    if (this.onCommitted === null || !ROUTES_OF.commit.includes(pathOf(request))) return false;
    const tell = this.onCommitted;
    this.onCommitted = null;
    tell();
    return true;
  }

  /** Notes what leaves this machine, and when. */
  count(request: TransportRequest, at: number): void {
    if (!IDLE.includes(pathOf(request))) this.lastWorkAt = at;
    if (request.body === null || !WITH_CHUNKS.includes(pathOf(request))) return;
    const decoded = decodeFrames(request.body, FRAME_LIMITS);
    if (decoded.kind === 'invalid') return;
    for (const frame of decoded.frames) this.contentBytes += frame.bytes.length;
  }
}

export function pathOf(request: { readonly path: string }): string {
  const query = request.path.indexOf('?');
  return query < 0 ? request.path : request.path.slice(0, query);
}
