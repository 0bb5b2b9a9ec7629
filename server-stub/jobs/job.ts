/**
 * Work behind requests, in small steps: each may be the last before the power goes, and whoever goes on later begins at
 * the state that the step before it left. So a step must stand being done twice.
 */
import type { Static, TSchema } from 'typebox';
import { parserOf } from '../../src/protocol/schema.ts';
import type { JobName, SwitchName } from '../metadata/job-rows.ts';
import type { Durability, MetadataStore, ReadTx, WriteTx } from '../metadata/metadata-store.ts';

export type Step =
  /** There is more to do, from `state` on. */
  | { readonly kind: 'more'; readonly state: string; readonly said: string }
  /** The round is over. */
  | { readonly kind: 'done'; readonly said: string }
  /** It cannot go on by itself, and says why; the next round begins anew. */
  | { readonly kind: 'stopped'; readonly why: string };

export interface JobContext {
  readonly read: MetadataStore['read'];
  /** A write that is refused (`LeaseLost`) when another runner has taken over meanwhile. */
  write<T>(fn: (tx: WriteTx) => Promise<T>, durable?: Durability): Promise<T>;
  /** Leaves a readable row of what was decided, in the transaction that does it. */
  decide(tx: WriteTx, subject: string, decision: string, why: string): Promise<void>;
  isOn(name: SwitchName): Promise<boolean>;
  /** Wall milliseconds. */
  now(): number;
}

export interface Job {
  readonly name: JobName;
  /** From the end of a round to the beginning of the next. */
  readonly everyMs: number;
  /** One step from `state` (null: a new round). Small enough that nobody waits for it: some 100 ms. */
  step(context: JobContext, state: string | null): Promise<Step>;
}

/** Reads back the state that a step left; throws when it is none of this job's. */
export function stateReader<S extends TSchema>(job: JobName, schema: S): (state: string) => Static<S> {
  const parse = parserOf(schema);
  return (state) => {
    const parsed = parse(JSON.parse(state));
    if (parsed.kind === 'invalid') throw new Error(`the state of ${job} is none: ${parsed.why}`);
    return parsed.value;
  };
}

/** Another runner does this job now; what was to be written was not. */
export class LeaseLost extends Error {
  constructor(job: JobName) {
    super(`another runner does ${job} now`);
    this.name = 'LeaseLost';
  }
}

/** Throws unless the fence is still the newest: called in the very transaction that writes. */
export async function requireFence(tx: ReadTx, job: JobName, fence: number): Promise<void> {
  if ((await tx.lease(job))?.fence !== fence) throw new LeaseLost(job);
}
