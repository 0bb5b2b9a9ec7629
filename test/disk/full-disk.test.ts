import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountTmpfs } from './mounts.ts';
import { good, trouble } from './outcomes.ts';
import { CALL_KINDS, realWorld } from './real-world.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };

for (const calls of CALL_KINDS) {
  test(`a full disk fails what does not fit, leaves no part of it, and goes on when there is room (${calls})`, async (t) => {
    const mount = await mountTmpfs('1m');
    if (mount === null) {
      t.skip('nothing can be mounted here: it takes root (#4)');
      return;
    }
    const world = await realWorld(calls, mount.path);
    try {
      const { disk, user } = world;
      good(await disk.prepare());
      await user.write('mine', 'bytes of the user');
      const large = Buffer.alloc(700_000, 1);
      assert.equal(trouble((await disk.stage([{ name: 'a', bytes: large, meta: META }]))[0]), 'found');
      const outcomes = await disk.stage([
        { name: 'b', bytes: large, meta: META },
        { name: 'c', bytes: Buffer.from('small'), meta: META },
      ]);
      assert.equal(trouble(outcomes[0]), 'full');
      assert.equal(
        (await disk.listStaged()).some(({ name }) => name === 'b'),
        false,
      );
      const { writer } = good(await disk.stageOpen('w'));
      assert.equal(trouble(await writer.write(0, large)), 'full');
      await writer.abandon();
      assert.equal(await user.read('mine'), 'bytes of the user');
      await disk.eraseStaged(['a', 'w']);
      assert.equal(trouble((await disk.stage([{ name: 'b', bytes: large, meta: META }]))[0]), 'found');
      assert.ok((await disk.freeBytes()) < 400_000);
    } finally {
      await world.close();
      await mount.close();
    }
  });
}
