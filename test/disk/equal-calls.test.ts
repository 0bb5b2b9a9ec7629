/** The compiled calls and plain Node report the same about the same objects, and leave the same behind. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openNodeDisk } from '../../src/engine/local/node-disk.ts';
import { good, goodAll, trouble } from './outcomes.ts';
import { CALL_KINDS, realWorld } from './real-world.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };

test('stamps are equal, whoever reports them', async () => {
  const { disk, root, user, close } = await realWorld(CALL_KINDS[0] ?? 'fallback');
  const other = await openNodeDisk({ root, forceFallback: true });
  try {
    good(await disk.prepare());
    good(await other.prepare());
    await user.write('file', 'content');
    await user.write('script', '#!', true);
    await user.write('folder/inside', '');
    await user.link('link', 'nowhere');
    await fs.link(join(root, 'file'), join(root, 'second name'));
    await fs.utimes(join(root, 'file'), new Date(), new Date(-1_000_500));
    await fs.truncate(join(root, 'script'), 2 ** 33 + 5);
    spawnSync('mkfifo', [join(root, 'pipe')]);
    const paths = ['', ...(await user.names('')), 'folder/inside', 'none'];
    assert.deepEqual(await disk.lookMany(paths), await other.lookMany(paths));
    const mine = good(await disk.list(''));
    const theirs = good(await other.list(''));
    const byName = (a: { name: string | null }, b: { name: string | null }): number =>
      String(a.name) < String(b.name) ? -1 : 1;
    assert.deepEqual(mine.entries.toSorted(byName), theirs.entries.toSorted(byName));
    assert.deepEqual(mine.folder, theirs.folder);
    const { file } = good(await disk.open('file'));
    assert.deepEqual(good(await file.stamp()).stamp, good(await other.look('file')).stamp);
    assert.equal(good(await disk.look('file')).stamp.links, 2);
    assert.equal(good(await disk.look('file')).stamp.mtimeNs, -1_000_500_000_000n);
    await file.close();
  } finally {
    await other.close();
    await close();
  }
});

for (const calls of CALL_KINDS) {
  test(`an applied version keeps who may read the file it replaces, and brings its own execute bit (${calls})`, async () => {
    const { disk, root, user, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      const cases = [
        { old: 0o600, executable: false, wanted: 0o600 },
        { old: 0o600, executable: true, wanted: 0o700 },
        { old: 0o640, executable: true, wanted: 0o750 },
        { old: 0o711, executable: true, wanted: 0o711 },
        { old: 0o755, executable: false, wanted: 0o644 },
        { old: 0o444, executable: false, wanted: 0o444 },
        { old: 0o4755, executable: true, wanted: 0o755 },
      ];
      for (const { old, executable, wanted } of cases) {
        await user.write('f', 'old');
        await fs.chmod(join(root, 'f'), old);
        goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('new'), meta: { ...META, executable } }]));
        const [placed] = goodAll(await disk.place([{ staged: 's', path: 'f', mode: 'exchange' }]));
        assert.equal((await fs.stat(join(root, 'f'))).mode & 0o7777, wanted, old.toString(8));
        assert.equal(placed?.stamp.executable, executable);
        assert.equal((await fs.stat(join(root, '.tidemark/staging/s'))).mode & 0o7777, old);
        await disk.eraseStaged(['s']);
        await user.remove('f');
      }
    } finally {
      await close();
    }
  });

  test(`new files get what the umask leaves, and the reserved folder is its owner's alone (${calls})`, async () => {
    const { disk, root, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      const masked = (mode: number): number => mode & ~process.umask();
      goodAll(
        await disk.stage([
          { name: 'a', bytes: Buffer.from('x'), meta: META },
          { name: 'b', bytes: Buffer.from('x'), meta: { ...META, executable: true } },
        ]),
      );
      const { writer } = good(await disk.stageOpen('c'));
      good(await writer.finish(0, { ...META, executable: true }));
      const modes = await Promise.all(
        ['staging/a', 'staging/b', 'staging/c', ''].map(async (name) => {
          const { mode } = await fs.stat(join(root, '.tidemark', name));
          return mode & 0o777;
        }),
      );
      assert.deepEqual(modes, [masked(0o666), masked(0o777), masked(0o777), 0o700]);
    } finally {
      await close();
    }
  });

  test(`a folder that may not be read is denied, not empty (${calls})`, async (t) => {
    const { disk, root, user, close } = await realWorld(calls);
    try {
      await user.write('closed/file', 'x');
      await fs.chmod(join(root, 'closed'), 0);
      if (process.getuid?.() !== 0) {
        assert.equal(trouble(await disk.list('closed')), 'denied');
        return;
      }
      // Root may read everything: ask as somebody who may not.
      await fs.chmod(root, 0o755);
      const script = fileURLToPath(new URL('./list-folder.ts', import.meta.url));
      const asked = spawnSync(process.execPath, [script, root, 'closed', calls], {
        uid: 65534,
        gid: 65534,
        encoding: 'utf8',
        env: {},
      });
      if (asked.status !== 0) {
        t.skip('another user cannot run this here (#4)');
        return;
      }
      assert.equal(asked.stdout.trim(), 'denied');
    } finally {
      await fs.chmod(join(root, 'closed'), 0o700);
      await close();
    }
  });
}

if (CALL_KINDS.includes('native')) {
  test('compiled calls keep times to the nanosecond, before 1970 too', async () => {
    const { disk, close } = await realWorld('native');
    try {
      good(await disk.prepare());
      for (const mtimeNs of [1_600_000_000_123_456_789n, -1n, -5_000_000_001n, 0n]) {
        const meta = { executable: false, mtimeNs };
        const [staged] = goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('x'), meta }]));
        assert.equal(staged?.stamp.mtimeNs, mtimeNs);
        const { writer } = good(await disk.stageOpen('w'));
        assert.equal(good(await writer.finish(1, meta)).stamp.mtimeNs, mtimeNs);
      }
    } finally {
      await close();
    }
  });

  test('an exchange carries the attributes that a user gave the file', async (t) => {
    const { disk, root, user, close } = await realWorld('native');
    try {
      good(await disk.prepare());
      await user.write('f', 'old');
      const set = spawnSync('setfattr', ['-n', 'user.tag', '-v', 'blue', join(root, 'f')]);
      if (set.status !== 0) {
        t.skip('no setfattr here, or no attributes on this file system (#4)');
        return;
      }
      goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('new'), meta: META }]));
      goodAll(await disk.place([{ staged: 's', path: 'f', mode: 'exchange' }]));
      const got = spawnSync('getfattr', ['--only-values', '-n', 'user.tag', join(root, 'f')], {
        encoding: 'utf8',
      });
      assert.equal(got.stdout, 'blue');
    } finally {
      await close();
    }
  });
}
