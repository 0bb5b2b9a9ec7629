import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openNodeDisk } from '../../src/engine/local/node-disk.ts';
import { mountTmpfs } from './mounts.ts';
import { good, trouble } from './outcomes.ts';
import { CALL_KINDS, freshFolder, realWorld } from './real-world.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };

for (const calls of CALL_KINDS) {
  test(`another folder in the place of the root is not the root, and stays as it is (${calls})`, async () => {
    const { disk, root, user, close } = await realWorld(calls);
    const away = `${root}-away`;
    try {
      good(await disk.prepare());
      await user.write('f', 'x');
      await fs.rename(root, away);
      assert.equal(trouble(await disk.list('')), 'gone');
      await fs.mkdir(root);
      const [staged] = await disk.stage([{ name: 's', bytes: Buffer.from('x'), meta: META }]);
      const outcomes = [
        await disk.list(''),
        await disk.look('f'),
        await disk.look(''),
        staged,
        (await disk.makeFolders(['d']))[0],
        (await disk.toTrash([{ path: 'f', name: 't' }]))[0],
        await disk.readControl('marker'),
        await disk.writeControl('marker', Buffer.from('x')),
        await disk.flushFolders(['']),
        await disk.prepare(),
      ];
      assert.deepEqual(
        outcomes.slice(0, -2).map(trouble),
        Array.from({ length: 8 }, () => 'gone'),
      );
      assert.equal(trouble(outcomes.at(-1)), 'gone');
      await assert.rejects(async () => disk.listStaged(), /cannot read/);
      assert.deepEqual(await fs.readdir(root), []);
      await fs.rmdir(root);
      await fs.rename(away, root);
      assert.equal(good(await disk.list('')).entries.length, 1);
    } finally {
      await fs.rm(away, { recursive: true, force: true });
      await close();
    }
  });

  test(`a root that is not there yet is found by a later prepare (${calls})`, async () => {
    const base = await freshFolder();
    const root = join(base, 'root');
    try {
      const disk = await openNodeDisk({ root, forceFallback: calls === 'fallback' });
      assert.equal(trouble(await disk.prepare()), 'gone');
      assert.equal(trouble(await disk.look('')), 'gone');
      await fs.writeFile(root, 'a file');
      assert.equal(trouble(await disk.prepare()), 'gone');
      await fs.rm(root);
      await fs.mkdir(root);
      good(await disk.prepare());
      assert.equal(good(await disk.list('')).entries.length, 0);
      await disk.close();
      assert.equal(trouble(await disk.list('')), 'gone');
    } finally {
      await fs.rm(base, { recursive: true });
    }
  });

  test(`a root behind a link is the folder it led to when it was opened (${calls})`, async () => {
    const base = await freshFolder();
    try {
      for (const name of ['one', 'two']) await fs.mkdir(join(base, name));
      await fs.symlink('one', join(base, 'root'));
      const disk = await openNodeDisk({ root: join(base, 'root'), forceFallback: calls === 'fallback' });
      good(await disk.prepare());
      await fs.rm(join(base, 'root'));
      await fs.symlink('two', join(base, 'root'));
      good(await disk.writeControl('marker', Buffer.from('x')));
      assert.deepEqual(await fs.readdir(join(base, 'two')), []);
      await disk.close();
    } finally {
      await fs.rm(base, { recursive: true });
    }
  });

  test(`a reserved folder that is a link is refused, and what it leads to stays as it is (${calls})`, async () => {
    const { disk, root, user, close } = await realWorld(calls);
    try {
      await user.folder('elsewhere');
      await fs.symlink('elsewhere', join(root, '.tidemark'));
      assert.equal(trouble(await disk.prepare()), 'not-folder');
      assert.deepEqual(await user.names('elsewhere'), []);
    } finally {
      await close();
    }
  });

  test(`an open disk does not keep its volume from being unmounted, and then answers gone (${calls})`, async (t) => {
    const mount = await mountTmpfs('1m');
    if (mount === null) {
      t.skip('nothing can be mounted here: it takes root (#4)');
      return;
    }
    try {
      const disk = await openNodeDisk({ root: mount.path, forceFallback: calls === 'fallback' });
      good(await disk.prepare());
      good(await disk.list(''));
      assert.equal(mount.unmount(), true);
      assert.equal(trouble(await disk.list('')), 'gone');
      assert.equal(trouble((await disk.makeFolders(['d']))[0]), 'gone');
      assert.deepEqual(await fs.readdir(mount.path), []);
      await disk.close();
    } finally {
      await mount.close();
    }
  });
}
