/** Verbs of the store for what is asked afterwards. */
import type { ChunkId, DeviceId, ManifestId, NamespaceId, NodeId, TenantId } from '../../src/protocol/ids.ts';
import type {
  ChildRow,
  ConflictDay,
  ConflictPlace,
  IdKind,
  IndexedChange,
  NameRow,
  NameWish,
  Paged,
  UnreadJournal,
  VersionPlace,
} from './explain-rows.ts';
import type { SwitchRow } from './job-rows.ts';
import type { Awaitable } from './metadata-store.ts';
import type { OutcomeRow, SessionRow, VersionRow } from './rows.ts';

/** What is asked afterwards: bounded by a limit each, and by nothing that grows with a folder or a namespace. */
export interface ExplainReads {
  /** One whose newest rows were not read for names and changes. */
  unreadJournal(): Awaitable<UnreadJournal | null>;
  changesAfter(
    ns: NamespaceId,
    seq: number,
    limit: number,
  ): Awaitable<readonly Omit<IndexedChange, 'folded'>[]>;
  /** Up to where the journal was read for names and changes; 0: not at all. */
  lineageMark(ns: NamespaceId): Awaitable<number>;
  /** Newest first, of all namespaces, with a number below `before`. */
  namesLike(wish: NameWish, before: number | null, limit: number): Awaitable<Paged<NameRow, number>>;
  /** Every name a node ever had, in order. */
  namesOf(ns: NamespaceId, node: NodeId, limit: number): Awaitable<readonly NameRow[]>;
  /** Seqs of changes that name this node, newest first, below `before`. */
  changesOf(
    ns: NamespaceId,
    node: NodeId,
    before: number | null,
    limit: number,
  ): Awaitable<readonly number[]>;
  /** Changes by this device, newest first, below `before`. */
  changesBy(
    device: DeviceId,
    before: number | null,
    limit: number,
  ): Awaitable<readonly { readonly namespace: NamespaceId; readonly seq: number }[]>;
  /** Namespaces that know this id; at most a hundred. */
  namespacesHolding(kind: IdKind, id: string): Awaitable<readonly NamespaceId[]>;
  /** Tenants that store this chunk; at most a hundred. */
  tenantsHolding(chunk: ChunkId): Awaitable<readonly TenantId[]>;
  /** Of the next `scan` manifests after `after`: those that name the chunk. */
  manifestsHolding(
    tenant: TenantId,
    chunk: ChunkId,
    after: ManifestId | null,
    scan: number,
  ): Awaitable<Paged<ManifestId, ManifestId>>;
  versionsOfManifest(
    tenant: TenantId,
    manifest: ManifestId,
    limit: number,
  ): Awaitable<readonly VersionPlace[]>;
  /** Newest first, below `number`. */
  versionsBefore(
    ns: NamespaceId,
    node: NodeId,
    number: number | null,
    limit: number,
  ): Awaitable<readonly VersionRow[]>;
  /** Newest first, with a key below `before`. */
  outcomesBefore(device: DeviceId, before: number | null, limit: number): Awaitable<readonly OutcomeRow[]>;
  /** Newest first. */
  sessionsOf(device: DeviceId, limit: number): Awaitable<readonly SessionRow[]>;
  /** Conflicts in which this node kept its place, newest first. */
  conflictsOf(ns: NamespaceId, original: NodeId, limit: number): Awaitable<readonly ConflictPlace[]>;
  /** Of all namespaces, newest first, before `at`. */
  conflictsBefore(at: number | null, limit: number): Awaitable<readonly ConflictPlace[]>;
  /** How many came about on each day from `since` on, by cause. */
  conflictDays(since: number): Awaitable<readonly ConflictDay[]>;
  /** Live nodes in a folder behind this name. */
  childrenAfter(
    ns: NamespaceId,
    parent: NodeId,
    nameKey: string | null,
    limit: number,
  ): Awaitable<readonly ChildRow[]>;
  /** Of all users, oldest first; without their rows for shared namespaces. */
  devicesAfter(after: DeviceId | null, limit: number): Awaitable<readonly DeviceId[]>;
  /** Those that were ever switched. */
  switches(): Awaitable<readonly (Omit<SwitchRow, 'name'> & { readonly name: string })[]>;
}

export interface ExplainWrites {
  /** Changes of a journal, in order, and up to where it is read with them. Known ones are known. */
  noteChanges(ns: NamespaceId, rows: readonly IndexedChange[], upTo: number): Awaitable<void>;
  /** Names of a node that is forgotten. */
  forgetNames(ns: NamespaceId, node: NodeId): Awaitable<void>;
}
