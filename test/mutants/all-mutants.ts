/** Every mutant. */
import { CLAIM_MUTANTS } from './claims.ts';
import { COLD_TIER_MUTANTS } from './cold-tier.ts';
import { DELETE_MUTANTS } from './deletes.ts';
import { DISK_MUTANTS } from './disk.ts';
import { KEEPING_MUTANTS } from './keeping.ts';
import type { Mutant } from './mutant.ts';
import { OBSERVING_MUTANTS } from './observing.ts';
import { PLACE_MUTANTS } from './places.ts';
import { RECLAIMING_MUTANTS } from './reclaiming.ts';
import { SECOND_COPY_MUTANTS } from './second-copies.ts';
import { SERVER_MUTANTS } from './server.ts';
import { SHARING_MUTANTS } from './sharing.ts';

export const MUTANTS: readonly Mutant[] = [
  ...CLAIM_MUTANTS,
  ...DELETE_MUTANTS,
  ...PLACE_MUTANTS,
  ...DISK_MUTANTS,
  ...OBSERVING_MUTANTS,
  ...SERVER_MUTANTS,
  ...KEEPING_MUTANTS,
  ...RECLAIMING_MUTANTS,
  ...SECOND_COPY_MUTANTS,
  ...COLD_TIER_MUTANTS,
  ...SHARING_MUTANTS,
];

export function mutantOf(id: string): Mutant {
  const mutant = MUTANTS.find((each) => each.id === id);
  if (mutant === undefined) throw new Error(`there is no mutant "${id}"`);
  return mutant;
}
