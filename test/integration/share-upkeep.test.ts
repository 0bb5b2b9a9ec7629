/** Shares through what happens to a computer: a token kept elsewhere, a state that is lost, names that are near or were just left. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LinkResult } from '../../src/ipc/link.ts';
import { Fleet, type TestDevice, until } from '../support/devices.ts';

const LIMIT = { timeout: 120_000 };

let fleet: Fleet;
let desk: TestDevice;
let laptop: TestDevice;

before(
  async () => {
    fleet = await Fleet.open('Desk', 'Laptop');
    [desk, laptop] = fleet.devices as [TestDevice, TestDevice];
    await mkdir(desk.path('Work'));
    await settle();
    const made = await desk.ask('shares.create', { name: 'Plans', kind: 'folder' });
    await desk.ask('shares.move', { share: made.id, place: 'Work/Plans' });
    await desk.ask('shares.create', { name: 'Library', kind: 'team' });
    await writeFile(desk.path('Work/Plans/a.txt'), 'a');
    await writeFile(desk.path('Library/book.txt'), 'a book');
    await shows(laptop, 'Work/Plans/a.txt', 'a');
    await shows(laptop, 'Library/book.txt', 'a book');
    await settle();
  },
  { timeout: 240_000 },
);
after(() => fleet?.close());

async function settle(): Promise<void> {
  for (const device of [desk, laptop, desk, laptop]) {
    const answer = await device.ask('wait', { timeout: 30 });
    assert.ok(
      answer.done,
      `${device.name}: ${answer.sentence} ${JSON.stringify(answer.missing)}\n${device.log()}`,
    );
  }
}

async function shows(device: TestDevice, path: string, text: string | null): Promise<void> {
  await until(`${device.name} has ${path} with ${text}`, async () =>
    (await readFile(device.path(path), 'utf8').catch(() => null)) === text ? true : null,
  );
}

const namesIn = async (device: TestDevice, folder = '') =>
  (await readdir(device.path(folder))).filter((name) => name !== '.tidemark').sort();

/** Nothing in a personal namespace is, or was, anything of a share. */
async function ownFolders(): Promise<readonly string[]> {
  const { folders } = await laptop.ask('folders.list', { folder: '' });
  return folders.map(({ path }) => path).sort();
}

test(
  'a token that is kept elsewhere opens those of the shares, before and after a restart',
  LIMIT,
  async () => {
    await laptop.stop();
    const said = await fleet.typeLink(laptop, 'anna', '--token-out', '--json');
    assert.equal(said.code, 0, said.stderr);
    const answer = JSON.parse(said.stdout) as LinkResult;
    assert.ok(answer.kind !== 'refused' && answer.token !== null);
    const { token } = answer;
    for (const text of ['before', 'after']) {
      await laptop.start();
      await laptop.ask('token.give', { token });
      await settle();
      await writeFile(desk.path('Library/book.txt'), text);
      await shows(laptop, 'Library/book.txt', text);
      await writeFile(laptop.path('Work/Plans/a.txt'), text);
      await shows(desk, 'Work/Plans/a.txt', text);
      await settle();
      await laptop.stop();
    }
    const sealed = readdirSync(join(laptop.state, 'shares'));
    assert.equal(sealed.length, 2);
    for (const share of sealed)
      assert.ok(!existsSync(join(laptop.state, 'shares', share, 'token')), 'none lies open');
    await laptop.start();
    await laptop.ask('token.give', { token });
    await settle();
  },
);

test(
  'the state of the device is lost and those of its shares are not: they are taken up where they stand',
  LIMIT,
  async () => {
    await desk.kill();
    for (const name of readdirSync(desk.state))
      if (name.startsWith('state.db')) rmSync(join(desk.state, name));
    await writeFile(desk.path('Work/Plans/a.txt'), 'edited while it was off');
    await writeFile(laptop.path('Library/new.txt'), 'meanwhile');
    await desk.start();
    await shows(laptop, 'Work/Plans/a.txt', 'edited while it was off');
    await shows(desk, 'Library/new.txt', 'meanwhile');
    await settle();
    for (const device of [desk, laptop]) {
      assert.deepEqual(await namesIn(device), ['Library', 'Work']);
      assert.deepEqual(await namesIn(device, 'Work'), ['Plans']);
      assert.deepEqual(await namesIn(device, 'Work/Plans'), ['a.txt']);
      assert.deepEqual(await namesIn(device, 'Library'), ['book.txt', 'new.txt']);
    }
    assert.deepEqual(await ownFolders(), ['Work'], 'nothing of a share became anybody’s own');
    const { items } = await laptop.ask('trash.list', {});
    const deleted = items.filter(({ where }) => where === 'server');
    assert.deepEqual(deleted, [], 'nothing was deleted for others');
  },
);

test('a name that differs by case alone is taken, for a share and for its move', LIMIT, async () => {
  await mkdir(desk.path('photos'));
  await settle();
  const made = await desk.ask('shares.create', { name: 'Photos', kind: 'folder' });
  assert.equal(made.path, 'Photos (2)');
  await until('the laptop has it', async () => (existsSync(laptop.path('Photos (2)')) ? true : null));
  await desk.ask('shares.move', { share: made.id, place: 'PHOTOS' });
  await settle();
  for (const device of [desk, laptop])
    assert.deepEqual(
      (await namesIn(device)).filter((name) => /photos/i.test(name)),
      ['PHOTOS (2)', 'photos'],
    );
});

test(
  'moved by hand onto a name that was just emptied, it stands there, and nothing stays hidden',
  LIMIT,
  async () => {
    await mkdir(desk.path('Harbour/deep'), { recursive: true });
    await writeFile(desk.path('Harbour/deep/own.txt'), 'own');
    await settle();
    const made = await desk.ask('shares.create', { name: 'Harbour', kind: 'folder' });
    assert.equal(made.path, 'Harbour (2)');
    await writeFile(desk.path('Harbour (2)/shared.txt'), 'shared');
    await settle();
    // In one go: no look at the disk comes in between.
    renameSync(desk.path('Harbour/deep'), desk.path('deep'));
    rmdirSync(desk.path('Harbour'));
    renameSync(desk.path('Harbour (2)'), desk.path('Harbour'));
    await shows(laptop, 'Harbour/shared.txt', 'shared');
    await settle();
    for (const device of [desk, laptop]) {
      assert.deepEqual(
        (await namesIn(device)).filter((name) => /harbour/i.test(name)),
        ['Harbour'],
        device.name,
      );
      assert.equal(await readFile(device.path('deep/own.txt'), 'utf8'), 'own');
    }
    assert.ok(!(await ownFolders()).includes('Harbour'));
  },
);

test(
  'made from a folder, a share stands under the same name on every device of the user',
  LIMIT,
  async () => {
    await mkdir(desk.path('Trip (2)'));
    await mkdir(desk.path('Trip'));
    for (let i = 0; i < 20; i += 1) await writeFile(desk.path(`Trip/${i}.txt`), `${i}`);
    await settle();
    const made = await desk.ask('shares.create', { name: 'Trip', kind: 'folder', folder: 'Trip' });
    assert.equal(made.path, 'Trip');
    await until('the laptop has it', async () => {
      const row = (await laptop.ask('shares.list', {})).shares.find(({ id }) => id === made.id);
      return row?.path === 'Trip' && existsSync(laptop.path('Trip/19.txt')) ? true : null;
    });
    await settle();
    for (const device of [desk, laptop]) {
      const names = (await namesIn(device)).filter((name) => name.startsWith('Trip'));
      assert.deepEqual(names, ['Trip', 'Trip (2)'], device.name);
      assert.equal((await namesIn(device, 'Trip')).length, 20);
    }
    assert.equal((await laptop.status()).review, 0);
    await rename(laptop.path('Trip'), laptop.path('Journey'));
    await shows(desk, 'Journey/7.txt', '7');
    await settle();
  },
);
