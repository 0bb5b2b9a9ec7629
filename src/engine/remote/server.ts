/** The server as the engine uses it: typed calls whose expected troubles are values. */
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { Claim } from '../../protocol/claims.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ChunkId, DeviceId, ManifestId, NodeId, VersionId } from '../../protocol/ids.ts';
import type { Cursor, JournalPage, ResyncRequired, SnapshotPage } from '../../protocol/journal.ts';
import type { UsageAnswer } from '../../protocol/operation-routes.ts';
import type { Sending } from '../../protocol/presence.ts';
import type { RetentionAnswer, RetentionSpans } from '../../protocol/retention.ts';
import type {
  ConflictsAnswer,
  DevicesAnswer,
  FinalizeAnswer,
  HelloAnswer,
  HistoryAnswer,
  LookupAnswer,
  MomentAnswer,
  NotifyAnswer,
  TrashAnswer,
} from '../../protocol/routes.ts';
import type { RelPath, Stamp } from '../environment/disk.ts';

/** A call that had no effect we may rely on. `unknown` is true when the server may have acted (a lost reply). */
export interface ServerTrouble {
  readonly kind: 'trouble';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly unknown: boolean;
  /** Milliseconds the server asked to wait, or 0. */
  readonly retryAfterMs: number;
}
export type ServerResult<T> = { readonly kind: 'ok'; readonly value: T } | ServerTrouble;

/** Where the bytes of a claim's chunks can be read again. */
export interface UploadSource {
  readonly key: number;
  readonly path: RelPath;
  /** The stamp the content was hashed at: a read under another stamp is a changed file. Null: only `bytes` count. */
  readonly stamp: Stamp | null;
  readonly manifest: Manifest;
  /** The whole content when it is small and still at hand. */
  readonly bytes: Uint8Array | null;
  /** Encoded signatures of chunks the server already has from an earlier version of this file, for deltas. */
  readonly signature: Uint8Array | null;
}

export interface UploadItem {
  readonly claim: Claim;
  /** `null`: nothing but the claim (moves, deletes, folders, symlinks). */
  readonly source: UploadSource | null;
}

/** What became of sending a batch. Keys in none of the lists have no answer yet: see `rest`. */
export interface UploadAnswer {
  readonly outcomes: FinalizeAnswer['outcomes'];
  /** Their files changed (or went) while they were read; these claims were not sent. */
  readonly changed: readonly number[];
  /** Not sent: the head moved on, and the journal is to be pulled before the device decides again. */
  readonly stale: readonly number[];
  /** Where the journal stood after each batch was decided. */
  readonly cursors: readonly Cursor[];
  /** What stopped the claims without an answer, when others of the batch have one; null when all have. */
  readonly rest: ServerTrouble | null;
}

/** One file to bring into staging. */
export interface DownloadItem {
  readonly node: NodeId;
  readonly staged: string;
  readonly manifestId: ManifestId;
  /** Encoded manifest when the journal carried it, else it is asked for. */
  readonly encoded: string | null;
  readonly size: number;
  readonly executable: boolean;
  readonly mtimeNs: bigint;
  /** Local files whose bytes may be reused, with their manifests: the old content of this path first. */
  readonly reuse: readonly { readonly path: RelPath; readonly stamp: Stamp; readonly manifest: Manifest }[];
}
export type DownloadResult =
  | {
      readonly kind: 'staged';
      readonly node: NodeId;
      readonly stamp: Stamp;
      readonly manifest: Manifest;
      /** Bits per byte of its head (core/planner/overwrites). */
      readonly entropy: number | null;
    }
  | DownloadFailure;

export interface DownloadFailure {
  readonly kind: 'failed';
  readonly node: NodeId;
  readonly code: ErrorCode;
  readonly detail: string;
  /** Milliseconds the server asked to wait, or 0. */
  readonly retryAfterMs: number;
}

export interface Server {
  hello(facts: {
    instance: string;
    generation: number;
    /** Random text of this start: tells us from a copy that started as often. */
    start: string;
    cursor: Cursor | null;
  }): Promise<ServerResult<HelloAnswer>>;
  /** `applied`: whether all up to the cursor is, durably, on this device. */
  journal(
    cursor: Cursor | null,
    limit: number,
    applied?: boolean,
  ): Promise<ServerResult<JournalPage | ResyncRequired>>;
  snapshot(continuation: string | null): Promise<ServerResult<SnapshotPage>>;
  /**
   * Parks until something is to be read, or `seconds` are over; shortens itself when a proxy buffers or cuts polls.
   * `seen` is asked when the poll is sent, which may be after a pause.
   */
  notify(seen: () => Promise<Cursor | null>, signal: AbortSignal): Promise<ServerResult<NotifyAnswer>>;
  /**
   * Sends a batch: small ones as one `commit`, larger ones as open → chunks (packed, large ones alone, deltas where
   * cheaper) → finalize. Claims must be durable before. Bounded memory whatever the sizes.
   */
  upload(
    items: readonly UploadItem[],
    cursor: Cursor | null,
    settledBelow: number,
  ): Promise<ServerResult<UploadAnswer>>;
  /** Assembles files in staging: reuse, packed fetches, deltas; each verified against its manifest. Not flushed, not placed. */
  download(items: readonly DownloadItem[]): Promise<ServerResult<readonly DownloadResult[]>>;
  chunks(want: readonly ChunkId[]): Promise<ServerResult<ReadonlyMap<ChunkId, Uint8Array>>>;
  manifest(id: ManifestId): Promise<ServerResult<Manifest>>;
  history(node: NodeId): Promise<ServerResult<HistoryAnswer>>;
  /** Names a version, or (null) takes its name away. */
  label(version: VersionId, name: string | null): Promise<ServerResult<unknown>>;
  retention(): Promise<ServerResult<RetentionAnswer>>;
  /** null: the spans that the server has for all. */
  setRetention(spans: RetentionSpans | null): Promise<ServerResult<unknown>>;
  /** Keeps everything of a node and below it; `why` null: releases it. */
  hold(node: NodeId, why: string | null): Promise<ServerResult<unknown>>;
  lookup(path: string): Promise<ServerResult<LookupAnswer>>;
  /** Of this namespace: what is stored, and how much may be. */
  usage(): Promise<ServerResult<UsageAnswer>>;
  trash(): Promise<ServerResult<TrashAnswer>>;
  /** Newest first, after what was deleted at the seq `before`. */
  trashPage(before: number | null): Promise<ServerResult<TrashAnswer>>;
  /** A folder as it was at a moment, one page. */
  moment(folder: NodeId, at: number, continuation: string | null): Promise<ServerResult<MomentAnswer>>;
  conflicts(): Promise<ServerResult<ConflictsAnswer>>;
  devices(): Promise<ServerResult<DevicesAnswer>>;
  /** The device's token is refused from now on. */
  /** What this device sends now, for the others to see; nothing depends on it. */
  tellSending(sending: readonly Sending[]): Promise<ServerResult<unknown>>;
  revoke(device: DeviceId): Promise<ServerResult<unknown>>;
}
