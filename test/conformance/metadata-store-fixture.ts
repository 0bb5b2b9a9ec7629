/** Rows that the cases of the metadata store suite begin with: one user with two devices and an empty namespace. */
import type { MetadataStore, WriteTx } from '../../server-stub/metadata/metadata-store.ts';
import type { JournalRow, NodeRow, VersionRow } from '../../server-stub/metadata/rows.ts';
import type { Content } from '../../src/protocol/content.ts';
import {
  type NamespaceId,
  type NodeId,
  parseChunkId,
  parseDeviceId,
  parseEpoch,
  parseManifestId,
  parseNamespaceId,
  parseNodeId,
  parseTenantId,
  parseUserId,
  ROOT_NODE,
  versionId,
} from '../../src/protocol/ids.ts';

export interface Fixture {
  readonly store: MetadataStore;
  readonly ns: NamespaceId;
}

export const NOW = 1_700_000_000_000;

const uuid = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const nodeId = (n: number): NodeId => parseNodeId(uuid(1000 + n));
export const chunkId = (n: number) => parseChunkId(n.toString(16).padStart(64, '0'));
export const manifestId = (n: number) => parseManifestId(n.toString(16).padStart(64, 'a'));

export const IDS = {
  root: ROOT_NODE,
  user: parseUserId(uuid(1)),
  tenant: parseTenantId(uuid(2)),
  laptop: parseDeviceId(uuid(3)),
  phone: parseDeviceId(uuid(4)),
  namespace: parseNamespaceId(uuid(5)),
  epoch: parseEpoch('000000000001'),
  otherEpoch: parseEpoch('000000000002'),
};

export async function addPeople(tx: WriteTx): Promise<void> {
  await tx.addUser({
    id: IDS.user,
    tenant: IDS.tenant,
    name: 'ana',
    passwordHash: 'secret',
    createdAt: NOW,
  });
  for (const [id, name] of [
    [IDS.laptop, 'laptop'],
    [IDS.phone, 'phone'],
  ] as const) {
    await tx.addDevice({
      id,
      user: IDS.user,
      name,
      os: 'linux',
      tokenHash: `token-${name}`,
      instance: '0'.repeat(32),
      generation: 1,
      start: null,
      linkedAt: NOW,
      lastSeenAt: null,
      revokedAt: null,
      settledBelow: 0,
      namespace: null,
      main: null,
    });
  }
  await tx.addNamespace({
    id: IDS.namespace,
    tenant: IDS.tenant,
    owner: IDS.user,
    epoch: IDS.epoch,
    headSeq: 0,
    headHash: '0'.repeat(16),
    floorSeq: 0,
    floorAt: null,
    floorHash: '0'.repeat(16),
    nodeCount: 1,
    createdAt: NOW,
  });
}

/** A live folder of the laptop in the root; whatever is given replaces that. */
export function node(n: number, seq: number, more: Partial<NodeRow> = {}): NodeRow {
  return {
    id: nodeId(n),
    kind: 'folder',
    parent: ROOT_NODE,
    name: `name ${n}`,
    nameKey: `name ${n}`,
    live: true,
    rev: 1,
    entrySeq: seq,
    deadSeq: null,
    successor: null,
    head: null,
    headSeq: 0,
    conflict: null,
    entryDevice: IDS.laptop,
    entryAt: NOW,
    ...more,
  };
}

export function version(n: number, seq: number, number: number, content: Content): VersionRow {
  return {
    id: versionId(IDS.epoch, seq),
    node: nodeId(n),
    number,
    base: null,
    content,
    mtimeNs: '-5',
    seq,
    device: IDS.laptop,
    at: NOW,
    editedAt: NOW - 1,
  };
}

export function journalRow(seq: number, row: NodeRow): JournalRow {
  const { nameKey: _key, conflict: _conflict, entryDevice: _device, entryAt: _at, ...post } = row;
  return {
    seq,
    hash: seq.toString(16).padStart(16, '0'),
    cause: 'create',
    node: post,
    subtree: null,
    revivedBatch: null,
    approved: false,
    conflict: null,
    device: IDS.laptop,
    at: NOW,
    more: false,
    key: null,
  };
}
