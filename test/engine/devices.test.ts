/** The devices of an account, told and ended from one of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart, call, inStep, put, refusal, synced, type TestDevice, text, until, value } from './stage.ts';

const listed = async (device: TestDevice) => value(await device.control['devices.list']({}, call)).devices;

test('every device is listed with how far it is; the one that asks is marked', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(b);
  put(a, 'f.txt', 'two');
  put(a, 'g.txt', 'g');
  await inStep(a);
  const rows = await listed(a);
  assert.deepEqual(rows.map(({ name, os, revoked, self }) => [name, os, revoked, self]).sort(), [
    ['A', 'linux', false, true],
    ['B', 'linux', false, false],
  ]);
  const other = rows.find((row) => row.name === 'B');
  assert.ok((other?.behind ?? 0) >= 2, `${other?.behind}`);
  assert.ok(other?.lastSeenAt !== null);
  assert.equal(rows.find((row) => row.self)?.online, true);
});

test('a device that is ended elsewhere stops, says so, and keeps its files', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  const other = (await listed(a)).find((row) => row.name === 'B');
  assert.ok(other);
  assert.match(
    value(await a.control['devices.revoke']({ deviceId: other.deviceId }, call)).sentence,
    /^B is not linked/,
  );
  await until('B knows', () => b.status().halted?.code === 'signed-out');
  assert.equal(text(b, 'f.txt'), 'one');
  assert.equal((await listed(a)).find((row) => row.name === 'B')?.revoked, true);
  assert.equal(refusal(await a.control['devices.revoke']({ deviceId: 'nobody' }, call)), 'not-found');
});
