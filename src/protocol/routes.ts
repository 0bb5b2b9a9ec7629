/**
 * Every route: method, path, who may call it, and the schemas that validate requests, parse answers and make the
 * OpenAPI document. Packed bodies (`frames`) carry their JSON part and chunks as in frames.ts.
 */

import { type Static, Type } from 'typebox';
import { ACCOUNT_ROUTES } from './account-routes.ts';
import { Claim } from './claims.ts';
import { MadeFrom, WentTo } from './crossings.ts';
import { WireHead } from './head.ts';
import {
  Cursor,
  EventCause,
  JournalEvent,
  JournalPage,
  NodeKindSchema,
  ResyncRequired,
  SnapshotPage,
  WireConflict,
} from './journal.ts';
import { LIMITS } from './limits.ts';
import { Empty, LinkAnswer } from './link.ts';
import { OPERATION_ROUTES } from './operation-routes.ts';
import { Outcome } from './outcomes.ts';
import { PresenceRequest, Sending } from './presence.ts';
import { Keeping } from './retention.ts';
import { RETENTION_ROUTES } from './retention-routes.ts';
import { type Route, route } from './route.ts';
import {
  Base64,
  ChunkIdSchema,
  Count,
  DeviceIdSchema,
  EpochSchema,
  ManifestIdSchema,
  Millis,
  NamespaceIdSchema,
  NodeIdSchema,
  nullable,
  record,
  Seq,
} from './schema.ts';
import { SHARE_ROUTES } from './share-routes.ts';
import { ShareMark } from './shares.ts';

export const PROTOCOL_VERSION = 1;

export const LinkRequest = record({
  user: Type.String({ minLength: 1, maxLength: LIMITS.userNameBytes }),
  password: Type.String({ minLength: 1, maxLength: LIMITS.passwordBytes }),
  device: Type.String({ minLength: 1, maxLength: LIMITS.deviceNameBytes }),
  os: Type.String({ maxLength: 64 }),
  /** Random text of this installation: a second user of the same device id is noticed by it. */
  instance: Type.String({ pattern: '^[0-9a-f]{32}$' }),
});
export type LinkRequest = Static<typeof LinkRequest>;

/**
 * First call of every engine start, and after every loss of the connection. `generation` grows by one with each start; an
 * older one betrays a clone or rollback, and so does the same one with another `start`.
 */
export const HelloRequest = record({
  protocol: Type.Integer({ minimum: 1 }),
  instance: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  generation: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** Random text drawn at each start of the engine: tells it from a copy that started as often. */
  start: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  cursor: nullable(Cursor),
});
export const HelloAnswer = record({
  protocol: Type.Integer(),
  serverId: Type.String(),
  namespace: NamespaceIdSchema,
  user: Type.String(),
  device: Type.String(),
  epoch: EpochSchema,
  head: Seq,
  now: Millis,
  /**
   * Every key that this device has used so far is below. A device whose state was put back has forgotten that, and a key
   * that means two claims would have the effects of one taken for those of the other.
   */
  keysBelow: Type.Optional(Count),
  /** What this device has said before that it had applied: a state whose cursor is behind that was put back. */
  told: Type.Optional(nullable(record({ epoch: EpochSchema, seq: Seq }))),
});
export type HelloAnswer = Static<typeof HelloAnswer>;

export const HealthAnswer = record({ ok: Type.Boolean(), serverId: Type.String(), version: Type.String() });
export type HealthAnswer = Static<typeof HealthAnswer>;

const DeviceRow = record({
  deviceId: DeviceIdSchema,
  name: Type.String(),
  os: Type.String(),
  linkedAt: Millis,
  lastSeenAt: nullable(Millis),
  revoked: Type.Boolean(),
  cursor: Seq,
  head: Seq,
  self: Type.Boolean(),
  /** It has a request open, or had one a moment ago. */
  online: Type.Boolean(),
});

export const DevicesAnswer = record({ devices: Type.Array(DeviceRow) });
export type DevicesAnswer = Static<typeof DevicesAnswer>;
export const RevokeRequest = record({ deviceId: DeviceIdSchema });

export const OpenRequest = record({ claims: Type.Array(Claim, { maxItems: LIMITS.claims }) });
export const OpenAnswer = record({
  answers: Type.Array(
    record({
      key: Type.Integer(),
      answer: Type.Union([
        Type.Literal('proceed'),
        Type.Literal('will-fork'),
        Type.Literal('stale'),
        Type.Literal('answered'),
      ]),
      /** Present for 'stale' and 'will-fork': the node as it stands. */
      current: nullable(JournalEvent),
    }),
  ),
  missing: Type.Array(ChunkIdSchema),
});
export type OpenAnswer = Static<typeof OpenAnswer>;

export const FinalizeRequest = record({
  claims: Type.Array(Claim, { maxItems: LIMITS.claims }),
  /** Every key below this one is answered and durable on the device: its outcomes may go (RULES 9). */
  settledBelow: Count,
  cursor: nullable(Cursor),
});
export type FinalizeRequest = Static<typeof FinalizeRequest>;
export const FinalizeAnswer = record({
  outcomes: Type.Array(Outcome),
  head: Seq,
  /** Where the journal stands now: a device that made every row since its own cursor may go on from here. */
  cursor: Type.Optional(Cursor),
});
export type FinalizeAnswer = Static<typeof FinalizeAnswer>;

export const ChunksStored = record({
  stored: Type.Array(ChunkIdSchema),
  refused: Type.Array(record({ id: ChunkIdSchema, why: Type.String() })),
});
export type ChunksStored = Static<typeof ChunksStored>;
/** `have`: chunks on the asking device; answers may then be deltas against those of them it may read. */
export const ChunksRequest = record({
  want: Type.Array(ChunkIdSchema, { minItems: 1, maxItems: LIMITS.chunksPerBody }),
  have: Type.Array(ChunkIdSchema, { maxItems: LIMITS.deltaSources }),
});
/** JSON part of a packed answer: the frames hold what fitted; `left` is to be asked for again, `absent` is not readable. */
export const ChunksAnswer = record({ left: Type.Array(ChunkIdSchema), absent: Type.Array(ChunkIdSchema) });
export type ChunksAnswer = Static<typeof ChunksAnswer>;

export const ManifestsRequest = record({ ids: Type.Array(ManifestIdSchema, { minItems: 1, maxItems: 256 }) });
export const ManifestsAnswer = record({
  manifests: Type.Array(record({ id: ManifestIdSchema, encoded: nullable(Base64(LIMITS.manifestBytes)) })),
});

export const JournalRequest = record({
  cursor: nullable(Cursor),
  limit: Type.Integer({ minimum: 1, maximum: LIMITS.journalPage }),
  /** `false`: the cursor is only where to read on, of a snapshot that is not applied yet; left out: it is applied. */
  applied: Type.Optional(Type.Boolean()),
});
export const JournalAnswer = Type.Union([JournalPage, ResyncRequired]);
export type JournalAnswer = Static<typeof JournalAnswer>;
export const SnapshotRequest = record({
  continuation: nullable(Type.String({ maxLength: 256 })),
  limit: Type.Integer({ minimum: 1, maximum: LIMITS.snapshotPage }),
});

/** Answers as soon as the namespace is past `seen` in the current epoch, or after `seconds`. It wakes; it never informs. */
export const NotifyRequest = record({
  seen: Cursor,
  seconds: Type.Integer({ minimum: 0, maximum: LIMITS.notifySeconds }),
  /** Mark of what the device knows of the shares of its user: another one is news. */
  shares: Type.Optional(ShareMark),
});
export const NotifyAnswer = record({
  changed: Type.Boolean(),
  reconnectAfterMs: Count,
  /** `now`: the files that move this moment, as far as the device says. */
  uploading: Type.Array(
    record({ device: Type.String(), files: Count, bytes: Count, now: Type.Array(Sending) }),
  ),
  /** Not told to devices in a share. */
  shares: Type.Optional(ShareMark),
});
export type NotifyAnswer = Static<typeof NotifyAnswer>;

export const HistoryRequest = record({ node: NodeIdSchema });
export const HistoryAnswer = record({
  versions: Type.Array(WireHead),
  current: nullable(JournalEvent),
  /** What made each of `versions`, in their order; null where the journal does not reach back so far. */
  causes: Type.Optional(Type.Array(nullable(EventCause))),
  /** How each of `versions` is kept, in their order; absent where an older server answers. */
  keeping: Type.Optional(Type.Array(Keeping)),
  /** Versions that were made from one in another namespace which the asking user may read, by a move. */
  madeFrom: Type.Optional(Type.Array(MadeFrom)),
  /** Of what was deleted: the file in another such namespace that was made of it. */
  wentTo: Type.Optional(WentTo),
});
export type HistoryAnswer = Static<typeof HistoryAnswer>;
/** Every node that ever stood at this path, live first: also for paths that are gone. */
export const LookupRequest = record({ path: Type.String({ maxLength: 65_536 }) });
export const LookupAnswer = record({ nodes: Type.Array(JournalEvent) });
export type LookupAnswer = Static<typeof LookupAnswer>;
export const TrashAnswer = record({
  items: Type.Array(record({ event: JournalEvent, path: Type.String(), below: Count })),
  hasMore: Type.Boolean(),
});
export type TrashAnswer = Static<typeof TrashAnswer>;
/** `before`: only what was deleted before this seq; null begins with the latest. */
export const TrashPageRequest = record({
  before: nullable(Seq),
  limit: Type.Integer({ minimum: 1, maximum: LIMITS.trashPage }),
});

/** `at`: a moment by the server's clock. Pages belong together by `continuation`; null asks for the first one. */
export const MomentRequest = record({
  folder: NodeIdSchema,
  at: Millis,
  continuation: nullable(Type.String({ maxLength: 256 })),
  limit: Type.Integer({ minimum: 1, maximum: LIMITS.momentPage }),
});
export type MomentRequest = Static<typeof MomentRequest>;
/** A node as it was at the moment. */
export const MomentNode = record({
  node: NodeIdSchema,
  kind: NodeKindSchema,
  parent: NodeIdSchema,
  name: Type.String({ maxLength: LIMITS.nameBytes }),
  /** False: it stood elsewhere then, and stands below the folder today. */
  below: Type.Boolean(),
  /** Null for folders, and for a version that is not kept any more. */
  head: nullable(WireHead),
  /** True: it was deleted since, and the trash let go of it. It cannot return. */
  gone: Type.Optional(Type.Boolean()),
});
export type MomentNode = Static<typeof MomentNode>;
export const MomentAnswer = Type.Union([
  record({
    kind: Type.Literal('moment'),
    /** The last change that is part of it: the first one later than `at`, and everything behind it, is not. */
    seq: Seq,
    /** What lived below the folder, parents before children; then what came into it from elsewhere since. */
    nodes: Type.Array(MomentNode),
    continuation: nullable(Type.String({ maxLength: 256 })),
  }),
  record({
    kind: Type.Literal('unknown'),
    /** 'too-old': the journal is not kept so far back. 'not-there': the folder did not live then. */
    why: Type.Union([Type.Literal('too-old'), Type.Literal('not-there')]),
  }),
]);
export type MomentAnswer = Static<typeof MomentAnswer>;
export const ConflictsAnswer = record({
  conflicts: Type.Array(
    record({
      conflict: WireConflict,
      originalPath: nullable(Type.String()),
      copyPath: nullable(Type.String()),
    }),
  ),
});
export type ConflictsAnswer = Static<typeof ConflictsAnswer>;

export type { Route };
export { Empty, LinkAnswer };

export const ROUTES = {
  health: route('GET', '/v1/health', 'anyone', 'none', null, 'json', HealthAnswer, 'Is the server up.'),
  openapi: route(
    'GET',
    '/v1/openapi.json',
    'anyone',
    'none',
    null,
    'json',
    Type.Unknown(),
    'This description.',
  ),
  link: route(
    'POST',
    '/v1/devices/link',
    'anyone',
    'json',
    LinkRequest,
    'json',
    LinkAnswer,
    'Links a new device with user name and password.',
  ),
  devices: route(
    'GET',
    '/v1/devices',
    'device',
    'none',
    null,
    'json',
    DevicesAnswer,
    'The devices of this user.',
  ),
  revoke: route(
    'POST',
    '/v1/devices/revoke',
    'device',
    'json',
    RevokeRequest,
    'json',
    Empty,
    'Ends a device: its token is refused from now on.',
  ),
  hello: route(
    'POST',
    '/v1/hello',
    'device',
    'json',
    HelloRequest,
    'json',
    HelloAnswer,
    'Announces an engine start; notices clones.',
  ),
  open: route(
    'POST',
    '/v1/sessions',
    'device',
    'json',
    OpenRequest,
    'json',
    OpenAnswer,
    'Opens an upload session: early stale detection, missing chunks, pins.',
  ),
  putChunks: route(
    'PUT',
    '/v1/chunks',
    'device',
    'frames',
    Empty,
    'json',
    ChunksStored,
    'Stores chunks, raw or as deltas; every byte is hashed.',
  ),
  finalize: route(
    'POST',
    '/v1/finalize',
    'device',
    'json',
    FinalizeRequest,
    'json',
    FinalizeAnswer,
    'Decides a batch of claims in one transaction.',
  ),
  commit: route(
    'POST',
    '/v1/commit',
    'device',
    'frames',
    FinalizeRequest,
    'json',
    FinalizeAnswer,
    'Chunks and finalize in one request, for small edits.',
  ),
  getChunks: route(
    'POST',
    '/v1/chunks/get',
    'device',
    'json',
    ChunksRequest,
    'frames',
    ChunksAnswer,
    'Reads chunks, packed; deltas where they are cheaper.',
  ),
  manifests: route(
    'POST',
    '/v1/manifests/get',
    'device',
    'json',
    ManifestsRequest,
    'json',
    ManifestsAnswer,
    'Reads manifests.',
  ),
  journal: route(
    'POST',
    '/v1/journal',
    'device',
    'json',
    JournalRequest,
    'json',
    JournalAnswer,
    'Reads the journal after a cursor (compacted when far behind).',
  ),
  snapshot: route(
    'POST',
    '/v1/snapshot',
    'device',
    'json',
    SnapshotRequest,
    'json',
    SnapshotPage,
    'Reads the whole namespace as post-states, in pages.',
  ),
  notify: route(
    'POST',
    '/v1/notify',
    'device',
    'json',
    NotifyRequest,
    'json',
    NotifyAnswer,
    'Long poll: wakes when there is something to read.',
  ),
  presence: route(
    'POST',
    '/v1/presence',
    'device',
    'json',
    PresenceRequest,
    'json',
    Empty,
    'Says which files this device sends this moment: shown to others, and forgotten.',
  ),
  history: route(
    'POST',
    '/v1/history',
    'device',
    'json',
    HistoryRequest,
    'json',
    HistoryAnswer,
    'Versions of a node, newest first.',
  ),
  lookup: route(
    'POST',
    '/v1/lookup',
    'device',
    'json',
    LookupRequest,
    'json',
    LookupAnswer,
    'Nodes that stand or stood at a path.',
  ),
  trash: route(
    'GET',
    '/v1/trash',
    'device',
    'none',
    null,
    'json',
    TrashAnswer,
    'Tombstones that can be brought back, newest first.',
  ),
  trashPage: route(
    'POST',
    '/v1/trash/page',
    'device',
    'json',
    TrashPageRequest,
    'json',
    TrashAnswer,
    'The same in pages, however much there is.',
  ),
  moment: route(
    'POST',
    '/v1/moment',
    'device',
    'json',
    MomentRequest,
    'json',
    MomentAnswer,
    'A folder and all below it as it was at a moment, in pages.',
  ),
  conflicts: route(
    'GET',
    '/v1/conflicts',
    'device',
    'none',
    null,
    'json',
    ConflictsAnswer,
    'Open conflicts.',
  ),
  ...RETENTION_ROUTES,
  ...OPERATION_ROUTES,
  ...SHARE_ROUTES,
  ...ACCOUNT_ROUTES,
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof ROUTES;
