import { HISTORIES } from './chain-1-histories.ts';
import { COMMIT } from './chain-2-commit.ts';
import { LIVENESS } from './chain-3-liveness.ts';
import { LAG_DRILL } from './chain-4-lag.ts';
import { LEGIBLE } from './chain-5-legible.ts';
import type { Drill } from './drill.ts';

export const DRILLS: readonly Drill[] = [HISTORIES, COMMIT, LIVENESS, LAG_DRILL, LEGIBLE];
