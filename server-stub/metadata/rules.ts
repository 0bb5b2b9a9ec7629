/**
 * The metadata plane as the routes see it: every call is one transaction of the store and one wire answer.
 * The decisions are in rules/ and ../journal/; this file only opens transactions around them.
 */

import type { Claim } from '../../src/protocol/claims.ts';
import type { Epoch, NamespaceId, NodeId, TenantId, UserId } from '../../src/protocol/ids.ts';
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
import type { MetadataStore } from './metadata-store.ts';
import type { Caller, RuleEffects } from './rules/context.ts';

export type { Caller, RuleEffects } from './rules/context.ts';

/** `null`: the continuation is none of ours. */
export type SnapshotAnswer = SnapshotPage | null;

export interface Metadata {
  readonly store: MetadataStore;
  /** Draws the server's id on first start; answers the one it has from then on. */
  ensureServer(): Promise<string>;
  /** A personal namespace with its root folder and a fresh epoch; answers the one there is, if any. */
  ensureNamespace(tenant: TenantId, owner: UserId): Promise<NamespaceId>;
  /** Current position of a namespace: a cursor at its head. */
  head(namespace: NamespaceId): Promise<Cursor>;
  openSession(caller: Caller, claims: readonly Claim[]): Promise<OpenAnswer>;
  finalize(caller: Caller, request: FinalizeRequest): Promise<FinalizeAnswer>;
  journal(caller: Caller, cursor: Cursor | null, limit: number): Promise<JournalAnswer>;
  snapshot(caller: Caller, continuation: string | null, limit: number): Promise<SnapshotAnswer>;
  /** Records what a device says it durably applied; never goes back within an epoch. */
  ackCursor(caller: Caller, cursor: Cursor): Promise<void>;
  history(caller: Caller, node: NodeId): Promise<HistoryAnswer | null>;
  lookup(caller: Caller, path: string): Promise<LookupAnswer>;
  trash(caller: Caller, limit: number): Promise<TrashAnswer>;
  conflicts(caller: Caller): Promise<ConflictsAnswer>;
  /** After a restore from backup: a new epoch for one namespace, so that every device merges. */
  beginEpoch(namespace: NamespaceId): Promise<Epoch>;
}

export type CreateMetadata = (store: MetadataStore, effects: RuleEffects) => Metadata;
