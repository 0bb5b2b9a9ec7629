import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { good, goodAll, trouble } from './outcomes.ts';
import { CALL_KINDS, realWorld } from './real-world.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };
const REFUSED = [
  '..',
  '.',
  '../out',
  'a/../../out',
  'a/./b',
  '/etc/passwd',
  'a//b',
  'a/',
  'nul\0byte',
  'lone\ud800surrogate',
  'a/\udfff',
  '.tidemark',
  '.tidemark/x',
];

for (const calls of CALL_KINDS) {
  test(`paths that a hostile server could send are refused before the disk is touched (${calls})`, async () => {
    const { disk, root, user, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      await user.write('a/mine', 'mine');
      goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('x'), meta: META }]));
      for (const path of REFUSED) {
        const outcomes = [
          await disk.look(path),
          await disk.list(path),
          await disk.open(path),
          await disk.readLink(path),
          (await disk.readSmall([path], 10))[0],
          (await disk.place([{ staged: 's', path, mode: 'new' }]))[0],
          (await disk.place([{ staged: 's', path, mode: 'exchange' }]))[0],
          (await disk.move([{ from: path, to: 'ok' }]))[0],
          (await disk.move([{ from: 'a/mine', to: path }]))[0],
          (await disk.makeFolders([path]))[0],
          await disk.removeFolder(path),
          (await disk.toTrash([{ path, name: 't' }]))[0],
          await disk.park(path, 'p'),
          await disk.flushFiles([path]),
          await disk.flushFolders([path]),
        ];
        for (const outcome of outcomes) assert.equal(trouble(outcome), 'name-refused', JSON.stringify(path));
      }
      for (const path of ['', 'x/../..']) {
        assert.equal(trouble((await disk.move([{ from: path, to: 'b' }]))[0]), 'name-refused');
      }
      assert.deepEqual(await user.names(''), ['a']);
      assert.deepEqual(await user.names('a'), ['mine']);
      assert.equal((await fs.readdir(join(root, '..'))).includes('out'), false);
    } finally {
      await close();
    }
  });

  test(`a bad item in a batch spoils only itself (${calls})`, async () => {
    const { disk, user, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      await user.write('a', 'a');
      const outcomes = await disk.lookMany(['../a', 'a', 'b/../a', 'none']);
      assert.deepEqual(outcomes.map(trouble), ['name-refused', 'found', 'name-refused', 'gone']);
    } finally {
      await close();
    }
  });

  test(`names and paths that are too long say so (${calls})`, async () => {
    const { disk, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      const long = 'n'.repeat(300);
      const deep = Array.from({ length: 30 }, () => 'd'.repeat(200)).join('/');
      assert.equal(trouble(await disk.look(long)), 'name-too-long');
      assert.equal(trouble((await disk.makeFolders([long]))[0]), 'name-too-long');
      goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('x'), meta: META }]));
      assert.equal(
        trouble((await disk.place([{ staged: 's', path: long, mode: 'new' }]))[0]),
        'name-too-long',
      );
      assert.equal(trouble(await disk.look(`${deep}/x`)) === 'found', false);
    } finally {
      await close();
    }
  });

  test(`names that are no text are shown without a name and never touched (${calls})`, async () => {
    const { disk, root, user, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      await user.write('d/ok', 'x');
      // The end of one and the beginning of the other would make a letter.
      for (const bytes of [
        [0xff, 0xfe],
        [0x61, 0xc3],
        [0xa9, 0x62],
      ]) {
        await fs.writeFile(Buffer.concat([Buffer.from(`${root}/d/`), Buffer.from(bytes)]), 'raw');
      }
      const { entries } = good(await disk.list('d'));
      assert.deepEqual(entries.map(({ name }) => name).toSorted(), [null, null, null, 'ok'].toSorted());
      assert.equal(
        entries.every(({ stamp }) => stamp.kind === 'file'),
        true,
      );
      goodAll(await disk.toTrash([{ path: 'd', name: 't' }]));
      await disk.eraseTrash(['t']);
      const left = await fs.readdir(join(root, '.tidemark/trash/t'), { encoding: 'buffer' });
      assert.equal(left.length, 3);
    } finally {
      await close();
    }
  });

  test(`pipes and sockets are seen as neither file nor folder and never opened (${calls})`, async (t) => {
    const { disk, root, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      if (spawnSync('mkfifo', [join(root, 'pipe')]).status !== 0) {
        t.skip('no mkfifo here (#4)');
        return;
      }
      assert.equal(good(await disk.look('pipe')).stamp.kind, 'other');
      assert.equal(trouble((await disk.readSmall(['pipe'], 10))[0]), 'busy');
      assert.equal(trouble(await disk.open('pipe')), 'busy');
      good(await disk.flushFiles(['pipe']));
      goodAll(await disk.move([{ from: 'pipe', to: 'moved' }]));
    } finally {
      await close();
    }
  });

  test(`reserved names that are not plain are a fault of the program (${calls})`, async () => {
    const { disk, close } = await realWorld(calls);
    try {
      good(await disk.prepare());
      for (const name of ['', '.', '..', 'a/b', '../x', 'ü', 'a b', 'n'.repeat(300)]) {
        await assert.rejects(
          async () => disk.stage([{ name, bytes: Buffer.from('x'), meta: META }]),
          RangeError,
        );
        await assert.rejects(async () => disk.readControl(name), RangeError);
      }
    } finally {
      await close();
    }
  });
}
