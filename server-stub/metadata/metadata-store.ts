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
import type { SiteName } from '../chunks/sites.ts';
import type { RetentionPolicy } from '../retention/policy.ts';
import type {
  ChunkKey,
  CollectionRow,
  CopyState,
  Erasure,
  IdleChunk,
  KeptManifest,
  ScrubRow,
  StoredCopy,
} from './collection-rows.ts';
import type { CrossingReads, CrossingWrites } from './crossing-rows.ts';
import type { ExplainReads, ExplainWrites } from './explain-verbs.ts';
import type { DeviceHour, FloorPlace, JournalHour } from './floor-rows.ts';
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
import type { DueVersion, HoldRow, KeptVersion, LabelRow, LivedHours, TrashBatch } from './retention-rows.ts';
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
import type { DepartureRow, MembershipRow, ShareRow } from './sharing-rows.ts';
import type { SiteReads, SiteWrites } from './site-rows.ts';

/** An embedded database answers at once, a remote one later; `await` takes both. */
export type Awaitable<T> = T | Promise<T>;

export interface MetadataStore {
  /** One write at a time. Rolls back and rejects with whatever `fn` throws. Durable once fulfilled. */
  write<T>(fn: (tx: WriteTx) => Promise<T>): Promise<T>;
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

interface RetentionReads {
  livedHours(): Awaitable<LivedHours | null>;
  /** In order of their ids. */
  namespacesAfter(after: NamespaceId | null, limit: number): Awaitable<readonly NamespaceId[]>;
  /** null: nobody set one. */
  retentionPolicy(ns: NamespaceId): Awaitable<RetentionPolicy | null>;
  label(ns: NamespaceId, version: VersionId): Awaitable<LabelRow | null>;
  /** Of the versions of a node. */
  labelsOf(ns: NamespaceId, node: NodeId): Awaitable<readonly LabelRow[]>;
  /** Nodes with more than one version, by id. */
  thinnableNodes(ns: NamespaceId, after: NodeId | null, limit: number): Awaitable<readonly NodeId[]>;
  /** Versions of a node that are not released, newest first. */
  keptVersions(ns: NamespaceId, node: NodeId): Awaitable<readonly KeptVersion[]>;
  isVersionReleased(ns: NamespaceId, version: VersionId): Awaitable<boolean>;
  /** Those found due in this lived hour or before, and not released; the longest due first. */
  dueVersions(ns: NamespaceId, hour: number, limit: number): Awaitable<readonly DueVersion[]>;
  /** Deletions after `after` whose dead are not released, in order. */
  trashBatches(ns: NamespaceId, after: number, limit: number): Awaitable<readonly TrashBatch[]>;
  /** Deletions found due in this lived hour or before, and not released. */
  dueTrash(ns: NamespaceId, hour: number, limit: number): Awaitable<readonly number[]>;
  /** Of what died with this seq: the nodes whose folders did not. */
  trashTops(ns: NamespaceId, deadSeq: number): Awaitable<readonly NodeId[]>;
  /** Oldest first. */
  holds(ns: NamespaceId): Awaitable<readonly HoldRow[]>;
  /** What died with this seq cannot be brought back any more. */
  isTrashReleased(ns: NamespaceId, deadSeq: number): Awaitable<boolean>;
}

interface CollectionReads {
  collection(): Awaitable<CollectionRow>;
  /** Manifests of versions whose bytes are promised, by id; those of one id come together. */
  keptManifests(after: ManifestId | null, limit: number): Awaitable<readonly KeptManifest[]>;
  /** Chunks that the present round has neither found wanted nor marked, and no session pins, by id. */
  idleChunks(after: ChunkId | null, limit: number): Awaitable<readonly IdleChunk[]>;
  /** Copies whose bytes are still to go, in one store or in all of them. */
  erasures(limit: number, site?: SiteName): Awaitable<readonly Erasure[]>;
  /** Does a row, or the note that its bytes are to go, name this copy? */
  copyState(copy: Erasure): Awaitable<CopyState>;
  /** Copies without a row that were first seen in this lived hour or before. */
  orphans(hour: number, limit: number): Awaitable<readonly Erasure[]>;
  scrub(): Awaitable<ScrubRow>;
  /** Chunks with an id from `from` on and before `to` by tenant and id, behind `after`. */
  chunksBetween(
    from: string,
    to: string,
    after: ChunkKey | null,
    limit: number,
  ): Awaitable<readonly StoredCopy[]>;
}

interface FloorReads {
  deviceHour(device: DeviceId): Awaitable<DeviceHour | null>;
  /** The newest that was noted in this lived hour or before. */
  journalHour(ns: NamespaceId, hour: number): Awaitable<JournalHour | null>;
  /** Where nodes stood at this seq, as far as it was written down, by node. */
  floorPlaces(
    ns: NamespaceId,
    seq: number,
    after: NodeId | null,
    limit: number,
  ): Awaitable<readonly FloorPlace[]>;
  /** Files and links that died up to this seq and whose trash is released, by id. */
  lettableDead(
    ns: NamespaceId,
    seq: number,
    after: NodeId | null,
    limit: number,
  ): Awaitable<readonly NodeId[]>;
}

interface SharingReads {
  /** What this user is in or invited to, oldest first. */
  sharesOf(
    user: string,
  ): Awaitable<readonly { readonly share: ShareRow; readonly membership: MembershipRow }[]>;
  membership(ns: NamespaceId, user: string): Awaitable<MembershipRow | null>;
  /** Longest in first. */
  membersOf(ns: NamespaceId): Awaitable<readonly MembershipRow[]>;
  /** What this user is not in any more, the latest first. */
  departuresOf(user: string, limit: number): Awaitable<readonly DepartureRow[]>;
  /** Rows of this device for shared namespaces that are not revoked. */
  surfacesOf(device: DeviceId): Awaitable<readonly DeviceId[]>;
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
    SiteReads {}

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
  /** The size of a chunk that is about to be referenced, taken out of quarantine; `null` if it is not there, or damaged. */
  keepChunk(tenant: TenantId, id: ChunkId): Awaitable<number | null>;
  /** Only if it still has this location (RULES 27). */
  removeChunk(tenant: TenantId, id: ChunkId, location: string): Awaitable<boolean>;
}

interface JobWrites {
  setLease(job: JobName, row: LeaseRow): Awaitable<void>;
  setJobRound(job: JobName, round: JobRound): Awaitable<void>;
  addDecision(row: Decision): Awaitable<void>;
  setSwitch(row: SwitchRow): Awaitable<void>;
}

interface RetentionWrites {
  setLivedHours(row: LivedHours): Awaitable<void>;
  setRetentionPolicy(ns: NamespaceId, policy: RetentionPolicy, by: string, at: number): Awaitable<void>;
  /** From now on that of all namespaces without one of their own. */
  dropRetentionPolicy(ns: NamespaceId): Awaitable<void>;
  setHold(ns: NamespaceId, row: HoldRow): Awaitable<void>;
  removeHold(ns: NamespaceId, node: NodeId): Awaitable<void>;
  setLabel(ns: NamespaceId, row: LabelRow): Awaitable<void>;
  removeLabel(ns: NamespaceId, version: VersionId): Awaitable<void>;
  /** Due from this lived hour on (an earlier one stays); null: not any more. What is released stays released. */
  setDue(ns: NamespaceId, version: VersionId, hour: number | null): Awaitable<void>;
  releaseVersion(ns: NamespaceId, version: VersionId, at: number): Awaitable<void>;
  setTrashDue(ns: NamespaceId, deadSeq: number, hour: number | null): Awaitable<void>;
  releaseTrash(ns: NamespaceId, deadSeq: number, at: number): Awaitable<void>;
}

interface CollectionWrites {
  /** What is asked for from now on counts as wanted in this round. */
  beginCollection(): Awaitable<void>;
  setSample(of256: number): Awaitable<void>;
  markChunk(chunk: ChunkKey, round: number): Awaitable<void>;
  setIdle(chunk: ChunkKey, hour: number): Awaitable<void>;
  /** Chunks that were idle and are wanted or marked in `round` are idle no more, nor in quarantine; how many. */
  forgetIdle(round: number): Awaitable<number>;
  quarantineChunk(chunk: ChunkKey, at: number, hour: number): Awaitable<void>;
  /** The row goes, and a note that its bytes are to go comes; only if it still has this location (RULES 27). */
  beginErasure(copy: Erasure): Awaitable<boolean>;
  endErasure(copy: Erasure): Awaitable<void>;
  /** The row names `to` from now on, and a note comes that the bytes at `from` are to go; only if it names `from`. */
  moveChunk(chunk: ChunkKey, from: string, to: string): Awaitable<boolean>;
  /** An earlier hour stays. */
  noteOrphan(copy: Erasure, hour: number): Awaitable<void>;
  /** The note goes; if still no row names the copy, one comes that its bytes are to go. */
  beginOrphanErasure(copy: Erasure): Awaitable<boolean>;
  setScrub(row: ScrubRow): Awaitable<void>;
  /** Not present from now on, until it is stored anew (null: present again). Only if its row names this copy; a change? */
  setDamaged(copy: Erasure, at: number | null): Awaitable<boolean>;
}

interface FloorWrites {
  setDeviceHour(device: DeviceId, row: DeviceHour): Awaitable<void>;
  setJournalHour(ns: NamespaceId, row: JournalHour): Awaitable<void>;
  /** Those noted before this lived hour. */
  dropJournalHours(ns: NamespaceId, before: number): Awaitable<void>;
  addFloorPlace(ns: NamespaceId, seq: number, row: FloorPlace): Awaitable<void>;
  /** Those that a later one up to the floor replaces, and those beyond the floor; how many. */
  dropFloorPlaces(ns: NamespaceId, limit: number): Awaitable<number>;
  /** Cursors before it expire. `at`: no moment before can be told; null: none at all up to it. */
  setJournalFloor(ns: NamespaceId, seq: number, hash: string, at: number | null): Awaitable<void>;
  /** Rows up to the floor; how many. */
  dropJournal(ns: NamespaceId, limit: number): Awaitable<number>;
  /** A dead node that nothing stands in, with its versions. */
  forgetNode(ns: NamespaceId, node: NodeId): Awaitable<void>;
}

interface SharingWrites {
  /** Its namespace is there already. */
  addShare(row: ShareRow): Awaitable<void>;
  setMembership(ns: NamespaceId, row: MembershipRow): Awaitable<void>;
  /** Written down for who is told of it, until they are in it again; null: there is nothing to tell. */
  removeMembership(
    ns: NamespaceId,
    user: string,
    departure: Pick<DepartureRow, 'by' | 'at'> | null,
  ): Awaitable<boolean>;
  /** Ends the devices of a user in one namespace; which. */
  revokeIn(ns: NamespaceId, user: string, at: number): Awaitable<readonly DeviceId[]>;
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
    SiteWrites {
  /** What `fn` throws undoes what it did and is thrown on; the transaction around it goes on. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
}
