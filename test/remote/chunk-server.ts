/**
 * A small server in memory: sessions, chunks (with deltas both ways), manifests, finalize with stored outcomes. Tests
 * put themselves between it and the client to lose, falsify and refuse. Every request has to fit its schema.
 */
import assert from 'node:assert/strict';
import type { Static } from 'typebox';
import { applyDelta } from '../../src/core/delta/apply.ts';
import { decodeDelta, encodeDelta } from '../../src/core/delta/codec.ts';
import { isInvalidDelta } from '../../src/core/delta/delta.ts';
import { makeDelta } from '../../src/core/delta/diff.ts';
import { type Signature, signatureOf } from '../../src/core/delta/signature.ts';
import { SignatureIndex } from '../../src/core/delta/signature-index.ts';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import type {
  Transport,
  TransportOutcome,
  TransportRequest,
} from '../../src/engine/environment/transport.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import { decodeFrames, encodeFrames, type Frame } from '../../src/protocol/frames.ts';
import { type ChunkId, type ManifestId, toHex } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import {
  ChunksRequest,
  type FinalizeAnswer,
  FinalizeRequest,
  ManifestsRequest,
  OpenRequest,
  ROUTES,
  type RouteName,
} from '../../src/protocol/routes.ts';
import { type Parsed, parserOf } from '../../src/protocol/schema.ts';
import { blake3 } from './rig.ts';
import { response } from './scripted-transport.ts';

export interface Seen {
  readonly name: RouteName;
  readonly json: unknown;
  readonly frames: readonly Frame[];
}

type Answered = TransportOutcome | null | Promise<TransportOutcome | null>;
type Outcome = FinalizeAnswer['outcomes'][number];
type OpenWord = 'proceed' | 'will-fork' | 'stale' | 'answered';

const asOpen = parserOf(OpenRequest);
const asFinalize = parserOf(FinalizeRequest);
const asChunks = parserOf(ChunksRequest);
const asManifests = parserOf(ManifestsRequest);

export class ChunkServer implements Transport {
  readonly chunks = new Map<ChunkId, Uint8Array>();
  readonly manifests = new Map<ManifestId, string>();
  readonly outcomes = new Map<number, Outcome>();
  readonly seen: Seen[] = [];
  /** Answers instead of the server, or null to let it answer. */
  before: (seen: Seen) => Answered = () => null;
  /** Changes an answer on its way. */
  after: (seen: Seen, outcome: TransportOutcome) => TransportOutcome = (_seen, outcome) => outcome;
  openWord: (key: number) => OpenWord = () => 'proceed';
  /** Largest sum of request bodies that were in flight together. */
  mostInFlight = 0;
  readonly #signatures = new Map<ChunkId, Signature>();
  #inFlight = 0;
  bytesSent = 0;
  bytesReceived = 0;

  async exchange(request: TransportRequest): Promise<TransportOutcome> {
    const seen = readRequest(request);
    this.seen.push(seen);
    this.bytesSent += request.body?.length ?? 0;
    this.#inFlight += request.body?.length ?? 0;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    await new Promise((soon) => setImmediate(soon));
    const outcome = (await this.before(seen)) ?? this.after(seen, this.#answer(seen));
    this.#inFlight -= request.body?.length ?? 0;
    if (outcome.kind === 'response') this.bytesReceived += outcome.body.length;
    return outcome;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Names of the calls so far, without repetitions in a row. */
  get calls(): readonly RouteName[] {
    return this.seen.map(({ name }) => name).filter((name, i, all) => name !== all[i - 1]);
  }

  framesOf(name: RouteName): readonly Frame[] {
    return this.seen.filter((seen) => seen.name === name).flatMap((seen) => seen.frames);
  }

  #answer(seen: Seen): TransportOutcome {
    switch (seen.name) {
      case 'open':
        return this.#open(checked(asOpen(seen.json)).claims);
      case 'putChunks':
        return response(200, this.#store(seen.frames));
      case 'commit':
        this.#store(seen.frames);
        return this.#finalize(checked(asFinalize(seen.json)).claims);
      case 'finalize':
        return this.#finalize(checked(asFinalize(seen.json)).claims);
      case 'getChunks':
        return this.#get(checked(asChunks(seen.json)));
      case 'manifests': {
        const { ids } = checked(asManifests(seen.json));
        const manifests = ids.map((id) => ({ id, encoded: this.manifests.get(id) ?? null }));
        return response(200, { manifests });
      }
      default:
        throw new Error(`no ${seen.name} here`);
    }
  }

  #open(claims: readonly Claim[]): TransportOutcome {
    const answers = claims.map(({ key }) => {
      const answer = this.outcomes.has(key) ? 'answered' : this.openWord(key);
      return { key, answer, current: null };
    });
    const missing = new Set(claims.flatMap((claim) => this.#missingOf(claim)));
    return response(200, { answers, missing: [...missing] });
  }

  #store(frames: readonly Frame[]): object {
    const stored: ChunkId[] = [];
    const refused: { id: ChunkId; why: string }[] = [];
    for (const frame of frames) {
      const bytes = this.#rebuild(frame);
      if (bytes !== null && toHex(blake3(bytes)) === frame.id) {
        this.chunks.set(frame.id, bytes.slice());
        stored.push(frame.id);
      } else refused.push({ id: frame.id, why: 'wrong bytes' });
    }
    return { stored, refused };
  }

  #rebuild(frame: Frame): Uint8Array | null {
    if (frame.encoding === 'raw') return frame.bytes;
    const delta = decodeDelta(frame.bytes);
    if (isInvalidDelta(delta)) return null;
    let size = 0;
    for (const part of delta.parts) size += part.kind === 'copy' ? part.length : part.bytes.length;
    const rebuilt = applyDelta(delta, size, (id) => this.chunks.get(id) ?? null);
    return rebuilt instanceof Uint8Array ? rebuilt : null;
  }

  #finalize(claims: readonly Claim[]): TransportOutcome {
    const outcomes = claims.map((claim): Outcome => {
      const known = this.outcomes.get(claim.key);
      if (known !== undefined) return known;
      const base = { key: claim.key, node: claim.node, events: [] };
      const chunks = [...new Set(this.#missingOf(claim))];
      if (chunks.length > 0) return { kind: 'missing-chunks', ...base, chunks };
      const outcome: Outcome = { kind: 'committed', ...base, survivors: [] };
      this.outcomes.set(claim.key, outcome);
      return outcome;
    });
    return response(200, { outcomes, head: this.outcomes.size });
  }

  #missingOf(claim: Claim): readonly ChunkId[] {
    if ((claim.op !== 'create' && claim.op !== 'edit') || claim.content?.kind !== 'file') return [];
    const manifest = decodeManifest(Buffer.from(claim.content.encoded, 'base64'));
    assert.ok(!isInvalidManifest(manifest));
    return manifest.chunks.map((chunk) => chunk.id).filter((id) => !this.chunks.has(id));
  }

  #get({ want, have }: Static<typeof ChunksRequest>): TransportOutcome {
    const frames: Frame[] = [];
    const left: ChunkId[] = [];
    const absent: ChunkId[] = [];
    let size = 0;
    for (const id of want) {
      const bytes = this.chunks.get(id);
      if (bytes === undefined) absent.push(id);
      else if (size > 0 && size + bytes.length > LIMITS.packedAnswerBytes) left.push(id);
      else {
        const frame = this.#frame(id, bytes, have);
        frames.push(frame);
        size += frame.bytes.length;
      }
    }
    return response(200, encodeFrames({ json: { left, absent }, frames }));
  }

  #signatureOf(id: ChunkId): Signature {
    const signature = this.#signatures.get(id) ?? signatureOf(id, this.chunks.get(id)!, blake3);
    this.#signatures.set(id, signature);
    return signature;
  }

  #frame(id: ChunkId, bytes: Uint8Array, have: readonly ChunkId[]): Frame {
    const known = have.filter((source) => this.chunks.has(source));
    const sources = (source: ChunkId): Uint8Array | null => this.chunks.get(source) ?? null;
    const signatures = known.map((source) => this.#signatureOf(source));
    const delta = encodeDelta(makeDelta(bytes, new SignatureIndex(signatures), blake3, sources));
    return delta.length < bytes.length / 2
      ? { id, encoding: 'delta', bytes: delta }
      : { id, encoding: 'raw', bytes };
  }
}

function checked<T>(parsed: Parsed<T>): T {
  if (parsed.kind === 'invalid') assert.fail(parsed.why);
  return parsed.value;
}

function readRequest(request: TransportRequest): Seen {
  const found = Object.entries(ROUTES).find(
    ([, route]) => route.path === request.path && route.method === request.method,
  );
  assert.ok(found, `${request.method} ${request.path}`);
  const [name, route] = found as [RouteName, (typeof ROUTES)[RouteName]];
  const body = request.body ?? new Uint8Array();
  assert.ok(body.length <= LIMITS.bodyBytes);
  if (route.requestBody !== 'frames') {
    const text = new TextDecoder().decode(body);
    return { name, json: text === '' ? null : JSON.parse(text), frames: [] };
  }
  const limits = {
    jsonBytes: LIMITS.jsonBytes,
    frames: LIMITS.chunksPerBody,
    frameBytes: LIMITS.chunkBytes,
  };
  const decoded = decodeFrames(body, limits);
  if (decoded.kind === 'invalid') assert.fail(decoded.why);
  return { name, json: decoded.json, frames: decoded.frames };
}
