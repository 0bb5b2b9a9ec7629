/** The linked server, over one transport. */
import type { ChunkId } from '../../protocol/ids.ts';
import { SnapshotPage } from '../../protocol/journal.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { UsageAnswer } from '../../protocol/operation-routes.ts';
import { RetentionAnswer } from '../../protocol/retention.ts';
import {
  ConflictsAnswer,
  DevicesAnswer,
  Empty,
  HelloAnswer,
  HistoryAnswer,
  JournalAnswer,
  LookupAnswer,
  MomentAnswer,
  PROTOCOL_VERSION,
  ROUTES,
  TrashAnswer,
} from '../../protocol/routes.ts';
import type { Disk } from '../environment/disk.ts';
import type { Hashing } from '../environment/hashing.ts';
import { trouble } from './answers.ts';
import { Buffers } from './buffers.ts';
import { Caller, type CallParts, defineCall } from './call.ts';
import { download } from './download.ts';
import { ChunkFetcher } from './download-chunks.ts';
import { ManifestReader } from './download-manifests.ts';
import { Notifier } from './notify.ts';
import type { Server, ServerResult } from './server.ts';
import { transferSlots } from './slots.ts';
import { TransferMeter } from './transfer-meter.ts';
import { upload } from './upload.ts';

const HELLO = defineCall(ROUTES.hello, HelloAnswer);
const JOURNAL = defineCall(ROUTES.journal, JournalAnswer);
const SNAPSHOT = defineCall(ROUTES.snapshot, SnapshotPage);
const HISTORY = defineCall(ROUTES.history, HistoryAnswer);
const LABEL = defineCall(ROUTES.label, Empty);
const RETENTION = defineCall(ROUTES.retention, RetentionAnswer);
const SET_RETENTION = defineCall(ROUTES.setRetention, Empty);
const HOLD = defineCall(ROUTES.hold, Empty);
const LOOKUP = defineCall(ROUTES.lookup, LookupAnswer);
const USAGE = defineCall(ROUTES.usage, UsageAnswer);
const TRASH = defineCall(ROUTES.trash, TrashAnswer);
const DEVICES = defineCall(ROUTES.devices, DevicesAnswer);
const REVOKE = defineCall(ROUTES.revoke, Empty);
const PRESENCE = defineCall(ROUTES.presence, Empty);
const TRASH_PAGE = defineCall(ROUTES.trashPage, TrashAnswer);
const MOMENT = defineCall(ROUTES.moment, MomentAnswer);
/** The whole journal of a large folder may have to be read for it. */
const MOMENT_MS = 120_000;
const CONFLICTS = defineCall(ROUTES.conflicts, ConflictsAnswer);

export interface ServerParts extends CallParts {
  readonly disk: Disk;
  readonly hashing: Hashing;
  /** Is told which files are under way. */
  readonly transfers?: TransferMeter;
  /** Mark of what is known of the user's shares; another one at the server ends a poll. */
  readonly sharesMark?: () => string | null;
}

export function createServer(parts: ServerParts): Server {
  const { clock, random, disk, hashing, account } = parts;
  const caller = new Caller(parts);
  const transfers = parts.transfers ?? new TransferMeter();
  const notifier = new Notifier(caller, clock, random, parts.sharesMark);
  const slots = transferSlots();
  const buffers = new Buffers();
  const fetcher = new ChunkFetcher(caller, hashing, slots, buffers);
  const manifests = new ManifestReader(caller, hashing);
  return {
    hello: async (facts) => {
      const result = await caller.json(HELLO, { protocol: PROTOCOL_VERSION, ...facts });
      if (result.kind === 'ok' && result.value.serverId !== account.serverId) {
        return trouble('server-changed', 'its id is another one', true);
      }
      return result;
    },
    journal: (cursor, limit, applied = true) =>
      caller.json(JOURNAL, {
        cursor,
        limit: Math.min(Math.max(1, limit), LIMITS.journalPage),
        ...(applied ? {} : { applied }),
      }),
    snapshot: (continuation) => caller.json(SNAPSHOT, { continuation, limit: LIMITS.snapshotPage }),
    notify: (seen, signal) => notifier.poll(seen, signal),
    upload: (items, cursor, settledBelow) =>
      upload({ caller, disk, hashing, slots, buffers, transfers }, items, cursor, settledBelow),
    download: (items) => download({ disk, hashing, fetcher, manifests, buffers, transfers }, items),
    chunks: (want) => readChunks(fetcher, want),
    manifest: (id) => manifests.one(id),
    history: (node) => caller.json(HISTORY, { node }),
    label: (version, name) => caller.json(LABEL, { version, name }),
    retention: () => caller.json(RETENTION, null),
    setRetention: (spans) => caller.json(SET_RETENTION, { spans }),
    hold: (node, why) => caller.json(HOLD, { node, why }),
    lookup: (path) => caller.json(LOOKUP, { path }),
    usage: () => caller.json(USAGE, null),
    trash: () => caller.json(TRASH, null),
    trashPage: (before) => caller.json(TRASH_PAGE, { before, limit: LIMITS.trashPage }),
    moment: (folder, at, continuation) =>
      caller.json(MOMENT, { folder, at, continuation, limit: LIMITS.momentPage }, { timeoutMs: MOMENT_MS }),
    conflicts: () => caller.json(CONFLICTS, null),
    devices: () => caller.json(DEVICES, null),
    tellSending: (sending) => caller.json(PRESENCE, { sending }),
    revoke: (deviceId) => caller.json(REVOKE, { deviceId }),
  };
}

/** Chunks into memory, copied so that none keeps the answer it came in. Those that cannot be had are left out. */
async function readChunks(
  fetcher: ChunkFetcher,
  want: readonly ChunkId[],
): Promise<ServerResult<ReadonlyMap<ChunkId, Uint8Array>>> {
  const chunks = new Map<ChunkId, Uint8Array>();
  const fetched = await fetcher.bring({
    want: new Map(want.map((id) => [id, null])),
    have: new Map(),
    source: () => Promise.resolve(null),
    accept: (id, bytes) => {
      chunks.set(id, bytes.slice());
      return Promise.resolve(true);
    },
    keeps: false,
  });
  return fetched.trouble ?? { kind: 'ok', value: chunks };
}
