/** The ways in which file systems differ, drawn at random. */
import type { Stream } from './random.ts';
import { PLAIN_VOLUME, type VolumeOptions } from './volume-node.ts';

/** What is left of a second below the step of the clock: FAT, Windows, old kernels, and none. */
const GRANULARITIES = [1n, 1n, 1n, 4_000_000n, 15_000_000n, 2_000_000_000n] as const;

/** As `lowntfs-3g -o ignore_case,windows_names` has it. */
export const NTFS_VOLUME: VolumeOptions = {
  foldsCase: true,
  granularityNs: 100n,
  reusesInodes: true,
  birthTimes: false,
  exchange: false,
  noReplace: false,
  executableBits: false,
  windowsNames: true,
  lowersNames: true,
};

/** Half of all disks are like ext4; the others lack something, or fold case, or count time in steps. */
export function drawVolume(stream: Stream): VolumeOptions {
  if (stream.chance(0.5)) return PLAIN_VOLUME;
  return {
    ...PLAIN_VOLUME,
    foldsCase: stream.chance(0.3),
    granularityNs: stream.pick(GRANULARITIES),
    reusesInodes: stream.chance(0.7),
    birthTimes: stream.chance(0.6),
    exchange: stream.chance(0.7),
    noReplace: stream.chance(0.7),
  };
}
