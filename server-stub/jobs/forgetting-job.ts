/**
 * Forgets what no device needs to be told any more: rows of the journal behind the slowest device that is not expired,
 * and tombstones of files that all of those have seen and the trash has let go of. Who returns after that is answered
 * 'expired', reads a snapshot, and asks about what it has that is in no snapshot (RULES 26). Tombstones of folders stay:
 * what was left over on a disk may still name one as the folder it is in.
 */
import { Type } from 'typebox';
import { type NamespaceId, parseNamespaceId, parseNodeId } from '../../src/protocol/ids.ts';
import { floorState } from '../journal/floor-state.ts';
import type { Place } from '../journal/places-then.ts';
import type { ReadTx, WriteTx } from '../metadata/metadata-store.ts';
import { floorOf } from '../retention/floor.ts';
import { Holds } from '../retention/holds.ts';
import { policyOf, wantedVersions } from '../retention/what-is-kept.ts';
import type { ServerLimits } from '../server-limits.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Rows of one write: some milliseconds. */
const ROWS = 300;
const SLICE = 4000;

const State = Type.Object({
  namespace: Type.String(),
  pass: Type.Union([
    Type.Literal('look'),
    Type.Literal('tidy'),
    Type.Literal('fold'),
    Type.Literal('drop'),
    Type.Literal('forget'),
  ]),
  after: Type.Union([Type.String(), Type.Null()]),
});
const readState = stateReader('forgetting', State);

interface Position {
  readonly namespace: NamespaceId;
  readonly pass: 'look' | 'tidy' | 'fold' | 'drop' | 'forget';
  readonly after: string | null;
}

type Rules = Pick<ServerLimits, 'waits' | 'retention'>;

export function forgettingJob(rules: Rules): Job {
  return {
    name: 'forgetting',
    everyMs: rules.waits.collectionHours * rules.waits.hourMs,
    step: (context, state) => step(context, state, rules),
  };
}

async function step(context: JobContext, state: string | null, rules: Rules): Promise<Step> {
  const at = state === null ? await lookAt(context, null) : positionOf(state);
  const next = at === null ? null : await passes[at.pass](context, at, rules);
  if (at === null || next === null) return { kind: 'done', said: 'every namespace was looked at' };
  return { kind: 'more', state: JSON.stringify(next), said: `${at.pass} of namespace ${at.namespace}` };
}

function positionOf(state: string): Position {
  const { namespace, pass, after } = readState(state);
  return { namespace: parseNamespaceId(namespace), pass, after };
}

async function lookAt({ read }: JobContext, after: NamespaceId | null): Promise<Position | null> {
  const [namespace] = await read(async (tx) => tx.namespacesAfter(after, 1));
  return namespace === undefined ? null : { namespace, pass: 'look', after: null };
}

type Pass = (context: JobContext, at: Position, rules: Rules) => Promise<Position | null>;

const passes: Readonly<Record<Position['pass'], Pass>> = {
  /** Who was seen, how far the journal is, and whether anything is to be done. */
  look: async (context, at, rules) => {
    const { namespace } = at;
    const isWorth = await context.write(async (tx) => {
      await noteHours(tx, namespace, rules);
      const to = await newFloor(tx, namespace, rules);
      const floor = (await tx.namespace(namespace))?.floorSeq ?? 0;
      return to - floor >= rules.waits.journalRows;
    });
    return { ...at, pass: isWorth ? 'tidy' : 'drop' };
  },

  tidy: async ({ write }, at) => {
    const dropped = await write(async (tx) => tx.dropFloorPlaces(at.namespace, ROWS));
    return dropped < ROWS ? { ...at, pass: 'fold' } : at;
  },

  fold: async (context, at, rules) => {
    await raiseFloor(context, at.namespace, rules);
    return { ...at, pass: 'drop' };
  },

  drop: async ({ write }, at) => {
    const dropped = await write(async (tx) => tx.dropJournal(at.namespace, ROWS));
    return dropped < ROWS ? { ...at, pass: 'forget' } : at;
  },

  forget: async (context, at) => {
    const { namespace } = at;
    const after = await context.write((tx) => forgetDead(context, tx, at));
    return after === null ? lookAt(context, namespace) : { ...at, after };
  },
};

/** Counted in lived hours: a clock that is set ahead makes no device expired, and no row old. */
async function noteHours(tx: WriteTx, ns: NamespaceId, { waits }: Rules): Promise<void> {
  const hour = (await tx.livedHours())?.hours ?? 0;
  for (const { id, lastSeenAt } of await tx.devicesIn(ns)) {
    const noted = await tx.deviceHour(id);
    if (noted === null || noted.seenAt !== lastSeenAt)
      await tx.setDeviceHour(id, { seenAt: lastSeenAt, hour });
  }
  const headSeq = (await tx.namespace(ns))?.headSeq ?? 0;
  const last = await tx.journalHour(ns, hour);
  if (last === null || last.seq < headSeq) await tx.setJournalHour(ns, { hour, seq: headSeq });
  const aged = await tx.journalHour(ns, hour - waits.journalHours);
  if (aged !== null) await tx.dropJournalHours(ns, aged.hour);
}

async function newFloor(tx: ReadTx, ns: NamespaceId, { waits, retention }: Rules): Promise<number> {
  const row = await tx.namespace(ns);
  if (row === null) return 0;
  const isHeld = (await policyOf(tx, ns, retention)).held || (await Holds.of(tx, ns)).holdsAll();
  if (isHeld) return row.floorSeq;
  const hour = (await tx.livedHours())?.hours ?? 0;
  const devices = [];
  for (const { id } of await tx.devicesIn(ns)) {
    const acked = await tx.ackedCursor(id, ns);
    const noted = await tx.deviceHour(id);
    devices.push({
      acked: acked?.epoch === row.epoch ? acked.seq : null,
      unseenHours: noted === null ? 0 : hour - noted.hour,
    });
  }
  const aged = (await tx.journalHour(ns, hour - waits.journalHours))?.seq ?? null;
  const { floorSeq: floor, headSeq: head } = row;
  return floorOf({ devices, floor, head, aged, deviceHours: waits.deviceHours });
}

/** What stands where at the new floor is written down before the floor moves there, in one small write. */
async function raiseFloor(context: JobContext, ns: NamespaceId, rules: Rules): Promise<void> {
  const { read, write } = context;
  const to = await read((tx) => newFloor(tx, ns, rules));
  const folded = await foldUpTo(context, ns, to);
  if (folded === null) return;
  const { changed, latest } = folded;
  if (folded.places !== null) {
    const rows = [...changed].flatMap((node) => {
      const place = folded.places?.get(node);
      return place === undefined ? [] : [{ node, ...place }];
    });
    for (let from = 0; from < rows.length; from += ROWS)
      await write(async (tx) => {
        for (const row of rows.slice(from, from + ROWS)) await tx.addFloorPlace(ns, to, row);
      });
  }
  await write(async (tx) => {
    const row = await tx.namespace(ns);
    const end = await tx.journalRow(ns, to);
    // Somebody may have come back, or the history may have branched, since the look before.
    if (row === null || end === null || end.more || (await newFloor(tx, ns, rules)) < to) return;
    const since = folded.places === null ? null : Math.max(row.floorAt ?? Number.MIN_SAFE_INTEGER, latest);
    await tx.setJournalFloor(ns, to, end.hash, since);
    const why = `every device that was seen lately is past ${to}, and it is old enough`;
    await context.decide(tx, `namespace ${ns}`, `journal kept after ${to}`, why);
  });
}

interface Folded {
  /** null: what stood at the present floor is not known, so nothing can be told of moments. */
  readonly places: ReadonlyMap<string, Place> | null;
  readonly changed: ReadonlySet<Parameters<ReadTx['state']>[1]>;
  /** The latest moment of a row up to the new floor. */
  readonly latest: number;
}

async function foldUpTo({ read }: JobContext, ns: NamespaceId, to: number): Promise<Folded | null> {
  const row = await read(async (tx) => tx.namespace(ns));
  if (row === null || to <= row.floorSeq) return null;
  const start = await floorState(read, ns);
  const isKnown = start !== null;
  const then = start?.then ?? null;
  let latest = Number.MIN_SAFE_INTEGER;
  for (let seq = row.floorSeq; isKnown && seq < to; ) {
    const from = seq;
    const rows = await read(async (tx) => tx.placesAfter(ns, from, Math.min(SLICE, to - from)));
    if (rows.length === 0) return null;
    for (const each of rows) {
      if (each.seq !== seq + 1) return null;
      then?.fold(each);
      latest = Math.max(latest, each.at);
      seq = each.seq;
    }
  }
  return { places: then?.all ?? null, changed: then?.changed ?? new Set(), latest };
}

async function forgetDead(
  context: JobContext,
  tx: WriteTx,
  { namespace, after }: Position,
): Promise<string | null> {
  const floor = (await tx.namespace(namespace))?.floorSeq ?? 0;
  const dead = await tx.lettableDead(namespace, floor, after === null ? null : parseNodeId(after), ROWS);
  const wanted = await wantedVersions(tx, namespace);
  const holds = await Holds.of(tx, namespace);
  const isWidened = await tx.isSwitchedOn('widen-holds');
  for (const node of isWidened ? [] : dead) {
    if ((await tx.labelsOf(namespace, node)).length > 0 || (await holds.holdsNode(node))) continue;
    if ((await tx.keptVersions(namespace, node)).some(({ id }) => wanted.has(id))) continue;
    await tx.forgetNames(namespace, node);
    await tx.forgetNode(namespace, node);
    const why = `every device that was seen lately is past its deletion, and the trash let go of it`;
    await context.decide(tx, `node ${node}`, 'tombstone forgotten', why);
  }
  return dead.length < ROWS ? null : (dead.at(-1) ?? null);
}
