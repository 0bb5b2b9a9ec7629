/** Shared folders on real folders, by two users on three devices. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Fleet, type TestDevice, until } from '../support/devices.ts';

let fleet: Fleet;
let desk: TestDevice;
let laptop: TestDevice;
let bobs: TestDevice;

before(
  async () => {
    fleet = await Fleet.open('Desk', 'Laptop');
    await fleet.addUser('bob');
    const linked = await fleet.linkFor('bob', 'Bobs');
    await linked.start();
    [desk, laptop, bobs] = fleet.devices as [TestDevice, TestDevice, TestDevice];
  },
  { timeout: 240_000 },
);
after(() => fleet?.close());

const read = (device: TestDevice, path: string) => readFile(device.path(path), 'utf8').catch(() => null);

async function settle(...devices: readonly TestDevice[]): Promise<void> {
  for (const device of [...devices, ...devices]) {
    const answer = await device.ask('wait', { timeout: 20 });
    assert.ok(
      answer.done,
      `${device.name}: ${answer.sentence} ${JSON.stringify(answer.missing)}\n${device.log()}`,
    );
  }
}

async function shows(device: TestDevice, path: string, text: string | null): Promise<void> {
  await until(
    `${device.name} has ${path} with ${text}`,
    async () => ((await read(device, path)) === text ? true : null),
    20_000,
  ).catch(async (error: unknown) => {
    const status = JSON.stringify(await device.status());
    throw new Error(`${String(error)}\n${await read(device, path)}\n${status}\n${device.log().slice(-3000)}`);
  });
}

test('a share is made, accepted and synced both ways, and is nobody’s own folder', {
  timeout: 120_000,
}, async () => {
  const made = await desk.ask('shares.create', { name: 'Plans', kind: 'folder' });
  await writeFile(desk.path('Plans/a.txt'), 'from Anna');
  await desk.ask('shares.member', { share: 'Plans', user: 'bob', role: 'editor' });
  const [invitation] = (await bobs.ask('shares.list', {})).shares;
  assert.deepEqual(
    [invitation?.standing, invitation?.invitedBy, invitation?.path],
    ['invited', 'anna', null],
  );
  await mkdir(bobs.path('Plans'));
  await writeFile(bobs.path('Plans/mine.txt'), 'own');
  await settle(bobs);
  const accepted = await bobs.ask('shares.answer', { share: made.id, accept: true });
  assert.equal(accepted.path, 'Plans (2)', 'a name that is taken');
  await shows(bobs, 'Plans (2)/a.txt', 'from Anna');
  await writeFile(bobs.path('Plans (2)/b.txt'), 'from Bob');
  await shows(desk, 'Plans/b.txt', 'from Bob');
  await shows(laptop, 'Plans/b.txt', 'from Bob');
  await settle(desk, laptop, bobs);
  assert.deepEqual((await readdir(desk.path('Plans'))).sort(), ['.tidemark', 'a.txt', 'b.txt']);
  const folders = await laptop.ask('folders.list', { folder: '' });
  assert.deepEqual(folders.folders, [], 'nothing of it is in a personal namespace');
});

test('it goes on after a restart, and what was done meanwhile is sent', { timeout: 120_000 }, async () => {
  await bobs.stop();
  await writeFile(bobs.path('Plans (2)/b.txt'), 'while it was off');
  await rm(bobs.path('Plans (2)/a.txt'));
  await writeFile(desk.path('Plans/c.txt'), 'meanwhile');
  await bobs.start();
  await shows(desk, 'Plans/b.txt', 'while it was off');
  await shows(desk, 'Plans/a.txt', null);
  await shows(bobs, 'Plans (2)/c.txt', 'meanwhile');
  await bobs.kill();
  await writeFile(bobs.path('Plans (2)/c.txt'), 'after a kill');
  await bobs.start();
  await shows(laptop, 'Plans/c.txt', 'after a kill');
  await settle(desk, laptop, bobs);
});

test('its folder is moved on one device, and is there on the others', { timeout: 120_000 }, async () => {
  await mkdir(desk.path('Work/deep'), { recursive: true });
  await settle(desk, laptop);
  await rename(desk.path('Plans'), desk.path('Work/deep/Our plans'));
  await shows(laptop, 'Work/deep/Our plans/c.txt', 'after a kill');
  assert.ok(!existsSync(laptop.path('Plans')));
  await rename(laptop.path('Work'), laptop.path('Job'));
  await writeFile(laptop.path('Job/deep/Our plans/d.txt'), 'in a folder that moved');
  await shows(desk, 'Job/deep/Our plans/d.txt', 'in a folder that moved');
  await shows(bobs, 'Plans (2)/d.txt', 'in a folder that moved');
  await settle(desk, laptop, bobs);
  assert.equal(await read(desk, 'Job/deep/Our plans/c.txt'), 'after a kill');
  assert.ok(!existsSync(desk.path('Work')));
});

test('who may only look keeps edits and deletions to themselves, and is told; as an editor they go up', {
  timeout: 120_000,
}, async () => {
  const share = 'Job/deep/Our plans';
  await desk.ask('shares.member', { share, user: 'bob', role: 'viewer' });
  await until('the role is known', async () => {
    const [row] = (await bobs.ask('shares.list', {})).shares;
    return row?.role === 'viewer' ? true : null;
  });
  await writeFile(bobs.path('Plans (2)/d.txt'), 'by one who may only look');
  const held = await until('it is told', async () => {
    const { problemList } = await bobs.status();
    return problemList.find(({ code }) => code === 'share-read-only') ?? null;
  });
  assert.equal(held.path, 'Plans (2)/d.txt');
  assert.match(held.sentence, /You may look at this share and not change it/);
  await writeFile(desk.path(`${share}/e.txt`), 'still comes down');
  await shows(bobs, 'Plans (2)/e.txt', 'still comes down');
  await writeFile(desk.path(`${share}/g.txt`), 'deleted by one who may only look');
  await shows(bobs, 'Plans (2)/g.txt', 'deleted by one who may only look');
  await rm(bobs.path('Plans (2)/g.txt'));
  await until('the deletion is told', async () => {
    const { problemList } = await bobs.status();
    return problemList.some(({ code, path }) => code === 'share-read-only' && path === 'Plans (2)/g.txt')
      ? true
      : null;
  });
  assert.equal(await read(desk, `${share}/g.txt`), 'deleted by one who may only look');
  assert.equal(await read(desk, `${share}/d.txt`), 'in a folder that moved');
  await desk.ask('shares.member', { share, user: 'bob', role: 'editor' });
  await shows(desk, `${share}/d.txt`, 'by one who may only look');
  await until('the deletion goes up', async () => (existsSync(desk.path(`${share}/g.txt`)) ? null : true));
  await settle(desk, laptop, bobs);
  assert.equal((await bobs.status()).problems, 0);
});

test('taken out while offline: what was not sent is kept outside the share, the rest is in the trash', {
  timeout: 120_000,
}, async () => {
  const share = 'Job/deep/Our plans';
  await bobs.stop();
  await writeFile(bobs.path('Plans (2)/c.txt'), 'edited after the last sync');
  await mkdir(bobs.path('Plans (2)/new/deep'), { recursive: true });
  await writeFile(bobs.path('Plans (2)/new/deep/f.txt'), 'made after the last sync');
  await desk.ask('shares.remove', { share, user: 'bob' });
  await bobs.start();
  const kept = 'Plans (kept from a share)';
  await until('the folder is gone', async () => (existsSync(bobs.path('Plans (2)')) ? null : true));
  await settle(bobs);
  assert.equal(await read(bobs, `${kept}/c.txt`), 'edited after the last sync');
  assert.equal(await read(bobs, `${kept}/new/deep/f.txt`), 'made after the last sync');
  assert.deepEqual((await readdir(bobs.path(kept))).sort(), ['c.txt', 'new']);
  const { problemList, state } = await bobs.status();
  assert.match(problemList[0]?.sentence ?? '', /not in the share Plans any more.*kept from a share/);
  assert.equal(state, 'up-to-date', 'told, and nothing waits for it');
  const dismissed = await bobs.type('shares', 'dismiss', 'Plans');
  assert.match(dismissed.stdout, /What was told about Plans is put away/);
  await bobs.stop();
  await bobs.start();
  await settle(bobs);
  assert.deepEqual((await bobs.status()).problemList, [], 'also after a restart');
  assert.match((await bobs.type('shares', 'dismiss')).stdout, /Nothing is told/);
  assert.equal(await read(bobs, `${kept}/c.txt`), 'edited after the last sync');
  const { items } = await bobs.ask('trash.list', {});
  const folder = items.find(({ path }) => path === 'Plans (2)');
  assert.ok(folder, JSON.stringify(items));
  await bobs.ask('trash.restore', { id: folder.id });
  assert.equal(await read(bobs, 'Plans (2)/d.txt'), 'by one who may only look');
  await settle(bobs, desk);
  const { folders } = await bobs.ask('folders.list', { folder: '' });
  assert.deepEqual(folders.map(({ path }) => path).sort(), ['Plans', 'Plans (2)', kept]);
  assert.equal(await read(desk, `${share}/c.txt`), 'after a kill', 'nothing of it reached the others');
});

test('leaving takes the folder from all devices of the user; the others keep theirs', {
  timeout: 120_000,
}, async () => {
  const share = 'Job/deep/Our plans';
  await desk.ask('shares.member', { share, user: 'bob', role: 'owner' });
  const [row] = (await bobs.ask('shares.list', {})).shares;
  const accepted = await bobs.ask('shares.answer', { share: row?.id ?? '', accept: true, place: 'Again' });
  assert.equal(accepted.path, 'Again');
  await shows(bobs, 'Again/e.txt', 'still comes down');
  await settle(desk, laptop, bobs);
  await desk.ask('shares.leave', { share });
  await until('it is gone everywhere', async () => {
    const left = [desk, laptop].filter((device) => existsSync(device.path(share)));
    return left.length === 0 ? true : null;
  });
  await settle(desk, laptop, bobs);
  assert.equal(await read(bobs, 'Again/e.txt'), 'still comes down');
  assert.ok(!existsSync(desk.path('Plans (kept from a share)')));
  assert.ok(existsSync(desk.path('Job/deep')), 'the folder that it was in stays');
});

test('what is moved into a share and back is never without a copy that the server has', {
  timeout: 120_000,
}, async () => {
  await mkdir(bobs.path('Own/deep'), { recursive: true });
  await writeFile(bobs.path('Own/one.txt'), 'one');
  await writeFile(bobs.path('Own/deep/two.txt'), 'two');
  const phone = await fleet.linkFor('bob', 'Phone');
  await phone.start();
  await settle(bobs, phone);
  await shows(phone, 'Again/e.txt', 'still comes down');
  await rename(bobs.path('Own'), bobs.path('Again/Own'));
  await shows(phone, 'Again/Own/deep/two.txt', 'two');
  await until('it is gone from where it was', async () => (existsSync(phone.path('Own')) ? null : true));
  await settle(bobs, phone);
  await rename(phone.path('Again/Own/one.txt'), phone.path('one again.txt'));
  await shows(bobs, 'one again.txt', 'one');
  await shows(bobs, 'Again/Own/one.txt', null);
  await settle(bobs, phone);
});

test('moved to where one may only look, it is not deleted where it was', { timeout: 120_000 }, async () => {
  const [bobsPhone] = fleet.devices.slice(3) as [TestDevice];
  await desk.ask('shares.create', { name: 'Library', kind: 'team' });
  await desk.ask('shares.member', { share: 'Library', user: 'bob', role: 'viewer' });
  await bobs.ask('shares.answer', { share: 'Library', accept: true });
  await writeFile(desk.path('Library/book.txt'), 'a book');
  await shows(bobs, 'Library/book.txt', 'a book');
  await shows(bobsPhone, 'Library/book.txt', 'a book');
  await writeFile(bobs.path('dear.txt'), 'only mine');
  await settle(bobs, bobsPhone);
  await rename(bobs.path('dear.txt'), bobs.path('Library/dear.txt'));
  await until('it is told', async () => {
    const { problemList } = await bobs.status();
    return problemList.some(({ path }) => path === 'Library/dear.txt') ? true : null;
  });
  await writeFile(bobs.path('later.txt'), 'sent after it');
  await shows(bobsPhone, 'later.txt', 'sent after it');
  assert.equal(await read(bobsPhone, 'dear.txt'), 'only mine', 'its deletion waits for a copy');
  await bobs.kill();
  await bobs.start();
  await writeFile(bobs.path('latest.txt'), 'sent after a kill');
  await shows(bobsPhone, 'latest.txt', 'sent after a kill');
  assert.equal(await read(bobsPhone, 'dear.txt'), 'only mine', 'also after a kill');
  await desk.ask('shares.member', { share: 'Library', user: 'bob', role: 'editor' });
  await shows(desk, 'Library/dear.txt', 'only mine');
  await shows(bobsPhone, 'dear.txt', null);
});

test('the command line lists, invites, answers and moves', { timeout: 120_000 }, async () => {
  const made = await desk.type('shares', 'create', 'Photos');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /Photos is there: its folder is Photos/);
  assert.equal((await desk.type('shares', 'invite', 'Photos', 'bob', '--role', 'viewer')).code, 0);
  assert.match(
    (await bobs.type('shares')).stdout,
    /Photos +shared folder +viewer +not accepted +invited by anna/,
  );
  assert.match((await bobs.type('status')).stdout, /Invitation +anna invites you to Photos/);
  assert.equal((await bobs.type('shares', 'accept', 'Photos', '--place', 'Annas photos')).code, 0);
  assert.match((await bobs.type('status')).stdout, /Share +Annas photos, viewer/);
  assert.match((await bobs.type('shares', 'members', 'Photos')).stdout, /bob +viewer +in/);
  const refused = await bobs.type('shares', 'invite', 'Photos', 'carla');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /only an owner decides who is in/);
  assert.match(
    (await bobs.type('shares', 'move', 'Photos', 'Pictures')).stdout,
    /in Pictures, on all your devices/,
  );
  await until('the folder is moved', async () => (existsSync(bobs.path('Pictures')) ? true : null));
  assert.equal((await desk.type('shares', 'role', 'Photos', 'bob', 'editor')).code, 0);
  assert.equal((await bobs.type('shares', 'leave', 'Photos')).code, 0);
  await until('the folder is gone', async () => (existsSync(bobs.path('Pictures')) ? null : true));
  assert.match(
    (await bobs.type('shares', 'move', 'Photos', 'x')).stderr,
    /Nothing that is shared with you is called Photos/,
  );
});

test('a folder of one’s own becomes a share at its place: nothing is asked, and nothing is without a copy', {
  timeout: 120_000,
}, async () => {
  await mkdir(desk.path('Harbour/plans'), { recursive: true });
  for (let i = 0; i < 40; i += 1) await writeFile(desk.path(`Harbour/plans/${i}.txt`), `plan ${i}`);
  await writeFile(desk.path('Harbour/read me.txt'), 'first');
  await settle(desk, laptop);
  const made = await desk.ask('shares.create', { name: 'Harbour', kind: 'folder', folder: 'Harbour' });
  assert.equal(made.path, 'Harbour');
  assert.deepEqual((await readdir(desk.path('Harbour'))).sort(), ['.tidemark', 'plans', 'read me.txt']);
  await settle(desk, laptop);
  await until('the laptop has it', async () => {
    const row = (await laptop.ask('shares.list', {})).shares.find(({ id }) => id === made.id);
    return row?.path && (await read(laptop, `${row.path}/plans/39.txt`)) === 'plan 39' ? true : null;
  });
  await settle(desk, laptop);
  assert.equal((await desk.status()).review, 0, 'the user asked for it: it is no accident');
  assert.equal((await laptop.status()).review, 0);
  await until('it is not among their own any more', async () => {
    const { folders } = await laptop.ask('folders.list', { folder: '' });
    return folders.every(({ name }) => name !== 'Harbour') ? true : null;
  });
  await settle(desk, laptop);
  const [row] = (await desk.ask('shares.list', {})).shares.filter(({ id }) => id === made.id);
  assert.match(row?.path ?? '', /^Harbour/);
  await assert.rejects(
    desk.ask('shares.create', { name: 'Again', kind: 'folder', folder: row?.path ?? '' }),
    /no-such-folder/,
  );
});
