/**
 * Sends claims and the bytes behind them. Little goes as one `commit`; more as open → chunks → finalize. Claims are
 * durable before they come here, chunks are found by their hash: so whatever breaks off is simply sent again.
 */
import type { Frame } from '../../protocol/frames.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import type { Cursor } from '../../protocol/journal.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { FinalizeAnswer, OpenAnswer, ROUTES } from '../../protocol/routes.ts';
import { trouble } from './answers.ts';
import { defineCall } from './call.ts';
import type { ServerResult, ServerTrouble, UploadAnswer, UploadItem, UploadSource } from './server.ts';
import type { TransferMeter } from './transfer-meter.ts';
import { batchesOf, distinctBytes, sourcesOf } from './upload-batch.ts';
import { ChunkSender, isAlone, PACK_BYTES, type SendParts } from './upload-chunks.ts';
import { type DeltaFrame, DeltaMaker } from './upload-delta.ts';
import { type ReadChunk, type ReadParts, readChunks } from './upload-read.ts';
import { UploadTally } from './upload-tally.ts';

const OPEN = defineCall(ROUTES.open, OpenAnswer);
const FINALIZE = defineCall(ROUTES.finalize, FinalizeAnswer);
const COMMIT = defineCall(ROUTES.commit, FinalizeAnswer);

/** Times that chunks the server misses at finalize are sent again. */
const ROUNDS = 3;

type Outcome = FinalizeAnswer['outcomes'][number];
type MissingChunks = Extract<Outcome, { readonly kind: 'missing-chunks' }>;

export interface UploadParts extends ReadParts, SendParts {
  readonly transfers: TransferMeter;
}

/** What rides on every finalize. */
interface Facts {
  readonly cursor: Cursor | null;
  readonly settledBelow: number;
}

/** What became of the claims so far. */
interface Ledger {
  readonly outcomes: Outcome[];
  readonly changed: number[];
  readonly stale: number[];
  /** Where the journal stood after each finalize. */
  readonly cursors: Cursor[];
}

export async function upload(
  parts: UploadParts,
  items: readonly UploadItem[],
  cursor: Cursor | null,
  settledBelow: number,
): Promise<ServerResult<UploadAnswer>> {
  const ledger: Ledger = { outcomes: [], changed: [], stale: [], cursors: [] };
  for (const batch of batchesOf(items)) {
    const stopped = await new BatchUpload(parts, batch, { cursor, settledBelow }, ledger).run();
    if (stopped === null) continue;
    const nothingKnown = ledger.outcomes.length + ledger.changed.length + ledger.stale.length === 0;
    return nothingKnown ? stopped : { kind: 'ok', value: { ...ledger, rest: stopped } };
  }
  return { kind: 'ok', value: { ...ledger, rest: null } };
}

/** One batch, small enough for one request. */
class BatchUpload {
  readonly #parts: UploadParts;
  readonly #facts: Facts;
  readonly #ledger: Ledger;
  /** Claims still to be decided. */
  #live: readonly UploadItem[];
  /** Of these claims, what the last finalize found missing. */
  #missing: ReadonlyMap<number, MissingChunks> = new Map();
  /** Of the file at hand only: signatures of many large files would be much memory. */
  #deltas: { readonly source: UploadSource; readonly maker: DeltaMaker | null } | null = null;
  /** Chunks that the server could not rebuild from a delta: sent whole. */
  readonly #whole = new Set<ChunkId>();
  readonly #tally: UploadTally;

  constructor(parts: UploadParts, items: readonly UploadItem[], facts: Facts, ledger: Ledger) {
    this.#parts = parts;
    this.#live = items;
    this.#facts = facts;
    this.#ledger = ledger;
    this.#tally = new UploadTally(parts.transfers, items);
  }

  async run(): Promise<ServerTrouble | null> {
    try {
      return await this.#run();
    } finally {
      this.#tally.end();
    }
  }

  async #run(): Promise<ServerTrouble | null> {
    const sources = sourcesOf(this.#live);
    const unknown = (source: UploadSource, id: ChunkId): boolean =>
      !(this.#deltaOf(source)?.has(id) ?? false);
    const most = this.#parts.caller.pace.bodyBytes(PACK_BYTES);
    const stopped =
      distinctBytes(sources, unknown, most) <= most
        ? await this.#commit(sources, unknown)
        : await this.#openAndSend();
    return stopped ?? this.#settle();
  }

  /** Chunks and claims in one request. */
  async #commit(
    sources: readonly UploadSource[],
    unknown: (source: UploadSource, id: ChunkId) => boolean,
  ): Promise<ServerTrouble | null> {
    const wanted = new Set<ChunkId>();
    for (const source of sources) {
      for (const { id } of source.manifest.chunks) if (unknown(source, id)) wanted.add(id);
    }
    const frames: Frame[] = [];
    const wants = (id: ChunkId): boolean => wanted.has(id) && frames.length < LIMITS.chunksPerBody;
    const changed = await readChunks(this.#parts, sources, wants, async (chunk) => {
      wanted.delete(chunk.id);
      frames.push(keepable(chunk, this.#frame(chunk).frame));
      return true;
    });
    this.#drop(changed);
    return this.#finalize(frames);
  }

  async #openAndSend(): Promise<ServerTrouble | null> {
    const claims = this.#live.map((item) => item.claim);
    const opened = await this.#parts.caller.json(OPEN, { claims });
    if (opened.kind === 'trouble') return opened;
    const toSend = this.#sort(opened.value);
    const missing = new Set(opened.value.missing);
    this.#tally.lacks(missing);
    const stopped = await this.#send(toSend, missing);
    return stopped ?? this.#finalize([]);
  }

  /** Takes out what is stale and returns whose chunks are to be sent. */
  #sort(opened: OpenAnswer): readonly UploadItem[] {
    const answers = new Map(opened.answers.map((answer) => [answer.key, answer]));
    const seen = this.#facts.cursor?.seq ?? 0;
    const stale = new Set<number>();
    const answered = new Set<number>();
    for (const { claim } of this.#live) {
      const found = answers.get(claim.key);
      if (found?.answer === 'answered') answered.add(claim.key);
      if (found?.answer === 'stale') stale.add(claim.key);
      // A fork against a head this device has not pulled yet may turn out to be no fork at all (RULES 1).
      if (found?.answer === 'will-fork' && (found.current?.head?.seq ?? 0) > seen) stale.add(claim.key);
    }
    this.#ledger.stale.push(...stale);
    this.#live = this.#live.filter((item) => !stale.has(item.claim.key));
    return this.#live.filter((item) => !answered.has(item.claim.key));
  }

  /** Sends those chunks of the items that are in `needed`; files that have changed lose their claims. */
  async #send(items: readonly UploadItem[], needed: Set<ChunkId>): Promise<ServerTrouble | null> {
    for (let round = 0; round < 2 && needed.size > 0; round += 1) {
      const sender = new ChunkSender(this.#parts, (ids) => this.#tally.there(ids));
      const changed = await readChunks(
        this.#parts,
        sourcesOf(items),
        (id) => needed.has(id),
        async (chunk) => {
          needed.delete(chunk.id);
          const { frame, work } = this.#frame(chunk);
          return isAlone(frame) ? sender.addAlone(frame) : sender.addPacked(keepable(chunk, frame), work);
        },
      );
      const stopped = await sender.finish();
      if (stopped !== null) return stopped;
      this.#drop(changed);
      needed.clear();
      for (const [id, encoding] of sender.refused) {
        if (encoding === 'raw') continue;
        this.#whole.add(id);
        needed.add(id);
      }
    }
    return null;
  }

  /** Has the live claims decided; those whose chunks are missing stay live. */
  async #finalize(frames: readonly Frame[]): Promise<ServerTrouble | null> {
    if (this.#live.length === 0) return null;
    const body = { claims: this.#live.map((item) => item.claim), ...this.#facts };
    const { caller } = this.#parts;
    const result =
      frames.length > 0 ? await caller.json(COMMIT, body, { frames }) : await caller.json(FINALIZE, body);
    if (result.kind === 'trouble') return result;
    if (result.value.cursor) this.#ledger.cursors.push(result.value.cursor);
    const outcomes = new Map(result.value.outcomes.map((outcome) => [outcome.key, outcome]));
    if (this.#live.some((item) => !outcomes.has(item.claim.key))) {
      return trouble('bad-answer', 'a claim was left without an outcome', true);
    }
    const missing = new Map<number, MissingChunks>();
    for (const { claim } of this.#live) {
      const outcome = outcomes.get(claim.key)!;
      if (outcome.kind === 'missing-chunks') missing.set(claim.key, outcome);
      else this.#ledger.outcomes.push(outcome);
    }
    this.#live = this.#live.filter((item) => missing.has(item.claim.key));
    this.#missing = missing;
    return null;
  }

  /** Sends what finalize found missing, a few times; what is still missing then is told as it is. */
  async #settle(): Promise<ServerTrouble | null> {
    for (let round = 0; round < ROUNDS && this.#live.length > 0; round += 1) {
      const needed = new Set([...this.#missing.values()].flatMap((outcome) => outcome.chunks));
      const stopped = (await this.#send(this.#live, needed)) ?? (await this.#finalize([]));
      if (stopped !== null) return stopped;
    }
    for (const { claim } of this.#live) this.#ledger.outcomes.push(this.#missing.get(claim.key)!);
    return null;
  }

  #drop(changed: ReadonlySet<number>): void {
    if (changed.size === 0) return;
    this.#ledger.changed.push(...changed);
    this.#live = this.#live.filter((item) => !changed.has(item.claim.key));
  }

  #frame({ source, id, bytes }: ReadChunk): DeltaFrame {
    const delta = this.#whole.has(id) ? null : (this.#deltaOf(source)?.frame(id, bytes) ?? null);
    return delta ?? { frame: { id, encoding: 'raw', bytes }, work: 0 };
  }

  #deltaOf(source: UploadSource): DeltaMaker | null {
    if (this.#deltas?.source !== source) {
      const maker = DeltaMaker.of(this.#parts.hashing, source.manifest, source.signature);
      this.#deltas = { source, maker };
    }
    return this.#deltas.maker;
  }
}

/** A frame that outlives the memory its chunk was lent in. */
function keepable(chunk: ReadChunk, frame: Frame): Frame {
  return chunk.lent && frame.encoding === 'raw' ? { ...frame, bytes: frame.bytes.slice() } : frame;
}
