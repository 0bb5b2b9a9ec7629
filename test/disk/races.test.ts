import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { good, goodAll, text, trouble } from './outcomes.ts';
import { CALL_KINDS, freshFolder, type RealWorld, realWorld } from './real-world.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };
const RACE_MS = 400;

/** Acts while a thread runs a snippet over and over, with `fs` (sync), `root`, `extra` and `turn`. */
async function meanwhile(
  root: string,
  extra: Readonly<Record<string, string>>,
  snippet: string,
  act: (turn: number) => Promise<void>,
): Promise<void> {
  const body = `
    const fs = require('node:fs');
    const { workerData } = require('node:worker_threads');
    const { root, extra, stop } = workerData;
    const quiet = (act) => { try { act(); } catch {} };
    let turn = 0;
    while (Atomics.load(stop, 0) === 0) { turn += 1; ${snippet} }
  `;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(body, { eval: true, workerData: { root, extra, stop } });
  const ended = new Promise<void>((resolve, reject) => {
    worker.on('exit', () => resolve());
    worker.on('error', reject);
  });
  try {
    await forAWhile(act);
  } finally {
    Atomics.store(stop, 0, 1);
    await ended;
  }
}

async function inWorld(
  calls: 'native' | 'fallback',
  act: (world: RealWorld) => Promise<void>,
): Promise<void> {
  const world = await realWorld(calls);
  try {
    good(await world.disk.prepare());
    await act(world);
  } finally {
    await world.close();
  }
}

async function forAWhile(act: (turn: number) => Promise<void>): Promise<void> {
  const end = performance.now() + RACE_MS;
  for (let turn = 0; performance.now() < end; turn += 1) await act(turn);
}

if (CALL_KINDS.includes('native')) {
  test('a link that takes the place of a parent folder again and again is never followed', () =>
    inWorld('native', async ({ disk, root, user }) => {
      const outside = await freshFolder();
      try {
        await fs.writeFile(join(outside, 'file'), 'secret');
        await user.write('a/file', 'mine');
        let read = 0;
        await meanwhile(
          root,
          { outside },
          `quiet(() => fs.renameSync(root + '/a', root + '/b'));
           quiet(() => fs.symlinkSync(extra.outside, root + '/a'));
           quiet(() => fs.unlinkSync(root + '/a'));
           quiet(() => fs.renameSync(root + '/b', root + '/a'));`,
          async (turn) => {
            const name = `s${turn}`;
            await disk.stage([{ name, bytes: Buffer.from('ours'), meta: META }]);
            const [bytes] = await disk.readSmall(['a/file'], 100);
            if (bytes?.kind === 'read') {
              assert.equal(text(bytes.bytes), 'mine');
              read += 1;
            }
            await disk.place([{ staged: name, path: `a/new${turn}`, mode: 'new' }]);
            await disk.toTrash([{ path: 'a/other', name: `t${turn}` }]);
            await disk.makeFolders([`a/folder${turn}`]);
            await disk.list('a');
            await disk.eraseStaged([name]);
          },
        );
        assert.ok(read > 0, 'the folder was never in its place');
        assert.deepEqual(await fs.readdir(outside), ['file']);
        assert.equal(await fs.readFile(join(outside, 'file'), 'utf8'), 'secret');
      } finally {
        await fs.rm(outside, { recursive: true });
      }
    }));

  test('an exchange onto a path that a folder and a file take in turns never lets a folder into staging', () =>
    inWorld('native', async ({ disk, root, user }) => {
      await user.write('d/inside', 'kept');

      await meanwhile(
        root,
        {},
        `quiet(() => fs.writeFileSync(root + '/p', 'user'));
         quiet(() => fs.renameSync(root + '/p', root + '/q'));
         quiet(() => fs.renameSync(root + '/d', root + '/p'));
         quiet(() => fs.renameSync(root + '/p', root + '/d'));`,
        async () => {
          await disk.stage([{ name: 'ours', bytes: Buffer.from('ours'), meta: META }]);
          await disk.place([{ staged: 'ours', path: 'p', mode: 'exchange' }]);
          for (const { stamp } of await disk.listStaged()) assert.equal(stamp.kind, 'file');
        },
      );
      const folders: string[] = [];
      for (const { name, stamp } of good(await disk.list('')).entries) {
        if (stamp.kind === 'folder') folders.push(name ?? '');
      }
      assert.equal(folders.length, 1);
      assert.equal(await user.read(`${folders[0]}/inside`), 'kept');
    }));

  test('a staged file that someone has open is not proven free, and is once it is closed', () =>
    inWorld('native', async ({ disk, root }) => {
      goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('x'), meta: META }]));
      assert.equal(await disk.maybeOpenElsewhere('s'), false);
      for (const flags of ['r', 'r+']) {
        const other = await fs.open(join(root, '.tidemark/staging/s'), flags);
        assert.equal(await disk.maybeOpenElsewhere('s'), true, flags);
        await other.close();
        assert.equal(await disk.maybeOpenElsewhere('s'), false);
      }
      assert.equal(await disk.maybeOpenElsewhere('none'), true);
    }));

  test('what another process has open is told apart: for writing, or only for reading', () =>
    inWorld('native', async ({ disk, root, user }) => {
      const ways = { read: '<', written: '>>', both: '<>' };
      const names = Object.keys(ways);
      for (const name of names) await user.write(name, 'x');
      spawnSync('mkfifo', [join(root, 'pipe')]);
      const redirections = Object.entries(ways).map(([name, sign], index) => `${index + 3}${sign}${name}`);
      const other = spawn('sh', ['-c', `exec ${redirections.join(' ')}; echo ready; read line`], {
        cwd: root,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(other, 'exit');
      await once(other.stdout, 'data');
      assert.deepEqual(await disk.beingWritten([...names, 'pipe']), [false, true, true, false]);
      other.stdin.end('\n');
      await ended;
      assert.deepEqual(await disk.beingWritten([...names, 'pipe']), [false, false, false, false]);
    }));

  test('a program that opens and writes a file while it is asked about, again and again, is not disturbed', () =>
    inWorld('native', async ({ disk, root, user }) => {
      await user.write('f', '');
      const counter = join(root, 'count');
      await meanwhile(
        root,
        { counter },
        `fs.appendFileSync(root + '/f', 'x'); fs.writeFileSync(extra.counter, String(turn));`,
        async () => {
          await disk.beingWritten(Array.from({ length: 50 }, () => 'f'));
        },
      );
      assert.equal((await user.read('f')).length, Number(await user.read('count')));
    }));
}

for (const calls of CALL_KINDS) {
  test(`a save between the look and the exchange is found in what was displaced (${calls})`, () =>
    inWorld(calls, async ({ disk, user }) => {
      await user.write('f', 'synced');
      const looked = good(await disk.look('f')).stamp;
      goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('new version'), meta: META }]));
      await user.write('tmp', 'the edit nobody may lose');
      await user.rename('tmp', 'f');
      const [placed] = goodAll(await disk.place([{ staged: 's', path: 'f', mode: 'exchange' }]));
      assert.notEqual(placed?.displaced?.fileId, looked.fileId);
      const kept = good(await disk.fingerprintReserved('staging', 's'));
      assert.equal(kept.bytes === null ? null : text(kept.bytes), 'the edit nobody may lose');
      assert.equal(await user.read('f'), 'new version');
    }));

  test(`a write through a descriptor opened before the exchange lands in the displaced file (${calls})`, () =>
    inWorld(calls, async ({ disk, root, user }) => {
      await user.write('f', 'synced');
      const descriptor = await fs.open(join(root, 'f'), 'r+');
      goodAll(await disk.stage([{ name: 's', bytes: Buffer.from('ours'), meta: META }]));
      const [placed] = goodAll(await disk.place([{ staged: 's', path: 'f', mode: 'exchange' }]));
      assert.equal(await disk.maybeOpenElsewhere('s'), true);
      await descriptor.write('EDITED', 0);
      await descriptor.close();
      const kept = good(await disk.fingerprintReserved('staging', 's'));
      assert.equal(kept.bytes === null ? null : text(kept.bytes), 'EDITED');
      assert.notDeepEqual(kept.stamp, placed?.displaced);
      assert.equal(await user.read('f'), 'ours');
    }));

  test(`a listing never misses an object that is renamed while it is read (${calls})`, () =>
    inWorld(calls, async ({ disk, root, user }) => {
      for (let i = 0; i < 300; i += 1) await user.write(`d/still${i}`, '');
      await user.write('d/first', 'moving');
      let listed = 0;
      await meanwhile(
        root,
        {},
        `quiet(() => fs.renameSync(root + '/d/first', root + '/d/zzz' + turn));
         quiet(() => fs.renameSync(root + '/d/zzz' + turn, root + '/d/first'));
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, turn % 8 === 0 ? 20 : 0);`,
        async () => {
          const listing = await disk.list('d');
          if (listing.kind === 'failed') {
            assert.equal(trouble(listing), 'busy');
            return;
          }
          listed += 1;
          assert.equal(listing.entries.length, 301);
        },
      );
      assert.ok(listed > 0, 'the folder was never still enough');
    }));

  test(`bytes that are read whole are of one moment, however the file is rewritten meanwhile (${calls})`, () =>
    inWorld(calls, async ({ disk, root, user }) => {
      await user.write('f', 'a'.repeat(60_000));
      let read = 0;
      await meanwhile(
        root,
        {},
        `const letter = 'abcdefgh'[turn % 8];
         quiet(() => fs.writeFileSync(root + '/f', letter.repeat(60000 + letter.charCodeAt(0))));
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, turn % 4);`,
        async () => {
          const [outcome] = await disk.readSmall(['f'], 100_000);
          if (outcome?.kind !== 'read') return;
          read += 1;
          const content = text(outcome.bytes);
          assert.equal(new Set(content).size <= 1, true, 'letters of two saves');
          assert.equal(outcome.stamp.size, content.length);
        },
      );
      assert.ok(read > 0, 'the file was never still enough');
    }));
}
