/** Pairs of a real disk and the simulated one that is to be its equal. */

import { Stream } from '../simulation/random.ts';
import { simWorld } from '../simulation/sim-disk-world.ts';
import { NTFS_VOLUME } from '../simulation/volume-modes.ts';
import type { VolumeOptions } from '../simulation/volume-node.ts';
import { good } from './outcomes.ts';
import { firstDifference, type Reasons } from './random-operations.ts';
import { type CallKind, realWorld } from './real-world.ts';

export interface Pairing {
  readonly calls: CallKind;
  /** Where the real one is made; nothing: where temporary files are. */
  readonly base?: string;
  readonly volume: Partial<VolumeOptions>;
  readonly reasons?: Reasons;
}

export const NTFS: Partial<VolumeOptions> = NTFS_VOLUME;

/** Where the two part under this seed, or `null`. */
export async function differ(pairing: Pairing, seed: number, steps: number): Promise<string | null> {
  const real = await realWorld(pairing.calls, pairing.base);
  const simulated = simWorld(pairing.volume);
  try {
    for (const world of [real, simulated]) good(await world.disk.prepare());
    return await firstDifference(real, simulated, new Stream(seed, 'operations'), steps, pairing.reasons);
  } finally {
    await real.close();
    await simulated.close();
  }
}
