/**
 * Where the server's truth is kept. Asynchronous and shaped by transactions, so that the rules above it are the same on
 * SQLite and on PostgreSQL: small verbs over typed rows, no decision in any of them. A write is one serialised
 * transaction and is durable when its promise is fulfilled; whatever it throws rolls it back whole.
 */

import type {
  ChunkId,
  ConflictId,
  DeviceId,
  Epoch,
  ManifestId,
  NamespaceId,
  NodeId,
  TenantId,
  UserId,
  VersionId,
} from '../../src/protocol/ids.ts';
import type { EventCause } from '../../src/protocol/journal.ts';
import type { ColdReads, ColdWrites, KeptChunk } from './cold-rows.ts';
import type { CollectionReads, CollectionWrites } from './collection-verbs.ts';
import type { CrossingReads, CrossingWrites } from './crossing-rows.ts';
import type { ExplainReads, ExplainWrites } from './explain-verbs.ts';
import type { FloorReads, FloorWrites } from './floor-verbs.ts';
import type {
  Decision,
  DecisionFilter,
  JobName,
  JobRound,
  LeaseRow,
  SwitchName,
  SwitchRow,
} from './job-rows.ts';
import type { ErasureHold, StoredBytes, StoreFigures } from './operation-rows.ts';
import type { SignUpCodeRow } from './people-rows.ts';
import type { RetentionReads, RetentionWrites } from './retention-verbs.ts';
import type {
  AckedCursor,
  Author,
  ChunkRow,
  ConflictRow,
  DeviceRow,
  HeadRow,
  JournalRead,
  JournalRow,
  ManifestRow,
  NamespaceRow,
  NodeRow,
  NodeState,
  OutcomeRow,
  PlaceChange,
  ServerRow,
  SessionRow,
  TenantKeyRow,
  UserRow,
  VersionRow,
} from './rows.ts';
import type { SharingReads, SharingWrites } from './sharing-verbs.ts';

import type { SiteReads, SiteWrites } from './site-rows.ts';

/** An embedded database answers at once, a remote one later; `await` takes both. */
export type Awaitable<T> = T | Promise<T>;

/**
 * `at-once`: durable once fulfilled. `with-the-next`: no later than the next write that is and changes something; for what
 * may be done twice, where nothing that cannot be undone (an answer, a file erased) follows before such a write.
 */
export type Durability = 'at-once' | 'with-the-next';

export interface MetadataStore {
  /** One write at a time. Rolls back and rejects with whatever `fn` throws. Without a word, durable at once. */
  write<T>(fn: (tx: WriteTx) => Promise<T>, durable?: Durability): Promise<T>;
  /** A consistent view: sees every write that was fulfilled before it began, and none that commits later. */
  read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface AccountReads {
  server(): Awaitable<ServerRow | null>;
  user(id: UserId): Awaitable<UserRow | null>;
  userByName(name: string): Awaitable<UserRow | null>;
  device(id: DeviceId): Awaitable<DeviceRow | null>;
  deviceByToken(tokenHash: string): Awaitable<DeviceRow | null>;
  /** Oldest first; without their rows for shared namespaces. */
  devicesOf(user: UserId): Awaitable<readonly DeviceRow[]>;
  /** Those that speak in a namespace and are not revoked. */
  devicesIn(ns: NamespaceId): Awaitable<readonly DeviceRow[]>;
  /** Names of a device and its user, for events. */
  author(device: DeviceId): Awaitable<Author>;
  namespace(id: NamespaceId): Awaitable<NamespaceRow | null>;
  /** Personal ones, oldest first. */
  namespacesOf(owner: UserId): Awaitable<readonly NamespaceRow[]>;
  ackedCursor(device: DeviceId, ns: NamespaceId): Awaitable<AckedCursor | null>;
  /** By number; one row for every master key that wraps it. */
  tenantKeys(tenant: TenantId): Awaitable<readonly TenantKeyRow[]>;
  /** Tenants that have keys, in order of their ids. */
  tenantsWithKeys(after: TenantId | null, limit: number): Awaitable<readonly TenantId[]>;
  /** Keys that this master key does not wrap. */
  keysNotUnder(masterKey: string): Awaitable<number>;
}

interface PeopleReads {
  isAdministrator(user: UserId): Awaitable<boolean>;
  /** Their names, in order. */
  administrators(): Awaitable<readonly string[]>;
  signUpCode(hash: string): Awaitable<SignUpCodeRow | null>;
  /** Oldest first. */
  signUpCodes(): Awaitable<readonly SignUpCodeRow[]>;
}

interface TreeReads {
  node(ns: NamespaceId, id: NodeId): Awaitable<NodeRow | null>;
  state(ns: NamespaceId, id: NodeId): Awaitable<NodeState | null>;
  liveAt(ns: NamespaceId, parent: NodeId, nameKey: string): Awaitable<NodeRow | null>;
  /** Live and dead nodes standing at a name; the live one first, then the latest deaths. */
  allAt(ns: NamespaceId, parent: NodeId, nameKey: string): Awaitable<readonly NodeRow[]>;
  /** Was anything ever deleted that is still remembered? */
  hasDead(ns: NamespaceId): Awaitable<boolean>;
  liveChildren(ns: NamespaceId, parent: NodeId): Awaitable<readonly NodeId[]>;
  /** Live nodes below a folder whose entry or head was changed after `seq`, by whomever. */
  unseenBelow(ns: NamespaceId, folder: NodeId, seq: number): Awaitable<readonly NodeId[]>;
  /** By node id, all live or all dead ones, after `after`. The root is never among them. */
  statesAfter(
    ns: NamespaceId,
    live: boolean,
    after: NodeId | null,
    limit: number,
  ): Awaitable<readonly NodeState[]>;
  /** Nodes whose place or life changed, in order of (entrySeq, id) after the given pair; null: after all of `seq`. */
  movedAfter(ns: NamespaceId, seq: number, id: NodeId | null, limit: number): Awaitable<readonly NodeState[]>;
  /** Dead nodes that a delete named itself, without a successor, newest first, with how many died with each. */
  trash(
    ns: NamespaceId,
    before: number | null,
    limit: number,
  ): Awaitable<readonly { readonly state: NodeState; readonly below: number }[]>;
}

interface VersionReads {
  version(ns: NamespaceId, id: VersionId): Awaitable<VersionRow | null>;
  head(ns: NamespaceId, id: VersionId): Awaitable<HeadRow | null>;
  /** Versions of a node with a number above `number`, oldest first. */
  versionsAfter(ns: NamespaceId, node: NodeId, number: number): Awaitable<readonly VersionRow[]>;
  /** Newest first. */
  history(ns: NamespaceId, node: NodeId): Awaitable<readonly HeadRow[]>;
  /** What made the versions of a node, by their seqs, as far as the journal is kept. */
  versionCauses(ns: NamespaceId, node: NodeId): Awaitable<ReadonlyMap<number, EventCause>>;
  manifest(tenant: TenantId, id: ManifestId): Awaitable<ManifestRow | null>;
  conflict(ns: NamespaceId, id: ConflictId): Awaitable<ConflictRow | null>;
  /** Newest first. */
  openConflicts(ns: NamespaceId): Awaitable<readonly ConflictRow[]>;
}

interface JournalReads {
  journalRow(ns: NamespaceId, seq: number): Awaitable<JournalRead | null>;
  /** In order of seq. */
  journalAfter(ns: NamespaceId, seq: number, limit: number): Awaitable<readonly JournalRead[]>;
  /** The same rows, with no more than where things stood. */
  placesAfter(ns: NamespaceId, seq: number, limit: number): Awaitable<readonly PlaceChange[]>;
}

interface ClaimReads {
  outcome(device: DeviceId, key: number): Awaitable<OutcomeRow | null>;
  /** Keys from `first` to `last` that have an outcome or were burned. */
  outcomeKeys(device: DeviceId, first: number, last: number): Awaitable<readonly number[]>;
  /** The node that a proposed id of this device was bound to. */
  alias(device: DeviceId, ns: NamespaceId, proposed: NodeId): Awaitable<NodeId | null>;
  /** True if there is such a node, or this device proposed the id before and it was bound to another one. */
  idInUse(device: DeviceId, ns: NamespaceId, id: NodeId): Awaitable<boolean>;
  /** Attempts that are under way. */
  openSessions(ns: NamespaceId, now: number): Awaitable<readonly SessionRow[]>;
}

interface ChunkReads {
  /** Stored and readable by this tenant, also in quarantine; not what is damaged. */
  chunkPresent(tenant: TenantId, id: ChunkId): Awaitable<boolean>;
  chunk(tenant: TenantId, id: ChunkId): Awaitable<ChunkRow | null>;
  /** Held by an upload session that has not expired. */
  chunkPinned(tenant: TenantId, id: ChunkId, now: number): Awaitable<boolean>;
}

interface JobReads {
  lease(job: JobName): Awaitable<LeaseRow | null>;
  jobRound(job: JobName): Awaitable<JobRound | null>;
  /** Newest first, before the number `before`; null: from the newest on. */
  decisions(
    filter: DecisionFilter,
    before: number | null,
    limit: number,
  ): Awaitable<readonly (Decision & { readonly no: number })[]>;
  isSwitchedOn(name: SwitchName): Awaitable<boolean>;
}

interface OperationReads {
  isErasureHeld(now: number): Awaitable<boolean>;
  storedBytes(tenant: TenantId): Awaitable<StoredBytes>;
  figures(): Awaitable<StoreFigures>;
}

export interface ReadTx
  extends AccountReads,
    TreeReads,
    VersionReads,
    JournalReads,
    ClaimReads,
    ChunkReads,
    JobReads,
    RetentionReads,
    FloorReads,
    CollectionReads,
    SharingReads,
    CrossingReads,
    ExplainReads,
    OperationReads,
    PeopleReads,
    SiteReads,
    ColdReads {}

interface AccountWrites {
  setServer(row: ServerRow): Awaitable<void>;
  addUser(row: UserRow): Awaitable<void>;
  setPasswordHash(user: UserId, passwordHash: string): Awaitable<void>;
  addDevice(row: DeviceRow): Awaitable<void>;
  setStart(device: DeviceId, generation: number, start: string | null): Awaitable<void>;
  touchDevice(device: DeviceId, at: number): Awaitable<void>;
  /** With its rows for shared namespaces. */
  revokeDevice(device: DeviceId, at: number): Awaitable<void>;
  /** With its root folder. */
  addNamespace(row: NamespaceRow): Awaitable<void>;
  setEpoch(ns: NamespaceId, epoch: Epoch): Awaitable<void>;
  setAckedCursor(device: DeviceId, ns: NamespaceId, cursor: AckedCursor): Awaitable<void>;
  /** Refused: the same number under the same master key again. */
  addTenantKey(row: TenantKeyRow): Awaitable<void>;
  /** Forgets what other master keys wrap, as far as this one wraps the same keys; how many rows. */
  keepKeysUnder(tenant: TenantId, masterKey: string): Awaitable<number>;
}

interface PeopleWrites {
  /** null: not any more. */
  setAdministrator(user: UserId, since: number | null): Awaitable<void>;
  /** Refused: the same code again. */
  addSignUpCode(row: Pick<SignUpCodeRow, 'hash' | 'madeAt' | 'expiresAt'>): Awaitable<void>;
  /** False: there is no such code, or it was used before. */
  spendSignUpCode(hash: string, user: UserId, at: number): Awaitable<boolean>;
  /** False: there is no such code, or somebody came in by it. */
  removeSignUpCode(hash: string): Awaitable<boolean>;
}

interface OperationWrites {
  /** Begins it, or lets one of the same id go on. */
  holdErasure(hold: ErasureHold): Awaitable<void>;
  /** null: all of them. */
  endErasureHolds(id: string | null): Awaitable<void>;
  /** null: as much as there is room. */
  setQuota(tenant: TenantId, bytes: number | null, by: string, at: number): Awaitable<void>;
  /** Writes something that nobody reads. */
  touchProbe(at: number): Awaitable<void>;
}

/** What every change of place or life leaves in a node. */
export interface EntryChange {
  readonly seq: number;
  readonly device: DeviceId;
  readonly at: number;
}

interface TreeWrites {
  addNode(ns: NamespaceId, row: NodeRow): Awaitable<void>;
  /** All that can change of a node: place, life, kind, head, conflict. */
  updateNode(ns: NamespaceId, row: NodeRow): Awaitable<void>;
  /** Everything live below dies with a rev one higher; the node itself is the caller's. */
  killBelow(ns: NamespaceId, folder: NodeId, change: EntryChange): Awaitable<void>;
  /** Everything below that died in `batch` lives again with a rev one higher. */
  reviveBelow(ns: NamespaceId, folder: NodeId, batch: number, change: EntryChange): Awaitable<void>;
  addVersion(ns: NamespaceId, row: VersionRow): Awaitable<void>;
  /** Known already: nothing happens. */
  addManifest(tenant: TenantId, row: ManifestRow): Awaitable<void>;
  addConflict(ns: NamespaceId, row: ConflictRow): Awaitable<void>;
  /** All that can change of a conflict: status, resolution, settlement. */
  updateConflict(ns: NamespaceId, row: ConflictRow): Awaitable<void>;
}

interface JournalWrites {
  addJournalRow(ns: NamespaceId, row: JournalRow): Awaitable<void>;
  /** Seq and running hash after the newest row, and how many nodes were added on the way. */
  setJournalHead(ns: NamespaceId, seq: number, hash: string, nodesAdded: number): Awaitable<void>;
}

interface ClaimWrites {
  addOutcome(device: DeviceId, row: OutcomeRow): Awaitable<void>;
  /** Raises the device's mark and drops the outcomes below it; a lower one changes nothing. */
  settleBelow(device: DeviceId, key: number): Awaitable<void>;
  addAlias(device: DeviceId, ns: NamespaceId, proposed: NodeId, node: NodeId): Awaitable<void>;
  /** Opens a session and pins its chunks; pinned chunks leave quarantine. */
  addSession(row: SessionRow, tenant: TenantId, chunks: readonly ChunkId[]): Awaitable<void>;
  /** Ends the device's sessions whose last key is at most `key`, and their pins. */
  closeSessions(device: DeviceId, key: number): Awaitable<void>;
  expireSessions(now: number): Awaitable<number>;
}

interface ChunkWrites {
  /**
   * Takes up a chunk whose bytes are durable already. Known: false, the first location stays, and it leaves quarantine.
   * Damaged: it is whole again at this location, and a note comes that the bytes at the old one are to go.
   */
  addChunk(tenant: TenantId, id: ChunkId, location: string, size: number, now: number): Awaitable<boolean>;
  /** A chunk that is about to be referenced, taken out of quarantine; `null` if it is not there, or damaged. */
  keepChunk(tenant: TenantId, id: ChunkId): Awaitable<KeptChunk | null>;
  /** Only if it still has this location (RULES 27). */
  removeChunk(tenant: TenantId, id: ChunkId, location: string): Awaitable<boolean>;
}

interface JobWrites {
  setLease(job: JobName, row: LeaseRow): Awaitable<void>;
  setJobRound(job: JobName, round: JobRound): Awaitable<void>;
  addDecision(row: Decision): Awaitable<void>;
  setSwitch(row: SwitchRow): Awaitable<void>;
}

export interface WriteTx
  extends ReadTx,
    AccountWrites,
    TreeWrites,
    JournalWrites,
    ClaimWrites,
    ChunkWrites,
    JobWrites,
    RetentionWrites,
    FloorWrites,
    CollectionWrites,
    SharingWrites,
    CrossingWrites,
    ExplainWrites,
    OperationWrites,
    PeopleWrites,
    SiteWrites,
    ColdWrites {
  /** What `fn` throws undoes what it did and is thrown on; the transaction around it goes on. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
}
