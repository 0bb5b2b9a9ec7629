import { CUTS } from './cuts.ts';
import { IMPOSTOR_CASES } from './impostors.ts';
import { LINES } from './lines.ts';
import type { NetworkCase } from './network-case.ts';
import { REPLAYS } from './replays.ts';

export const ALL_CASES: readonly NetworkCase[] = [...CUTS, ...REPLAYS, ...IMPOSTOR_CASES, ...LINES];
