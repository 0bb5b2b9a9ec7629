/** Random doings have the same outcomes and leave the same trees on real disks and on simulated ones. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { differ, NTFS } from './differential.ts';
import { mountImage } from './mounts.ts';
import type { Reasons } from './random-operations.ts';
import { CALL_KINDS, type CallKind } from './real-world.ts';

const STEPS = 60;
const SEEDS = [1, 2];

for (const calls of CALL_KINDS) {
  test(`a simulated disk is the equal of the one with temporary files (${calls})`, async () => {
    for (const seed of SEEDS)
      assert.equal(
        await differ({ calls, volume: {}, reasons: reasonsOf(calls) }, seed, STEPS),
        null,
        `seed ${seed}`,
      );
  });
}

for (const [kind, volume] of [
  ['btrfs', {}],
  ['ntfs', NTFS],
] as const) {
  const mount = await mountImage(kind);
  const reasonsOn = (calls: CallKind): Reasons => (kind === 'ntfs' ? 'any' : reasonsOf(calls));
  after(() => mount?.close());
  test(`a simulated disk is the equal of ${kind}`, async (t) => {
    if (mount === null) {
      t.skip(`${kind} cannot be mounted here: it takes root, a loop device, and its tools (#4)`);
      return;
    }
    for (const calls of CALL_KINDS)
      for (const seed of SEEDS)
        assert.equal(
          await differ({ calls, base: mount.path, volume, reasons: reasonsOn(calls) }, seed, STEPS),
          null,
          `seed ${seed}`,
        );
  });
}

/** Plain Node renames in steps. */
function reasonsOf(calls: CallKind): Reasons {
  return calls === 'native' ? 'compared' : 'any';
}
