/** A server's metadata plane in a box: users with devices that make claims, a clock that is set by hand, seeded chance. */
import { blake3 } from '@napi-rs/blake-hash';
import type { MetadataStore } from '../../server-stub/metadata/metadata-store.ts';
import {
  type Caller,
  createMetadata,
  type Metadata,
  type RuleEffects,
} from '../../server-stub/metadata/rules.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { buildManifest } from '../../src/core/manifest/build-manifest.ts';
import { encodeManifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import type { Claim, WireContent } from '../../src/protocol/claims.ts';
import {
  type ChunkId,
  type NamespaceId,
  type NodeId,
  parseDeviceId,
  parseNodeId,
  parseTenantId,
  parseUserId,
  ROOT_NODE,
  type UserId,
  uuidV7,
} from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { FinalizeAnswer, JournalAnswer } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';

export const hashBytes = (bytes: Uint8Array): Uint8Array =>
  blake3(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** A small deterministic generator (mulberry32): the same seed, the same world. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function file(text: string, executable = false): Extract<WireContent, { kind: 'file' }> {
  const manifest = buildManifest(new TextEncoder().encode(text), hashBytes);
  const encoded = encodeManifest(manifest);
  return {
    kind: 'file',
    manifest: manifestIdOf(encoded, hashBytes),
    size: manifest.size,
    executable,
    encoded: Buffer.from(encoded).toString('base64'),
  };
}

export function chunksOf(text: string): readonly { readonly id: ChunkId; readonly size: number }[] {
  return buildManifest(new TextEncoder().encode(text), hashBytes).chunks;
}

/** What the rules answer has to be what the wire allows. */
const parseAnswer = parserOf(FinalizeAnswer);
const parsePage = parserOf(JournalAnswer);

type Fields<Op extends Claim['op']> = Omit<
  Extract<Claim, { op: Op }>,
  'op' | 'key' | 'unanswered' | 'editedAt'
> & {
  readonly key?: number;
  readonly unanswered?: number[];
  readonly editedAt?: number;
};
type Optional<T, Keys extends keyof T> = Omit<T, Keys> & Partial<Pick<T, Keys>>;

/** One device of one user. Every builder takes the next key unless one is given. */
export class Hand {
  readonly world: World;
  readonly caller: Caller;
  #nextKey = 1;

  constructor(world: World, caller: Caller) {
    this.world = world;
    this.caller = caller;
  }

  create(fields: Optional<Fields<'create'>, 'node' | 'parent' | 'mtimeNs' | 'checkZombie'>): Claim {
    const { node, parent, mtimeNs, checkZombie, ...rest } = fields;
    return {
      op: 'create',
      ...this.#base(rest),
      node: node ?? this.world.nodeId(),
      parent: parent ?? ROOT_NODE,
      name: rest.name,
      content: rest.content,
      mtimeNs: mtimeNs ?? '0',
      checkZombie: checkZombie ?? false,
    };
  }

  edit(fields: Optional<Fields<'edit'>, 'mtimeNs' | 'onStale'>): Claim {
    const { node, base, content, mtimeNs, onStale, ...rest } = fields;
    return {
      op: 'edit',
      ...this.#base(rest),
      node,
      base,
      content,
      mtimeNs: mtimeNs ?? '0',
      onStale: onStale ?? 'fork',
    };
  }

  move(fields: Fields<'move'>): Claim {
    const { node, baseEntryRev, parent, name, ...rest } = fields;
    return { op: 'move', ...this.#base(rest), node, baseEntryRev, parent, name };
  }

  /** Deletes what an event shows, as a device does that has seen everything up to `observedSeq`. */
  remove(
    seen: JournalEvent,
    more: Partial<Omit<Fields<'delete'>, 'node'>> = {},
  ): Extract<Claim, { op: 'delete' }> {
    return {
      op: 'delete',
      ...this.#base(more),
      node: seen.node,
      base: more.base === undefined ? (seen.head?.version ?? null) : more.base,
      baseEntryRev: more.baseEntryRev ?? seen.entry.rev,
      observedSeq: more.observedSeq ?? Number.MAX_SAFE_INTEGER,
      unapplied: more.unapplied ?? [],
      successor: more.successor ?? null,
      approved: more.approved ?? false,
    };
  }

  rearrange(fields: Fields<'rearrange'>): Claim {
    return { op: 'rearrange', ...this.#base(fields), node: fields.node, steps: fields.steps };
  }

  restore(fields: Fields<'restore'>): Claim {
    return {
      op: 'restore',
      ...this.#base(fields),
      node: fields.node,
      base: fields.base,
      version: fields.version,
      ...(fields.copy === undefined ? {} : { copy: fields.copy }),
    };
  }

  reopen(fields: Fields<'reopen'>): Claim {
    return { op: 'reopen', ...this.#base(fields), node: fields.node, conflict: fields.conflict };
  }

  undelete(node: NodeId): Claim {
    return { op: 'undelete', ...this.#base({}), node };
  }

  resolve(fields: Fields<'resolve'>): Claim {
    const { key: _key, unanswered: _unanswered, editedAt: _at, ...said } = fields;
    return { op: 'resolve', ...this.#base(fields), ...said };
  }

  async send(...claims: Claim[]): Promise<Outcome[]> {
    return this.sendWith({}, ...claims);
  }

  async sendWith(
    more: { readonly settledBelow?: number; readonly cursor?: Cursor | null },
    ...claims: Claim[]
  ): Promise<Outcome[]> {
    const { settledBelow = 0, cursor = null } = more;
    const request = { claims, settledBelow, cursor };
    const answer = parseAnswer(await this.world.metadata.finalize(this.caller, request));
    if (answer.kind === 'invalid') throw new Error(`not an answer of the protocol: ${answer.why}`);
    return answer.value.outcomes;
  }

  /** Sends one claim and answers its outcome. */
  async one(claim: Claim): Promise<Outcome> {
    const [outcome] = await this.send(claim);
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  }

  /** Creates a file (or with null a folder) and answers its post-state. */
  async make(name: string, text: string | null, parent: NodeId = ROOT_NODE): Promise<JournalEvent> {
    if (text !== null) await this.world.store(text, this.caller);
    const content = text === null ? null : file(text);
    return eventOf(await this.one(this.create({ name, parent, content })));
  }

  /** Edits a file from the state given and answers the outcome. */
  async write(seen: JournalEvent, text: string, onStale: 'fork' | 'reject' = 'fork'): Promise<Outcome> {
    await this.world.store(text, this.caller);
    if (seen.head === null) throw new Error('a folder has no content');
    return this.one(this.edit({ node: seen.node, base: seen.head.version, content: file(text), onStale }));
  }

  #base(fields: { readonly key?: number; readonly unanswered?: number[]; readonly editedAt?: number }) {
    const key = fields.key ?? this.#nextKey;
    this.#nextKey = Math.max(this.#nextKey, key) + (fields.key === undefined ? 1 : 0);
    return {
      key,
      unanswered: fields.unanswered ?? [],
      editedAt: fields.editedAt ?? this.world.clock.now,
    };
  }
}

/** The state of its node that an answer carries. */
export function eventOf(outcome: Outcome): JournalEvent {
  const event = outcome.events.findLast((candidate) => candidate.node === outcome.node);
  if (event === undefined) throw new Error(`no event of the node in ${JSON.stringify(outcome)}`);
  return event;
}

export class World {
  readonly clock = { now: Date.UTC(2026, 8, 18, 18, 2) };
  readonly faults: unknown[] = [];
  readonly db: MetadataStore;
  readonly metadata: Metadata;
  readonly random: () => number;

  constructor(path = ':memory:', seed = 1) {
    this.random = seeded(seed);
    this.db = openSqliteStore(path);
    this.metadata = createMetadata(this.db, this.effects);
  }

  get effects(): RuleEffects {
    return {
      now: () => this.clock.now,
      randomBytes: (count) => this.bytes(count),
      blake3: hashBytes,
      report: (fault) => this.faults.push(fault),
    };
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => Math.floor(this.random() * 256));
  }

  nodeId(): NodeId {
    return parseNodeId(this.uuid());
  }

  uuid(): string {
    return uuidV7(this.clock.now, this.bytes(10));
  }

  /** A device of a user; the user and the namespace come into being with the first one. */
  async device(name: string, userName = 'ana'): Promise<Hand> {
    const { user, namespace } = await this.#user(userName);
    const device = parseDeviceId(this.uuid());
    await this.db.write(async (tx) =>
      tx.addDevice({
        id: device,
        user,
        name,
        os: 'linux',
        tokenHash: this.uuid(),
        instance: '0'.repeat(32),
        generation: 1,
        linkedAt: this.clock.now,
        start: null,
        lastSeenAt: null,
        revokedAt: null,
        settledBelow: 0,
        namespace: null,
        main: null,
      }),
    );
    const tenant = parseTenantId(user);
    return new Hand(this, { tenant, user, userName, device, deviceName: name, namespace });
  }

  /** Stores the chunks of a text for a caller's tenant, as an upload would have. */
  async store(text: string, caller: Caller): Promise<void> {
    await this.db.write(async (tx) => {
      for (const { id, size } of chunksOf(text)) {
        await tx.addChunk(caller.tenant, id, `at-${id}`, size, this.clock.now);
      }
    });
  }

  /** The journal of a namespace, from the beginning or after a cursor. */
  async journal(hand: Hand, after: Cursor | null = null): Promise<readonly JournalEvent[]> {
    const events: JournalEvent[] = [];
    let cursor = after;
    for (;;) {
      const read = parsePage(await this.metadata.journal(hand.caller, cursor, 500));
      if (read.kind === 'invalid') throw new Error(`not a page of the protocol: ${read.why}`);
      const page = read.value;
      if (page.kind !== 'page') throw new Error(`resync: ${page.why}`);
      events.push(...page.events);
      cursor = page.next;
      if (!page.hasMore) return events;
    }
  }

  close(): Promise<void> {
    return this.db.close();
  }

  async #user(name: string): Promise<{ readonly user: UserId; readonly namespace: NamespaceId }> {
    const known = await this.db.read(async (tx) => tx.userByName(name));
    const user = known?.id ?? parseUserId(this.uuid());
    const tenant = parseTenantId(user);
    if (known === null) {
      const row = { id: user, tenant, name, passwordHash: '', createdAt: this.clock.now };
      await this.db.write(async (tx) => tx.addUser(row));
    }
    return { user, namespace: await this.metadata.ensureNamespace(tenant, user) };
  }
}
