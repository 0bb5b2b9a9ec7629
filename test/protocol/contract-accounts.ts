import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { DevicesAnswer, HelloAnswer } from '../../src/protocol/routes.ts';
import type { Contract } from './contract-suite.ts';
import { parsedAs } from './wire-device.ts';
import { assertRefused, jsonOf } from './wire-http.ts';

export function accountContract(contract: () => Contract): void {
  test('a wrong password and an unknown user are answered alike', async () => {
    const { wire, target } = contract();
    const base = { device: 'd', os: 'test', instance: 'a'.repeat(32) };
    const wrong = await wire.ask('link', { ...base, user: target.user.user, password: 'no' });
    const unknown = await wire.ask('link', { ...base, user: randomUUID(), password: 'no' });
    for (const answer of [wrong, unknown]) {
      assert.equal(answer.status, 401);
      assert.equal(assertRefused(answer).code, 'wrong-password');
    }
    assert.deepEqual(jsonOf(wrong), jsonOf(unknown));
  });

  test('a linked device says hello and is told where it is', async () => {
    const device = await contract().device('laptop');
    const hello = await device.hello();
    assert.equal(hello.serverId, device.link.serverId);
    assert.equal(hello.namespace, device.link.namespace);
    assert.equal(hello.epoch, device.link.epoch);
    assert.equal(hello.device, 'laptop');
    const answer = await device.ask('journal', { cursor: null, limit: 1 });
    assert.equal(answer.headers['x-tidemark-server'], device.link.serverId);
    assert.equal(answer.headers['x-tidemark-epoch'], device.link.epoch);
  });

  test('a copy or an older state of a device is refused, a repeated hello is not', async () => {
    const device = await contract().device();
    const { instance } = device;
    const start = randomBytes(16).toString('hex');
    const hello = { protocol: 1, instance, generation: 5, start, cursor: null };
    parsedAs(HelloAnswer, await device.ask('hello', hello));
    device.generation = 5;
    parsedAs(HelloAnswer, await device.ask('hello', hello));
    const copies = [
      { ...hello, generation: 4 },
      { ...hello, start: randomBytes(16).toString('hex') },
      { ...hello, generation: 9, instance: 'b'.repeat(32) },
    ];
    for (const copy of copies) assert.equal((await device.refusal('hello', copy)).code, 'device-cloned');
    const headers = [`${instance}:4`, `${'b'.repeat(32)}:5`, `${instance}:5:${'c'.repeat(32)}`];
    for (const header of headers) {
      const refusal = await device.refusal('trash', {}, { headers: { 'x-tidemark-instance': header } });
      assert.equal(refusal.code, 'device-cloned', header);
    }
    const odd = await device.refusal('trash', {}, { headers: { 'x-tidemark-instance': 'x' } });
    assert.equal(odd.code, 'bad-request');
    for (const header of [`${instance}:5:${start}`, `${instance}:6:${'c'.repeat(32)}`])
      assert.equal(
        (await device.ask('trash', {}, { headers: { 'x-tidemark-instance': header } })).status,
        200,
      );
    // As a server that was put back sees it: one that said hello since, and one that did before. Only one of them goes on.
    const older = { headers: { 'x-tidemark-instance': `${instance}:5:${start}` } };
    assert.equal((await device.refusal('trash', {}, older)).code, 'device-cloned');
    assert.equal((await device.refusal('hello', hello)).code, 'device-cloned');
    device.generation = 6;
    assert.equal((await device.ask('trash')).status, 200);
    assert.equal((await device.refusal('hello', { ...hello, protocol: 2 })).code, 'protocol-version');
  });

  test('devices are listed and revoked; a revoked one is signed out at once, its long poll included', async () => {
    const [one, two] = [await contract().device('one'), await contract().device('two')];
    const seen = await two.cursor();
    const poll = two.ask('notify', { seen, seconds: 50 });
    const list = parsedAs(DevicesAnswer, await one.ask('devices')).devices;
    const mine = list.find((row) => row.deviceId === one.link.deviceId);
    const theirs = list.find((row) => row.deviceId === two.link.deviceId);
    assert(mine?.self === true && mine.name === 'one' && !mine.revoked);
    assert(theirs?.self === false && theirs.name === 'two' && !theirs.revoked);
    assert.equal((await one.ask('revoke', { deviceId: two.link.deviceId })).status, 200);
    await poll;
    assert.equal((await two.refusal('trash')).code, 'signed-out');
    const after = parsedAs(DevicesAnswer, await one.ask('devices')).devices;
    assert.equal(after.find((row) => row.deviceId === two.link.deviceId)?.revoked, true);
    assert.equal((await one.ask('revoke', { deviceId: two.link.deviceId })).status, 200);
  });

  test('what a device has applied is told to its owner', async () => {
    const device = await contract().device();
    await device.finalize(device.create(`acked ${randomUUID()}`, null));
    const cursor = await device.cursor();
    const { instance } = device;
    await device.ask('hello', { protocol: 1, instance, generation: 2, cursor });
    const list = parsedAs(
      DevicesAnswer,
      await device.ask('devices', {}, { headers: { 'x-tidemark-instance': `${instance}:2` } }),
    );
    assert.equal(list.devices.find((row) => row.self)?.cursor, cursor.seq);
  });
}
