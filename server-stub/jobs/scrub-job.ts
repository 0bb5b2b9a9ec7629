/**
 * Reads what is stored before somebody needs it: every chunk once in 30 days of lived hours, a share of the ids each hour.
 * What does not open any more is set apart: never served, and asked for again like a missing chunk, so that the second
 * store repairs it, or the next device that has it and stores it.
 */
import { Type } from 'typebox';
import { parseChunkId, parseTenantId } from '../../src/protocol/ids.ts';
import { type ChunkSites, siteOf } from '../chunks/sites.ts';
import type { ChunkKey, StoredCopy } from '../metadata/collection-rows.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';
import type { Waits } from '../server-limits.ts';
import { type Fault, faultsOf, isSuspicious, withinBytes } from './faulty-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';
import { checkReplicas, mendFromReplicas } from './replica-check.ts';

/** Shares: one an hour, all of them in 30 days. */
export const SCRUB_SLOTS = 30 * 24;
/** Of one step. */
const CHUNKS = 64;
/** Behind every id: ids are made of hex digits. */
const LAST = 'g';

const State = Type.Object({
  slot: Type.Integer({ minimum: 0, maximum: SCRUB_SLOTS - 1 }),
  after: Type.Union([Type.Object({ tenant: Type.String(), id: Type.String() }), Type.Null()]),
});
const readState = stateReader('scrub', State);

export function scrubJob(chunks: ChunkSites, { hourMs }: Pick<Waits, 'hourMs'>): Job {
  return {
    name: 'scrub',
    everyMs: hourMs,
    step: async (context, state) => {
      if (state === null) {
        const { slot } = await context.read(async (tx) => tx.scrub());
        return verify(context, chunks, slot % SCRUB_SLOTS, null);
      }
      const { slot, after } = readState(state);
      const from = after && { tenant: parseTenantId(after.tenant), id: parseChunkId(after.id) };
      return verify(context, chunks, slot, from);
    },
  };
}

/** Where the ids of a share begin: they are hashes, so shares are equal. */
export function slotBegin(slot: number): string {
  if (slot >= SCRUB_SLOTS) return LAST;
  return Math.floor((slot * 0x10000) / SCRUB_SLOTS)
    .toString(16)
    .padStart(4, '0');
}

async function verify(
  context: JobContext,
  chunks: ChunkSites,
  slot: number,
  after: ChunkKey | null,
): Promise<Step> {
  const [from, to] = [slotBegin(slot), slotBegin(slot + 1)];
  const found = await context.read(async (tx) => tx.chunksBetween(from, to, after, CHUNKS));
  // What is in a store that cannot be reached now has its turn in the next month.
  const there = await chunks.reachable();
  const looked = withinBytes(found);
  const page = looked.filter(({ location }) => there.includes(siteOf(location)));
  const faults = await faultsOf(chunks, page);
  if (isSuspicious(faults.length, page.length)) {
    const why = `${faults.length} of ${page.length} chunks cannot be read: is the disk of the chunk store there?`;
    await context.write((tx) => context.decide(tx, `share ${slot}`, 'scrub stopped', why));
    return { kind: 'stopped', why };
  }
  const isLast = found.length < CHUNKS && looked.length === found.length;
  const damaged = await context.write((tx) => judge(context, tx, page, faults));
  await mendFromReplicas(context, chunks, damagedOf(faults));
  await checkReplicas(context, chunks, page);
  await context.write(async (tx) => {
    const before = await tx.scrub();
    await tx.setScrub({
      slot: isLast ? (slot + 1) % SCRUB_SLOTS : slot,
      verified: before.verified + page.length,
      damaged: before.damaged + damaged,
    });
  });
  if (isLast) return { kind: 'done', said: `share ${slot + 1} of ${SCRUB_SLOTS} is verified` };
  const last = looked.at(-1);
  const state = { slot, after: last ? { tenant: last.tenant, id: last.id } : null };
  return { kind: 'more', state: JSON.stringify(state), said: `verifies share ${slot + 1} of ${SCRUB_SLOTS}` };
}

/** What cannot be read now is not known to be damaged. */
function damagedOf(faults: readonly Fault<StoredCopy>[]): readonly StoredCopy[] {
  return faults.filter(({ outcome }) => outcome.kind !== 'failed').map(({ copy }) => copy);
}

/** Sets apart what is damaged, and takes back what reads whole after all; answers how many are newly damaged. */
async function judge(
  context: JobContext,
  tx: WriteTx,
  page: readonly StoredCopy[],
  faults: readonly Fault<StoredCopy>[],
): Promise<number> {
  let damaged = 0;
  for (const { copy, outcome } of faults) {
    const subject = `chunk ${copy.id}`;
    if (outcome.kind === 'failed') await context.decide(tx, subject, 'unreadable', outcome.detail);
    else if (await tx.setDamaged(copy, context.now())) {
      damaged += 1;
      const why = outcome.kind === 'damaged' ? outcome.why : 'it is gone';
      await context.decide(tx, subject, 'damaged', `the copy at ${copy.location}: ${why}`);
    }
  }
  const faulty = new Set(faults.map(({ copy }) => copy));
  for (const copy of page) {
    if (!copy.isDamaged || faulty.has(copy) || !(await tx.setDamaged(copy, null))) continue;
    await context.decide(tx, `chunk ${copy.id}`, 'whole again', `the copy at ${copy.location} reads whole`);
  }
  return damaged;
}
