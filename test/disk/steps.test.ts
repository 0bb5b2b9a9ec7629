/** Renames in steps, where the file system has no atomic exchange: what a kill or a user leaves between the steps. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DiskCalls } from '../../src/engine/local/node-disk-calls.ts';
import { Renamer } from '../../src/engine/local/node-disk-rename.ts';
import { good, goodAll, text, trouble } from './outcomes.ts';
import { CALL_KINDS, type RealWorld, realWorld } from './real-world.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };
const NO_PRIMITIVES = { exchange: false, noReplace: false, foldsCase: false };

async function inWorld(
  act: (world: RealWorld, reserved: (name: string) => string) => Promise<void>,
): Promise<void> {
  const world = await realWorld('fallback');
  try {
    good(await world.disk.prepare());
    await act(world, (name) => join(world.root, '.tidemark/staging', name));
  } finally {
    await world.close();
  }
}

/** The disk's calls, with something happening just before the n-th rename. */
function interrupted(calls: DiskCalls, nth: number, happen: () => Promise<void>): DiskCalls {
  let count = 0;
  return new Proxy(calls, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return async (...values: unknown[]): Promise<unknown> => {
        if (key === 'rename') {
          count += 1;
          if (count === nth) await happen();
        }
        return Reflect.apply(value, target, values) as unknown;
      };
    },
  });
}

test('killed after the file was taken aside: the next start puts it back', () =>
  inWorld(async ({ disk, user }, reserved) => {
    await fs.writeFile(reserved('k'), 'ours');
    await user.folder('d');
    await fs.writeFile(reserved('k~to'), 'd/f');
    await fs.writeFile(reserved('k~out'), 'the user');
    good(await disk.prepare());
    assert.equal(await user.read('d/f'), 'the user');
    assert.deepEqual(
      (await disk.listStaged()).map(({ name }) => name),
      ['k'],
    );
  }));

test('killed after ours took the name: the displaced file stands where an exchange would have put it', () =>
  inWorld(async ({ disk, user }, reserved) => {
    await user.write('f', 'ours');
    await fs.writeFile(reserved('k~to'), 'f');
    await fs.writeFile(reserved('k~out'), 'the user');
    good(await disk.prepare());
    assert.equal(await user.read('f'), 'ours');
    const kept = good(await disk.fingerprintReserved('staging', 'k'));
    assert.equal(kept.bytes === null ? null : text(kept.bytes), 'the user');
  }));

test('killed while somebody else took the name: all three files stay', () =>
  inWorld(async ({ disk, user }, reserved) => {
    await user.write('f', 'somebody');
    await fs.writeFile(reserved('k'), 'ours');
    await fs.writeFile(reserved('k~to'), 'f');
    await fs.writeFile(reserved('k~out'), 'the user');
    good(await disk.prepare());
    assert.equal(await user.read('f'), 'somebody');
    assert.deepEqual((await disk.listStaged()).map(({ name }) => name).toSorted(), ['k', 'k~out']);
  }));

test('killed before anything was moved: the note goes', () =>
  inWorld(async ({ disk, user }, reserved) => {
    await user.write('f', 'the user');
    await fs.writeFile(reserved('k~to'), 'f');
    good(await disk.prepare());
    assert.equal(await user.read('f'), 'the user');
    assert.deepEqual(await fs.readdir(reserved('')), []);
  }));

for (const kind of CALL_KINDS) {
  test(`a user who saves between the steps keeps both the save and the file before it (${kind})`, async () => {
    const { disk, user, close } = await realWorld(kind);
    try {
      good(await disk.prepare());
      await user.write('f', 'before');
      goodAll(await disk.stage([{ name: 'k', bytes: Buffer.from('ours'), meta: META }]));
      const calls = interrupted(disk.calls, 2, () => user.write('f', 'saved between'));
      const renamer = new Renamer(
        () => calls,
        () => NO_PRIMITIVES,
      );
      const [outcome] = await renamer.rename([{ from: '.tidemark/staging/k', to: 'f', how: 'exchange' }]);
      assert.equal(outcome?.kind, 'failed');
      assert.equal(await user.read('f'), 'saved between');
      assert.equal(await user.read('.tidemark/staging/k~out'), 'before');
      assert.equal(await user.read('.tidemark/staging/k'), 'ours');
    } finally {
      await close();
    }
  });

  test(`a name that is taken between the steps of a move is not replaced, and the file goes back (${kind})`, async () => {
    const { disk, user, close } = await realWorld(kind);
    try {
      good(await disk.prepare());
      await user.write('a', 'mine');
      const calls = interrupted(disk.calls, 2, () => user.write('b', 'theirs'));
      const renamer = new Renamer(
        () => calls,
        () => NO_PRIMITIVES,
      );
      const [outcome] = await renamer.rename([{ from: 'a', to: 'b', how: 'no-replace' }]);
      assert.equal(trouble(outcome), 'taken');
      assert.deepEqual([await user.read('a'), await user.read('b')], ['mine', 'theirs']);
      assert.deepEqual(await disk.listStaged(), []);
    } finally {
      await close();
    }
  });

  test(`a save onto the old name while it is moved in steps survives beside the moved file (${kind})`, async () => {
    const { disk, user, close } = await realWorld(kind);
    try {
      good(await disk.prepare());
      await user.write('a', 'moved');
      const calls = interrupted(disk.calls, 2, () => user.write('a', 'saved meanwhile'));
      const renamer = new Renamer(
        () => calls,
        () => NO_PRIMITIVES,
      );
      goodAll(await renamer.rename([{ from: 'a', to: 'b', how: 'no-replace' }]));
      assert.deepEqual([await user.read('a'), await user.read('b')], ['saved meanwhile', 'moved']);
    } finally {
      await close();
    }
  });
}
