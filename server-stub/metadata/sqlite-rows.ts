/** From SQL rows to the typed rows of the plane. Column names are those of the schema or the aliases given beside them. */
import type { Content } from '../../src/protocol/content.ts';
import {
  type DeviceId,
  parseChunkId,
  parseConflictId,
  parseDeviceId,
  parseEpoch,
  parseManifestId,
  parseNamespaceId,
  parseNodeId,
  parseTenantId,
  parseUserId,
  parseVersionId,
  versionId,
} from '../../src/protocol/ids.ts';
import type { EventCause } from '../../src/protocol/journal.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import type { ChunkKey } from './collection-rows.ts';
import type {
  ConflictRow,
  DeviceRow,
  HeadRow,
  JournalRead,
  NamespaceRow,
  NodePost,
  NodeRow,
  NodeState,
  PlaceChange,
  SessionRow,
  UserRow,
  VersionRow,
} from './rows.ts';
import { parseSettlement } from './settlement.ts';
import {
  blobOrNull,
  idOrNull,
  int,
  intOrNull,
  type Row,
  text,
  textOrNull,
  word,
  wordOrNull,
} from './sqlite-values.ts';

const KINDS = ['folder', 'file', 'symlink'] as const;
const CAUSES = [
  'create',
  'edit',
  'move',
  'delete',
  'revive',
  'restore',
  'fork',
  'resolve',
  'reopen',
] as const;
const CONFLICT_CAUSES = ['concurrent', 'offline', 'lag', 'name-clash', 'edit-delete'] as const;

export function nodeKind(row: Row): NodeState['node']['kind'] {
  return word(row, 'kind', KINDS);
}

export function conflictCause(row: Row): ConflictRow['cause'] {
  return word(row, 'cause', CONFLICT_CAUSES);
}

export function chunkKey(row: Row): ChunkKey {
  return { tenant: parseTenantId(row['tenant']), id: parseChunkId(row['id']) };
}

/** The id behind a device's number. */
export type DeviceAt = (no: number) => DeviceId;

export function userRow(row: Row): UserRow {
  return {
    id: parseUserId(row['id']),
    tenant: parseTenantId(row['tenant']),
    name: text(row, 'name'),
    passwordHash: text(row, 'password_hash'),
    createdAt: int(row, 'created_at'),
  };
}

export function deviceRow(row: Row): DeviceRow {
  return {
    id: parseDeviceId(row['id']),
    user: parseUserId(row['user']),
    name: text(row, 'name'),
    os: text(row, 'os'),
    tokenHash: text(row, 'token_hash'),
    instance: text(row, 'instance'),
    generation: int(row, 'generation'),
    start: textOrNull(row, 'start'),
    linkedAt: int(row, 'linked_at'),
    lastSeenAt: intOrNull(row, 'last_seen_at'),
    revokedAt: intOrNull(row, 'revoked_at'),
    settledBelow: int(row, 'settled_below'),
    namespace: idOrNull(row, 'namespace', parseNamespaceId),
    main: idOrNull(row, 'main', parseDeviceId),
  };
}

export function namespaceRow(row: Row): NamespaceRow {
  return {
    id: parseNamespaceId(row['id']),
    tenant: parseTenantId(row['tenant']),
    owner: parseUserId(row['owner']),
    epoch: parseEpoch(row['epoch']),
    headSeq: int(row, 'head_seq'),
    headHash: text(row, 'head_hash'),
    floorSeq: int(row, 'floor_seq'),
    floorHash: text(row, 'floor_hash'),
    floorAt: intOrNull(row, 'floor_at'),
    nodeCount: int(row, 'node_count'),
    createdAt: int(row, 'created_at'),
  };
}

function nodePost(row: Row, id: string): NodePost {
  const dead = int(row, 'dead_seq');
  return {
    id: parseNodeId(row[id]),
    kind: word(row, 'kind', KINDS),
    parent: idOrNull(row, 'parent', parseNodeId),
    name: text(row, 'name'),
    live: dead === 0,
    rev: int(row, 'rev'),
    entrySeq: int(row, 'entry_seq'),
    deadSeq: dead === 0 ? null : dead,
    successor: idOrNull(row, 'successor', parseNodeId),
    head: idOrNull(row, 'head', parseVersionId),
    headSeq: int(row, 'head_seq'),
  };
}

export function nodeRow(row: Row, deviceAt: DeviceAt): NodeRow {
  const device = intOrNull(row, 'entry_device');
  return {
    ...nodePost(row, 'id'),
    nameKey: text(row, 'name_key'),
    conflict: idOrNull(row, 'conflict', parseConflictId),
    entryDevice: device === null ? null : deviceAt(device),
    entryAt: int(row, 'entry_at'),
  };
}

/** The manifest of version `v` of tenant :tenant, if it is small enough to ride along. */
export const INLINE_MANIFEST = `(SELECT m.encoded FROM manifests m WHERE m.tenant = :tenant AND m.id = v.manifest
  AND length(m.encoded) <= ${LIMITS.inlineManifestBytes}) AS encoded`;

/** Columns of versions `v` under the prefix v_, so that they can ride beside a node or journal row. */
export const VERSION_COLUMNS = `v.seq AS v_seq, v.epoch AS v_epoch, v.node AS v_node, v.number AS v_number,
  v.base AS v_base, v.manifest AS v_manifest, v.size AS v_size, v.executable AS v_executable,
  v.target AS v_target, v.mtime_ns AS v_mtime_ns, v.device AS v_device, v.at AS v_at, v.edited_at AS v_edited_at`;

function content(row: Row): Content {
  const manifest = idOrNull(row, 'v_manifest', parseManifestId);
  if (manifest === null) return { kind: 'symlink', target: text(row, 'v_target') };
  return { kind: 'file', manifest, size: int(row, 'v_size'), executable: int(row, 'v_executable') === 1 };
}

export function versionRow(row: Row, deviceAt: DeviceAt): VersionRow {
  const seq = int(row, 'v_seq');
  return {
    id: versionId(parseEpoch(row['v_epoch']), seq),
    node: parseNodeId(row['v_node']),
    number: int(row, 'v_number'),
    base: idOrNull(row, 'v_base', parseVersionId),
    content: content(row),
    mtimeNs: text(row, 'v_mtime_ns'),
    seq,
    device: deviceAt(int(row, 'v_device')),
    at: int(row, 'v_at'),
    editedAt: int(row, 'v_edited_at'),
  };
}

export function headRow(row: Row, deviceAt: DeviceAt): HeadRow {
  return { version: versionRow(row, deviceAt), encoded: blobOrNull(row, 'encoded') };
}

function headRowOrNull(row: Row, deviceAt: DeviceAt): HeadRow | null {
  return row['v_seq'] === null ? null : headRow(row, deviceAt);
}

export function nodeState(row: Row, deviceAt: DeviceAt): NodeState {
  return { node: nodeRow(row, deviceAt), head: headRowOrNull(row, deviceAt) };
}

export function journalRead(row: Row, deviceAt: DeviceAt): JournalRead {
  return {
    seq: int(row, 'seq'),
    hash: text(row, 'hash'),
    cause: eventCause(row),
    node: nodePost(row, 'node'),
    subtree: wordOrNull(row, 'subtree', ['dead', 'revived']),
    revivedBatch: intOrNull(row, 'revived_batch'),
    approved: int(row, 'approved') === 1,
    conflict: idOrNull(row, 'conflict', parseConflictId),
    device: deviceAt(int(row, 'device')),
    at: int(row, 'at'),
    more: int(row, 'more') === 1,
    key: intOrNull(row, 'key'),
    head: headRowOrNull(row, deviceAt),
  };
}

export function eventCause(row: Row): EventCause {
  return word(row, 'cause', CAUSES);
}

/** A journal row without its version. */
export function placeChange(row: Row): PlaceChange {
  const dead = int(row, 'dead_seq');
  return {
    seq: int(row, 'seq'),
    at: int(row, 'at'),
    node: parseNodeId(row['node']),
    kind: word(row, 'kind', KINDS),
    parent: idOrNull(row, 'parent', parseNodeId),
    name: text(row, 'name'),
    deadSeq: dead === 0 ? null : dead,
    head: idOrNull(row, 'head', parseVersionId),
    subtree: wordOrNull(row, 'subtree', ['dead', 'revived']),
    revivedBatch: intOrNull(row, 'revived_batch'),
  };
}

export function conflictRow(row: Row): ConflictRow {
  const settlement = textOrNull(row, 'settlement');
  return {
    id: parseConflictId(row['id']),
    cause: word(row, 'cause', CONFLICT_CAUSES),
    status: word(row, 'status', ['open', 'resolved']),
    original: parseNodeId(row['original']),
    copy: parseNodeId(row['copy']),
    ancestor: idOrNull(row, 'ancestor', parseVersionId),
    originalVersion: idOrNull(row, 'original_version', parseVersionId),
    copyVersion: idOrNull(row, 'copy_version', parseVersionId),
    device: parseDeviceId(row['device']),
    at: int(row, 'at'),
    originalPath: textOrNull(row, 'original_path'),
    copyPath: textOrNull(row, 'copy_path'),
    resolution: textOrNull(row, 'resolution'),
    settlement: settlement === null ? null : parseSettlement(settlement),
  };
}

export function sessionRow(row: Row): SessionRow {
  return {
    id: text(row, 'id'),
    device: parseDeviceId(row['device']),
    namespace: parseNamespaceId(row['namespace']),
    lastKey: int(row, 'last_key'),
    files: int(row, 'files'),
    bytes: int(row, 'bytes'),
    openedAt: int(row, 'opened_at'),
    expiresAt: int(row, 'expires_at'),
  };
}
