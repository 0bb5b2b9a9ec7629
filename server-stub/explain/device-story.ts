/** The story of one device: how far it is in everything it syncs, what it did, and what it has not heard an answer to. */
import type { DeviceId } from '../../src/protocol/ids.ts';
import type { DeviceRow } from '../metadata/rows.ts';
import { readStored } from '../metadata/rules/outcomes.ts';
import { deviceActions } from './actions.ts';
import type { ChangeLine, DeviceStory, Question, SurfaceLine } from './answer.ts';
import type { LineReader } from './reader.ts';

const CHANGES = 50;
const OUTCOMES = 50;
const SESSIONS = 20;
const SURFACES = 100;

export async function deviceStory(
  lines: LineReader,
  asked: DeviceRow,
  { after }: Question,
): Promise<DeviceStory> {
  const { tx } = lines;
  // In a share a device has a row of its own: it is told together with the one that it is.
  const device = asked.main === null ? asked : ((await tx.device(asked.main)) ?? asked);
  const surfaces = await surfacesOf(lines, device);
  const before = /^\d{1,15}$/.test(after ?? '') ? Number(after) : null;
  const changes = await changesBy(lines, asked.id, before);
  const outcomes = await tx.outcomesBefore(asked.id, null, OUTCOMES);
  return {
    kind: 'device',
    by: await lines.who(device.id),
    os: device.os,
    linkedAt: device.linkedAt,
    lastSeenAt: device.lastSeenAt,
    revokedAt: device.revokedAt,
    starts: device.generation,
    settledBelow: asked.settledBelow,
    wake: lines.wake(device.id),
    surfaces,
    unsettled: outcomes.map((row) => ({ key: row.key, outcome: readStored(row)?.decision.kind ?? 'burned' })),
    sessions: (await tx.sessionsOf(asked.id, SESSIONS)).map(({ id, files, bytes, openedAt, expiresAt }) => ({
      session: id,
      files,
      bytes,
      openedAt,
      expiresAt,
    })),
    changes,
    next: changes.length < CHANGES ? null : String(changes.at(-1)?.seq),
    actions: deviceActions(device.revokedAt !== null),
  };
}

/** Everything that a device syncs, itself first. */
export async function surfacesOf(lines: LineReader, device: DeviceRow): Promise<readonly SurfaceLine[]> {
  const { tx } = lines;
  const surfaces: SurfaceLine[] = [];
  for (const id of [device.id, ...(await tx.surfacesOf(device.id))].slice(0, SURFACES)) {
    const line = await surfaceOf(lines, id);
    if (line !== null) surfaces.push(line);
  }
  return surfaces;
}

async function surfaceOf(lines: LineReader, id: DeviceId): Promise<SurfaceLine | null> {
  const { tx } = lines;
  const row = await tx.device(id);
  const [personal] = row === null ? [] : await tx.namespacesOf(row.user);
  const ns = row?.namespace ?? personal?.id;
  const space = ns === undefined ? null : await tx.namespace(ns);
  if (space === null) return null;
  const acked = await tx.ackedCursor(id, space.id);
  const known = acked !== null && acked.epoch === space.epoch ? acked.seq : null;
  const isBehind = known === null || known < space.headSeq;
  const first = isBehind ? await tx.journalRow(space.id, (known ?? space.floorSeq) + 1) : null;
  return {
    namespace: space.id,
    owner: await lines.owner(space.id),
    device: id,
    headSeq: space.headSeq,
    ackedSeq: acked?.seq ?? null,
    ackedAt: acked?.at ?? null,
    behind: space.headSeq - (known ?? 0),
    verdict:
      acked === null ? 'never-acknowledged' : known === null ? 'other-epoch' : isBehind ? 'behind' : 'has-it',
    waitingSince: first?.at ?? null,
  };
}

async function changesBy(
  lines: LineReader,
  device: DeviceId,
  before: number | null,
): Promise<readonly ChangeLine[]> {
  const changes: ChangeLine[] = [];
  for (const { namespace, seq } of await lines.tx.changesBy(device, before, CHANGES)) {
    const row = await lines.tx.journalRow(namespace, seq);
    if (row !== null) changes.push(await lines.changeLine(namespace, row));
  }
  return changes;
}
