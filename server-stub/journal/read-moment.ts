/**
 * A folder as it was at a moment. The journal is folded from its beginning in slices, each a read of its own, so that
 * nobody waits behind it: rows never change, and a hole (trimmed meanwhile) ends it. What came of it is kept until its
 * last page was asked for.
 */
import { type NamespaceId, type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { MomentAnswer, MomentNode } from '../../src/protocol/routes.ts';
import { EventBuilder } from '../metadata/event-of.ts';
import type { MetadataStore, ReadTx } from '../metadata/metadata-store.ts';
import { type FloorState, floorState } from './floor-state.ts';
import type { Place, PlacesThen } from './places-then.ts';

/** Rows of one slice. */
const SLICE = 4000;
/** Moments kept for their next page. */
const KEPT = 4;

/** `null`: there is no such folder, or the continuation is none of ours. */
export type MomentReading = MomentAnswer | null;

export interface MomentQuestion {
  readonly folder: NodeId;
  readonly at: number;
  readonly continuation: string | null;
  readonly limit: number;
}

interface Listed {
  readonly id: NodeId;
  readonly place: Place;
  readonly below: boolean;
}

interface Moment {
  readonly seq: number;
  readonly listed: readonly Listed[];
}

export class MomentReader {
  readonly #store: MetadataStore;
  readonly #kept = new Map<string, Moment>();

  constructor(store: MetadataStore) {
    this.#store = store;
  }

  async read(ns: NamespaceId, question: MomentQuestion): Promise<MomentReading> {
    const { folder, at, continuation, limit } = question;
    const going = continuation === null ? FIRST : parseGoing(continuation);
    if (going === null || !(await this.#isFolder(ns, folder))) return null;
    const { from, upTo } = going;
    const key = `${ns} ${folder} ${at} ${upTo}`;
    const moment = this.#kept.get(key) ?? (await this.#moment(ns, folder, at, upTo));
    if ('why' in moment) return { kind: 'unknown', why: moment.why };
    if (from > moment.listed.length) return null;
    const slice = moment.listed.slice(from, from + limit);
    const end = from + slice.length;
    const isLast = end >= moment.listed.length;
    this.#kept.delete(key);
    if (!isLast) this.#keep(`${ns} ${folder} ${at} ${moment.seq}`, moment);
    const nodes = await this.#store.read((tx) => told(tx, ns, slice));
    return { kind: 'moment', seq: moment.seq, nodes, continuation: isLast ? null : `${moment.seq} ${end}` };
  }

  #keep(key: string, moment: Moment): void {
    this.#kept.set(key, moment);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  async #isFolder(ns: NamespaceId, folder: NodeId): Promise<boolean> {
    if (folder === ROOT_NODE) return true;
    return this.#store.read(async (tx) => (await tx.node(ns, folder))?.kind === 'folder');
  }

  async #moment(
    ns: NamespaceId,
    folder: NodeId,
    at: number,
    upTo: number,
  ): Promise<Moment | { readonly why: 'too-old' | 'not-there' }> {
    const then = await this.#fold(ns, at, upTo);
    if (then === null) return { why: 'too-old' };
    if (!then.isLive(folder)) return { why: 'not-there' };
    const below = then.below(folder);
    const inside = new Set(below);
    const listed: Listed[] = [];
    for (const id of below) pushPlace(listed, then, id, true);
    const today = await this.#store.read(async (tx) => tx.unseenBelow(ns, folder, -1));
    for (const id of today) if (!inside.has(id) && then.isLive(id)) pushPlace(listed, then, id, false);
    return { seq: then.seq, listed };
  }

  /** Asked again where the floor moved meanwhile. */
  #start(ns: NamespaceId): Promise<FloorState | null> {
    return floorState((fn) => this.#store.read(fn), ns);
  }

  /** Everything up to the first change that is later; null when the journal does not go back so far. */
  async #fold(ns: NamespaceId, at: number, upTo: number): Promise<PlacesThen | null> {
    const start = (await this.#start(ns)) ?? (await this.#start(ns));
    if (start === null || upTo < start.then.seq || (start.since !== null && at < start.since)) return null;
    const { then } = start;
    for (;;) {
      const rows = await this.#store.read(async (tx) => tx.placesAfter(ns, then.seq, SLICE));
      for (const row of rows) {
        if (row.at > at || row.seq > upTo) return then;
        if (row.seq !== then.seq + 1) return null;
        then.fold(row);
      }
      if (rows.length < SLICE) return then;
    }
  }
}

function pushPlace(listed: Listed[], then: PlacesThen, id: NodeId, below: boolean): void {
  const place = then.get(id);
  if (place !== null) listed.push({ id, place, below });
}

interface Going {
  readonly from: number;
  /** Last seq that the pages before told of: a moment that is not over yet does not grow between them. */
  readonly upTo: number;
}
const FIRST: Going = { from: 0, upTo: Number.MAX_SAFE_INTEGER };

function parseGoing(continuation: string): Going | null {
  const match = /^(\d{1,15}) ([1-9]\d{0,9})$/.exec(continuation);
  return match === null ? null : { upTo: Number(match[1]), from: Number(match[2]) };
}

async function told(tx: ReadTx, ns: NamespaceId, listed: readonly Listed[]): Promise<MomentNode[]> {
  const builder = new EventBuilder(tx, ns);
  const nodes: MomentNode[] = [];
  for (const { id, place, below } of listed) {
    const isGone = place.kind !== 'folder' && (await isLetGo(tx, ns, id));
    const isKept = place.head !== null && !isGone && !(await tx.isVersionReleased(ns, place.head));
    const version = place.head === null || !isKept ? null : await tx.head(ns, place.head);
    const head = version === null ? null : await builder.head(version);
    const { kind, parent, name } = place;
    nodes.push({ node: id, kind, parent, name, below, head, ...(isGone ? { gone: true } : {}) });
  }
  return nodes;
}

/** It died, and the trash keeps it no more. */
async function isLetGo(tx: ReadTx, ns: NamespaceId, id: NodeId): Promise<boolean> {
  const node = await tx.node(ns, id);
  if (node === null) return true;
  return node.deadSeq !== null && (await tx.isTrashReleased(ns, node.deadSeq));
}
