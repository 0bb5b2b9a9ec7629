/** A device that says exactly what it is told, and checks that every answer is one the protocol knows. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Static, TSchema } from 'typebox';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import { buildManifest } from '../../src/core/manifest/build-manifest.ts';
import { encodeManifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import type { Claim, WireContent } from '../../src/protocol/claims.ts';
import type { Frame } from '../../src/protocol/frames.ts';
import { type ChunkId, type NodeId, parseNodeId, ROOT_NODE, uuidV7 } from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent, JournalPage } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import {
  type ChunksAnswer,
  FinalizeAnswer,
  HelloAnswer,
  JournalAnswer,
  LinkAnswer,
  type RouteName,
} from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import {
  assertHonest,
  assertRefused,
  framesOf,
  jsonOf,
  type Wire,
  type WireAnswer,
  type WireOptions,
} from './wire-http.ts';

const { hash } = await loadBlake3();

export interface TestFile {
  readonly content: Extract<WireContent, { kind: 'file' }>;
  readonly frames: readonly Frame[];
}

/** A file's claim content and the frames that carry it. */
export function fileOf(bytes: Uint8Array, executable = false): TestFile {
  const manifest = buildManifest(bytes, hash);
  const encoded = encodeManifest(manifest);
  let at = 0;
  const frames = manifest.chunks.map(({ id, size }): Frame => {
    at += size;
    return { id, encoding: 'raw', bytes: bytes.subarray(at - size, at) };
  });
  const content: TestFile['content'] = {
    kind: 'file',
    manifest: manifestIdOf(encoded, hash),
    size: bytes.length,
    executable,
    encoded: Buffer.from(encoded).toString('base64'),
  };
  return { content, frames };
}

export function textFile(text: string): TestFile {
  return fileOf(Buffer.from(text));
}

export function newNode(): NodeId {
  return parseNodeId(uuidV7(Date.now(), randomBytes(10)));
}

export function parsedAs<S extends TSchema>(schema: S, answer: WireAnswer): Static<S> {
  assert.equal(answer.status, 200, answer.body.toString('utf8').slice(0, 300));
  const parsed = parserOf(schema)(jsonOf(answer));
  assert(parsed.kind === 'ok', JSON.stringify(parsed));
  return parsed.value;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export async function linkDevice(wire: Wire, who: Credentials, name = 'device'): Promise<WireDevice> {
  const instance = randomBytes(16).toString('hex');
  const request = { ...who, device: name, os: 'test', instance };
  const answer = await wire.ask('link', request);
  const device = new WireDevice(wire, parsedAs(LinkAnswer, answer), instance, name);
  await device.hello();
  return device;
}

export class WireDevice {
  readonly wire: Wire;
  readonly link: LinkAnswer;
  readonly instance: string;
  readonly name: string;
  generation = 0;
  key = 0;

  constructor(wire: Wire, link: LinkAnswer, instance: string, name: string) {
    this.wire = wire;
    this.link = link;
    this.instance = instance;
    this.name = name;
  }

  headers(): Readonly<Record<string, string>> {
    return {
      authorization: `Bearer ${this.link.token}`,
      'x-tidemark-instance': `${this.instance}:${Math.max(1, this.generation)}`,
    };
  }

  async ask(name: RouteName, json: unknown = {}, options: WireOptions = {}): Promise<WireAnswer> {
    const headers = { ...this.headers(), ...options.headers };
    const answer = await this.wire.ask(name, json, { ...options, headers });
    assertHonest(name, answer);
    return answer;
  }

  async refusal(name: RouteName, json: unknown = {}, options: WireOptions = {}) {
    return assertRefused(await this.ask(name, json, options));
  }

  async hello(): Promise<HelloAnswer> {
    this.generation += 1;
    const { instance, generation } = this;
    return parsedAs(
      HelloAnswer,
      await this.ask('hello', { protocol: 1, instance, generation, cursor: null }),
    );
  }

  async journal(cursor: Cursor | null = null, limit = 1000): Promise<JournalPage> {
    const answer = parsedAs(JournalAnswer, await this.ask('journal', { cursor, limit }));
    assert(answer.kind === 'page', JSON.stringify(answer));
    return answer;
  }

  async cursor(): Promise<Cursor> {
    let page = await this.journal();
    while (page.hasMore) page = await this.journal(page.next);
    return page.next;
  }

  nextKey(): number {
    this.key += 1;
    return this.key;
  }

  base() {
    return { key: this.nextKey(), editedAt: 1_700_000_000_000, unanswered: [] };
  }

  create(name: string, content: WireContent | null, parent: NodeId = ROOT_NODE): Claim & { node: NodeId } {
    const node = newNode();
    return { op: 'create', ...this.base(), node, parent, name, content, mtimeNs: '1', checkZombie: false };
  }

  edit(from: JournalEvent, content: WireContent, onStale: 'fork' | 'reject' = 'fork'): Claim {
    assert(from.head !== null);
    return {
      op: 'edit',
      ...this.base(),
      node: from.node,
      base: from.head.version,
      content,
      mtimeNs: '2',
      onStale,
    };
  }

  remove(from: JournalEvent, observedSeq: number): Claim {
    return {
      op: 'delete',
      ...this.base(),
      node: from.node,
      base: from.head?.version ?? null,
      baseEntryRev: from.entry.rev,
      observedSeq,
      unapplied: [],
      successor: null,
      approved: false,
    };
  }

  async finalize(...claims: readonly Claim[]): Promise<readonly Outcome[]> {
    const answer = await this.ask('finalize', { claims, settledBelow: 0, cursor: null });
    return parsedAs(FinalizeAnswer, answer).outcomes;
  }

  /** Chunks and claims in one request. */
  async commit(frames: readonly Frame[], ...claims: readonly Claim[]): Promise<readonly Outcome[]> {
    const answer = await this.ask('commit', { claims, settledBelow: 0, cursor: null }, { frames });
    return parsedAs(FinalizeAnswer, answer).outcomes;
  }

  /** A new file, committed; its post-state. */
  async addFile(name: string, bytes: Uint8Array): Promise<JournalEvent> {
    const { content, frames } = fileOf(bytes);
    const [outcome] = await this.commit(frames, this.create(name, content));
    assert.equal(outcome?.kind, 'committed', JSON.stringify(outcome));
    return outcome!.events[0]!;
  }

  async getChunks(want: readonly ChunkId[], have: readonly ChunkId[] = []) {
    const answer = await this.ask('getChunks', { want, have });
    assert.equal(answer.status, 200, answer.body.toString('utf8').slice(0, 300));
    const { json, frames } = framesOf(answer);
    return { answer: json as ChunksAnswer, frames };
  }
}

/** A name that no other run took. */
export function freshName(stem: string): string {
  return `${stem} ${randomUUID().slice(0, 8)}`;
}
