/**
 * The metadata plane as the routes see it: every call is one transaction of the store and one wire answer.
 * The decisions are in rules/ and ../journal/; this file only opens transactions around them.
 */
import type { Claim } from '../../src/protocol/claims.ts';
import {
  type Epoch,
  type NamespaceId,
  type NodeId,
  parseNamespaceId,
  type TenantId,
  toHex,
  type UserId,
  uuidV7,
} from '../../src/protocol/ids.ts';
import type { Cursor, SnapshotPage } from '../../src/protocol/journal.ts';
import type {
  ConflictsAnswer,
  FinalizeAnswer,
  FinalizeRequest,
  HistoryAnswer,
  JournalAnswer,
  LookupAnswer,
  OpenAnswer,
  TrashAnswer,
} from '../../src/protocol/routes.ts';
import { headCursor, judgeCursor } from '../journal/cursor.ts';
import { conflicts, history, trash } from '../journal/past.ts';
import { lookup } from '../journal/places.ts';
import { readJournal } from '../journal/read-journal.ts';
import { type MomentQuestion, MomentReader, type MomentReading } from '../journal/read-moment.ts';
import { readSnapshot } from '../journal/read-snapshot.ts';
import type { KeepingRules } from '../retention/what-is-kept.ts';
import { SERVER_LIMITS } from '../server-limits.ts';
import type { MetadataStore, WriteTx } from './metadata-store.ts';
import type { Caller, RuleEffects } from './rules/context.ts';
import { crossingsOf } from './rules/crossing.ts';
import { acknowledge, beginEpoch } from './rules/epoch.ts';
import { finalize } from './rules/finalize.ts';
import { keysBelow } from './rules/key-book.ts';
import { addNamespace } from './rules/new-namespace.ts';
import { openSession } from './rules/session.ts';

export type { Caller, RuleEffects } from './rules/context.ts';

/** `null`: the continuation is none of ours; the snapshot is to be begun anew. */
export type SnapshotAnswer = SnapshotPage | null;

export interface Metadata {
  readonly store: MetadataStore;
  /** Draws the server's id on first start; answers the one it has from then on. */
  ensureServer(): Promise<string>;
  /** A personal namespace with its root folder and a fresh epoch; answers the one there is, if any. */
  ensureNamespace(tenant: TenantId, owner: UserId): Promise<NamespaceId>;
  /** Current position of a namespace: a cursor at its head. */
  head(namespace: NamespaceId): Promise<Cursor>;
  /** Every key that the device has used, or burned, is below. */
  keysBelow(caller: Caller): Promise<number>;
  openSession(caller: Caller, claims: readonly Claim[]): Promise<OpenAnswer>;
  finalize(caller: Caller, request: FinalizeRequest): Promise<FinalizeAnswer>;
  journal(caller: Caller, cursor: Cursor | null, limit: number): Promise<JournalAnswer>;
  snapshot(caller: Caller, continuation: string | null, limit: number): Promise<SnapshotAnswer>;
  /** Records what a device says it durably applied; never goes back within an epoch. */
  ackCursor(caller: Caller, cursor: Cursor): Promise<void>;
  /** `null`: there is no such node. */
  history(caller: Caller, node: NodeId, rules?: Omit<KeepingRules, 'now'>): Promise<HistoryAnswer | null>;
  lookup(caller: Caller, path: string): Promise<LookupAnswer>;
  /** Newest first; `before`: only deaths before this seq. */
  trash(caller: Caller, limit: number, before?: number): Promise<TrashAnswer>;
  conflicts(caller: Caller): Promise<ConflictsAnswer>;
  /** `null`: there is no such folder, or the continuation is none of ours. */
  moment(caller: Caller, question: MomentQuestion): Promise<MomentReading>;
  /** After a restore from backup: a new epoch for one namespace, so that every device merges. */
  beginEpoch(namespace: NamespaceId): Promise<Epoch>;
}

export function createMetadata(store: MetadataStore, effects: RuleEffects): Metadata {
  const moments = new MomentReader(store);
  return {
    store,
    ensureServer: () => store.write((tx) => ensureServer(tx, effects)),
    ensureNamespace: (tenant, owner) => store.write((tx) => ensureNamespace(tx, effects, tenant, owner)),
    head: (namespace) => headOf(store, namespace),
    keysBelow: ({ device }) => store.read((tx) => keysBelow(tx, device)),
    openSession: (caller, claims) => store.write((tx) => openSession(tx, effects, caller, claims)),
    finalize: (caller, request) => store.write((tx) => finalize(tx, effects, caller, request)),
    journal: (caller, cursor, limit) => journal(store, effects, caller, cursor, limit),
    snapshot: (caller, continuation, limit) =>
      store.read((tx) => readSnapshot(tx, caller.namespace, continuation, limit)),
    ackCursor: (caller, cursor) => store.write((tx) => ackCursor(tx, effects, caller, cursor)),
    history: (caller, node, rules = SERVER_LIMITS) =>
      store.read(async (tx) => {
        const answer = await history(tx, caller.namespace, node, { ...rules, now: effects.now() });
        const isLive = answer?.current?.entry.live !== false;
        return answer && { ...answer, ...(await crossingsOf(tx, caller, node, isLive)) };
      }),
    lookup: (caller, path) => store.read((tx) => lookup(tx, caller.namespace, path)),
    trash: (caller, limit, before) => store.read((tx) => trash(tx, caller.namespace, before ?? null, limit)),
    conflicts: (caller) => store.read((tx) => conflicts(tx, caller.namespace)),
    moment: (caller, question) => moments.read(caller.namespace, question),
    beginEpoch: (namespace) => store.write((tx) => beginEpoch(tx, effects, namespace)),
  };
}

async function ensureServer(tx: WriteTx, effects: RuleEffects): Promise<string> {
  const known = await tx.server();
  if (known !== null) return known.id;
  const id = toHex(effects.randomBytes(16));
  await tx.setServer({ id, createdAt: effects.now() });
  return id;
}

async function ensureNamespace(
  tx: WriteTx,
  effects: RuleEffects,
  tenant: TenantId,
  owner: UserId,
): Promise<NamespaceId> {
  const [known] = await tx.namespacesOf(owner);
  if (known !== undefined) return known.id;
  const id = parseNamespaceId(uuidV7(effects.now(), effects.randomBytes(10)));
  await addNamespace(tx, effects, { id, tenant, owner });
  return id;
}

function headOf(store: MetadataStore, namespace: NamespaceId): Promise<Cursor> {
  return store.read(async (tx) => {
    const ns = await tx.namespace(namespace);
    if (ns === null) throw new Error('head of an unknown namespace');
    return headCursor(ns);
  });
}

/** Reads; only a device that proves a lost history makes a write of it. */
async function journal(
  store: MetadataStore,
  effects: RuleEffects,
  caller: Caller,
  cursor: Cursor | null,
  limit: number,
): Promise<JournalAnswer> {
  const read = await store.read((tx) => readJournal(tx, caller.namespace, cursor, limit));
  if (read.kind !== 'lost') return read;
  return store.write(async (tx) => {
    // Looked at again inside the write: another device may have proved it meanwhile.
    const again = await readJournal(tx, caller.namespace, cursor, limit);
    if (again.kind !== 'lost') return again;
    const epoch = await beginEpoch(tx, effects, caller.namespace);
    return { kind: 'resync', why: 'other-epoch', epoch };
  });
}

async function ackCursor(tx: WriteTx, effects: RuleEffects, caller: Caller, cursor: Cursor): Promise<void> {
  const ns = await tx.namespace(caller.namespace);
  if (ns !== null && (await judgeCursor(tx, ns, cursor)) === 'known') {
    await acknowledge(tx, effects, caller, cursor);
  }
}
