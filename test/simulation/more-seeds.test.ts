/** The other half of the seeds: test files run side by side. */
import { testSeeds } from './seed-tests.ts';

testSeeds(166, 330);
