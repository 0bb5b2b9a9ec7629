/**
 * Second copies of chunks that have none yet. A store that is new has every chunk looked at once; then what is missing is
 * known row by row. Copied, durable, then the row: a copy that a crash left without a row is an orphan, and the chunk is
 * copied again.
 */
import { Type } from 'typebox';
import { parseChunkId, parseTenantId } from '../../src/protocol/ids.ts';
import { type ChunkToStore, parseChunkLocation, type StoredChunk } from '../chunks/chunk-store.ts';
import type { ChunkSites } from '../chunks/sites.ts';
import type { ChunkKey } from '../metadata/collection-rows.ts';
import type { Waits } from '../server-limits.ts';
import { eraseCopies } from './erase-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Of one step. */
const LOOKED_AT = 500;
const CHUNKS = 64;
const BYTES = 8 * 1024 * 1024;
/** Of one round: other jobs have their turn, too. */
const STEPS = 200;

const State = Type.Object({
  pass: Type.Union([Type.Literal('look'), Type.Literal('copy'), Type.Literal('erase')]),
  after: Type.Union([Type.Object({ tenant: Type.String(), id: Type.String() }), Type.Null()]),
  steps: Type.Integer({ minimum: 0 }),
});
const readState = stateReader('replication', State);
type Pass = 'look' | 'copy' | 'erase';

export function replicationJob(chunks: ChunkSites, { hourMs }: Pick<Waits, 'hourMs'>): Job {
  return {
    name: 'replication',
    everyMs: hourMs / 60,
    step: async (context, state) => {
      if (!(await chunks.reachable()).includes('replica')) return away(context);
      const { pass, after, steps } = state === null ? await begin(context) : readState(state);
      const from = after && { tenant: parseTenantId(after.tenant), id: parseChunkId(after.id) };
      if (pass === 'look') return look(context, from);
      return pass === 'copy' ? copy(context, chunks, from, steps) : erase(context, chunks);
    },
  };
}

async function away({ read }: JobContext): Promise<Step> {
  const { debts } = await read(async (tx) => tx.replicaFigures());
  return { kind: 'done', said: `the second store cannot be reached; ${debts} chunks wait for it` };
}

async function begin({ read }: JobContext): Promise<Type.Static<typeof State>> {
  const site = await read(async (tx) => tx.site('replica'));
  return { pass: site?.whole === true ? 'copy' : 'look', after: null, steps: 0 };
}

function goOn(pass: Pass, last: ChunkKey | null, steps: number, said: string): Step {
  const after = last && { tenant: last.tenant, id: last.id };
  return { kind: 'more', state: JSON.stringify({ pass, after, steps }), said };
}

async function look({ write, now }: JobContext, after: ChunkKey | null): Promise<Step> {
  const last = await write(async (tx) => {
    const page = await tx.withoutReplica(after, LOOKED_AT);
    for (const chunk of page) if (chunk.isWithout) await tx.noteDebt(chunk, now());
    if (page.length === LOOKED_AT) return page.at(-1) ?? null;
    const site = await tx.site('replica');
    if (site !== null) await tx.setSite('replica', { ...site, whole: true });
    return null;
  });
  return last === null
    ? goOn('copy', null, 0, 'every chunk was looked at')
    : goOn('look', last, 0, 'looks which chunks have no second copy');
}

interface ToCopy extends StoredChunk {
  readonly size: number;
}

async function copy(
  context: JobContext,
  chunks: ChunkSites,
  after: ChunkKey | null,
  steps: number,
): Promise<Step> {
  const { page, wanted, settled } = await nextOf(context, after);
  const read = await chunks.get(wanted);
  // What does not open is the scrub's to judge; its debt stays until there is something to copy.
  const whole = wanted.flatMap(({ tenant, id }, i): readonly ChunkToStore[] => {
    const outcome = read[i];
    return outcome?.kind === 'ok' ? [{ tenant, id, bytes: outcome.bytes }] : [];
  });
  const stored = (await chunks.at('replica')?.put(whole)) ?? [];
  const copies = whole.flatMap(({ tenant, id }, i): readonly StoredChunk[] => {
    const outcome = stored[i];
    return outcome?.kind === 'stored' ? [{ tenant, id, location: outcome.location }] : [];
  });
  const superfluous = await context.write(async (tx) => {
    for (const chunk of settled) await tx.endDebt(chunk);
    const left: StoredChunk[] = [];
    for (const each of copies) {
      const isWanted = (await tx.chunk(each.tenant, each.id)) !== null;
      if (!isWanted || !(await tx.addReplica(each, each.location))) left.push(each);
      await tx.endDebt(each);
    }
    return left;
  });
  if (superfluous.length > 0) await chunks.erase(superfluous);
  if (copies.length < whole.length) return { kind: 'stopped', why: 'the second store does not take copies' };
  const last = page.at(-1);
  if (last === undefined) return goOn('erase', null, 0, 'every chunk that can be read has two copies');
  const said = `${copies.length} chunks copied`;
  return steps + 1 < STEPS ? goOn('copy', last, steps + 1, said) : { kind: 'done', said };
}

/** The next debts that fit into one step, and those of chunks that need no copy any more. */
async function nextOf({ read }: JobContext, after: ChunkKey | null) {
  return read(async (tx) => {
    const page: ChunkKey[] = [];
    const wanted: ToCopy[] = [];
    const settled: ChunkKey[] = [];
    let bytes = 0;
    for (const debt of await tx.replicaDebts(after, CHUNKS)) {
      const row = await tx.chunk(debt.tenant, debt.id);
      bytes += row?.size ?? 0;
      if (page.length > 0 && bytes > BYTES) break;
      page.push(debt);
      if (row === null || (await tx.replica(debt)) !== null) settled.push(debt);
      else wanted.push({ ...debt, location: parseChunkLocation(row.location), size: row.size });
    }
    return { page, wanted, settled };
  });
}

async function erase(context: JobContext, chunks: ChunkSites): Promise<Step> {
  const erased = await eraseCopies(context, chunks);
  if (erased > 0) return goOn('erase', null, 0, `${erased} copies erased`);
  return { kind: 'done', said: 'every chunk that can be read has two copies' };
}
