import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openNodeWatch } from '../../src/engine/local/node-watch.ts';
import type { WatchStrategy } from '../../src/engine/local/node-watch-messages.ts';
import { freshFolder } from '../disk/real-world.ts';
import { Follower } from './follower.ts';

const STRATEGIES: readonly WatchStrategy[] = process.platform === 'linux' ? ['folders', 'tree'] : ['tree'];

async function following(
  strategy: WatchStrategy,
  prepare: (root: string) => Promise<void>,
  act: (follower: Follower) => Promise<void>,
): Promise<void> {
  const follower = await Follower.start(strategy, prepare);
  try {
    await act(follower);
  } finally {
    await follower.close();
  }
}

async function twoFolders(root: string): Promise<void> {
  await fs.mkdir(join(root, 'a/deep'), { recursive: true });
  await fs.mkdir(join(root, 'b'));
  await fs.writeFile(join(root, 'a/file'), 'x');
  await fs.writeFile(join(root, 'top'), 'x');
}

for (const strategy of STRATEGIES) {
  test(`what programs do to files is hinted at by name (${strategy})`, () =>
    following(strategy, twoFolders, async (follower) => {
      const { path } = follower;
      const at = path.bind(follower);
      await fs.writeFile(at('a/file'), 'changed in place');
      assert.ok(await follower.sees('a/file'), 'modify');
      await follower.quiet();
      await fs.writeFile(at('a/deep/new'), '');
      assert.ok(await follower.sees('a/deep/new'), 'create');
      await follower.quiet();
      await fs.chmod(at('top'), 0o755);
      assert.ok(await follower.sees('top'), 'execute bit');
      await follower.quiet();
      await fs.rename(at('top'), at('b/moved'));
      assert.ok(await follower.sees('top', 'b/moved'), 'rename');
      await follower.quiet();
      await fs.writeFile(at('a/.file.swp'), 'atomic save');
      await fs.rename(at('a/.file.swp'), at('a/file'));
      assert.ok(await follower.sees('a/file'), 'atomic save');
      await follower.quiet();
      await fs.rename(at('a/file'), at('a/file~'));
      await fs.writeFile(at('a/file'), 'rename away');
      assert.ok(await follower.sees('a/file', 'a/file~'), 'rename away');
      await follower.quiet();
      await fs.symlink('nowhere', at('b/link'));
      assert.ok(await follower.sees('b/link'), 'link');
      await follower.quiet();
      await fs.unlink(at('b/moved'));
      assert.ok(await follower.sees('b/moved'), 'delete');
      assert.deepEqual(follower.watch.health(), { complete: true, why: '' });
    }));

  test(`a tree that appears at once is seen to its last file, and so is what is written in it later (${strategy})`, () =>
    following(strategy, twoFolders, async (follower) => {
      const files: string[] = [];
      for (let i = 0; i < 20; i += 1) {
        await fs.mkdir(follower.path(`b/n${i}/m/l`), { recursive: true });
        for (const file of [`b/n${i}/f`, `b/n${i}/m/l/f`]) {
          await fs.writeFile(follower.path(file), 'x');
          files.push(file);
        }
      }
      assert.ok(await follower.sees(...files));
      await follower.quiet();
      await fs.writeFile(follower.path('b/n7/m/l/later'), 'x');
      assert.ok(await follower.sees('b/n7/m/l/later'));
    }));

  test(`a renamed folder goes on being watched under its new name, with all below it (${strategy})`, () =>
    following(strategy, twoFolders, async (follower) => {
      await fs.rename(follower.path('a'), follower.path('b/renamed'));
      assert.ok(await follower.sees('a', 'b/renamed'));
      await follower.quiet();
      await fs.writeFile(follower.path('b/renamed/deep/new'), 'x');
      await fs.writeFile(follower.path('b/renamed/file'), 'edited');
      assert.ok(await follower.sees('b/renamed/deep/new', 'b/renamed/file'));
    }));

  test(`a folder that is removed and made again is watched again (${strategy})`, () =>
    following(strategy, twoFolders, async (follower) => {
      for (let round = 0; round < 3; round += 1) {
        await fs.rm(follower.path('a'), { recursive: true });
        await fs.mkdir(follower.path('a/deep'), { recursive: true });
        assert.ok(await follower.sees('a'), `round ${round}`);
        await follower.quiet();
        await fs.writeFile(follower.path('a/deep/again'), String(round));
        await fs.writeFile(follower.path('a/again'), String(round));
        assert.ok(await follower.sees('a/again', 'a/deep/again'), `round ${round}`);
        await follower.quiet();
      }
    }));

  test(`the reserved folder gives no hints, and a folder of that name further down does (${strategy})`, () =>
    following(
      strategy,
      async (root) => {
        await twoFolders(root);
        await fs.mkdir(join(root, '.tidemark/staging'), { recursive: true });
        await fs.mkdir(join(root, 'a/.tidemark'));
      },
      async (follower) => {
        await fs.writeFile(follower.path('.tidemark/staging/s'), 'x');
        await fs.writeFile(follower.path('.tidemark/marker'), 'x');
        await fs.rename(follower.path('.tidemark/staging/s'), follower.path('b/placed'));
        assert.ok(await follower.sees('b/placed'));
        await follower.quiet();
        await fs.writeFile(follower.path('.tidemark/marker'), 'y');
        await fs.writeFile(follower.path('b/last'), 'x');
        assert.ok(await follower.sees('b/last'));
        const folders = follower.hints.map((hint) => (hint.kind === 'look' ? hint.folder : 'lost'));
        assert.equal(
          folders.some((folder) => folder.startsWith('.tidemark')),
          false,
        );
      },
    ));

  test(`in a burst every name is hinted at, or it is said that hints are missing (${strategy})`, () =>
    following(strategy, twoFolders, async (follower) => {
      const names = Array.from({ length: 4000 }, (_, index) => `b/f${index}`);
      for (const name of names) await fs.writeFile(follower.path(name), '');
      const complete = (): boolean => names.every((name) => follower.seen.has(name));
      const lost = (): boolean => follower.hints.some((hint) => hint.kind === 'lost');
      assert.ok(await follower.until(() => complete() || lost()));
    }));

  test(`names that are no text hint at their folder (${strategy})`, () =>
    following(strategy, twoFolders, async (follower) => {
      await fs.writeFile(Buffer.concat([Buffer.from(follower.path('b/')), Buffer.from([0xff])]), 'x');
      const hinted = (): boolean =>
        follower.hints.some((hint) => hint.kind === 'look' && hint.folder === 'b' && hint.child === null);
      assert.ok(await follower.until(hinted));
    }));
}

if (STRATEGIES.includes('folders')) {
  test('a root that goes away is told at once and makes the watch incomplete, until it is back', () =>
    following('folders', twoFolders, async (follower) => {
      const away = `${follower.root}-away`;
      await fs.rename(follower.root, away);
      const lost = (): boolean => follower.hints.some((hint) => hint.kind === 'lost');
      assert.ok(await follower.until(lost));
      assert.equal(follower.watch.health().complete, false);
      follower.hints.length = 0;
      await fs.rename(away, follower.root);
      assert.ok(await follower.until(lost));
      assert.equal(follower.watch.health().complete, true);
      await follower.list('');
      await follower.quiet();
      await fs.writeFile(follower.path('a/deep/new'), 'x');
      assert.ok(await follower.sees('a/deep/new'));
    }));

  test('folders that the scanner takes away are watched no more, nor is what is below them', () =>
    following('folders', twoFolders, async (follower) => {
      follower.watch.removeFolders(['a']);
      // In order after the removal, so it is done by then.
      await follower.watch.addFolders(['b']);
      await fs.writeFile(follower.path('a/deep/unwatched'), 'x');
      await fs.writeFile(follower.path('b/watched'), 'x');
      assert.ok(await follower.sees('b/watched'));
      assert.equal(follower.seen.has('a/deep/unwatched'), false);
    }));

  test('what is listed after its addition has resolved is watched without a gap', () =>
    following('folders', twoFolders, async (follower) => {
      for (let i = 0; i < 20; i += 1) {
        await fs.mkdir(follower.path(`b/gap${i}`));
        await follower.watch.addFolders([`b/gap${i}`]);
        await fs.writeFile(follower.path(`b/gap${i}/f`), 'x');
      }
      assert.ok(await follower.sees(...Array.from({ length: 20 }, (_, index) => `b/gap${index}/f`)));
    }));
}

if (STRATEGIES.includes('folders')) {
  test('a young folder that was listed before it was watched is hinted at, and one that is listed after is not', () =>
    following('folders', twoFolders, async (follower) => {
      const names = ['b/before', 'b/after'];
      // Made where nothing is watched, so that no hint of the parent speaks for them.
      follower.watch.removeFolders(['b']);
      for (const name of names) await fs.mkdir(follower.path(name));
      await follower.watch.addFolders(['b/after'], 'after');
      await follower.watch.addFolders(['b/before']);
      await fs.writeFile(follower.path('top'), 'last');
      assert.ok(await follower.sees('top'));
      const listed = follower.hints.flatMap((hint) =>
        hint.kind === 'look' && hint.child === null ? [hint.folder] : [],
      );
      assert.deepEqual(listed, ['b/before']);
    }));
}

test('a watch that is closed lets nobody wait and gives no more hints', async () => {
  const follower = await Follower.start(STRATEGIES[0] ?? 'tree', twoFolders);
  const added = follower.watch.addFolders(['a', 'b']);
  await follower.watch.close();
  await added;
  await follower.watch.addFolders(['a/deep']);
  follower.watch.removeFolders(['a']);
  await fs.writeFile(follower.path('top'), 'y');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(follower.hints.length, 0);
  await follower.close();
});

test('before it is started a watch says that it is not complete', async () => {
  const watch = openNodeWatch({ root: '.' });
  assert.equal(watch.health().complete, false);
  await watch.addFolders(['x']);
  await watch.close();
});

test('a flush is over when what happened before it was hinted at', {
  skip: process.platform !== 'linux',
}, async () => {
  const root = await freshFolder();
  await twoFolders(root);
  const watch = openNodeWatch({ root, strategy: 'folders' });
  let heard: string[] = [];
  try {
    await watch.start((hints) => {
      for (const hint of hints) if (hint.kind === 'look') heard.push(`${hint.folder}/${hint.child ?? ''}`);
    });
    await watch.addFolders(['a', 'b'], 'after');
    for (let i = 0; i < 40; i += 1) {
      const [from, to] = i % 2 === 0 ? ['/top', 'b/moved'] : ['b/moved', '/top'];
      heard = [];
      await fs.rename(join(root, from), join(root, to));
      await watch.flush();
      assert.ok(heard.includes(from) && heard.includes(to), `rename ${i}: ${heard.join(', ')}`);
    }
  } finally {
    await watch.close();
    await fs.rm(root, { recursive: true, force: true });
  }
});
