/** Questions of an operator to a server that runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageAnswer } from '../../src/protocol/operation-routes.ts';
import { CreateShareAnswer } from '../../src/protocol/shares.ts';
import { fileOf, linkDevice, parsedAs } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { typed } from '../support/typed.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };

test('devices, conflicts and jobs are told, and a switch is obeyed by the running server', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  const ask = async (...words: readonly string[]) => {
    const said = await typed(['admin', ...words, '--data', server.data, '--json']);
    return { code: said.code, value: JSON.parse(said.stdout) };
  };
  try {
    const [a, b] = [await linkDevice(wire, ME, 'laptop'), await linkDevice(wire, ME, 'phone')];
    const event = await a.addFile('f.txt', Buffer.from('one'));
    const two = fileOf(Buffer.from('two'));
    await a.commit(two.frames, a.edit(event, two.content));
    const three = fileOf(Buffer.from('three'));
    await b.commit(three.frames, b.edit(event, three.content));
    const { devices } = (await ask('devices')).value;
    assert.deepEqual(
      devices.map(({ user, device, revoked }: Record<string, unknown>) => [user, device, revoked]),
      [
        ['ada', 'laptop', false],
        ['ada', 'phone', false],
      ],
    );
    const { conflicts } = (await ask('conflicts')).value;
    assert.deepEqual([conflicts.length, conflicts[0].path, conflicts[0].device], [1, 'f.txt', 'phone']);

    const json = { name: 'Plans', kind: 'team' };
    const { namespace } = parsedAs(CreateShareAnswer, await a.ask('createShare', json));
    const limited = (await ask('quota', namespace, '--set', '10K')).value;
    assert.deepEqual(limited, { share: namespace, used: 0, quota: 10_240 });
    const { shares } = (await ask('shares')).value;
    const plans = { id: namespace, ...json, owners: 'ada', members: 1, used: 0, quota: 10_240 };
    assert.deepEqual(shares, [plans]);
    assert.equal(
      parsedAs(UsageAnswer, await a.ask('usage')).quota,
      null,
      'what its members have is their own',
    );
    for (const other of [a.link.namespace, 'Plans'])
      assert.equal((await typed(['admin', 'quota', other, '--data', server.data])).code, 1);

    assert.equal((await ask('switch', 'shed-background', 'on')).code, 0);
    const { jobs: runner } = server.server.core;
    assert.equal((await runner.runNow('collection')).kind, 'not-now');
    const { switches } = (await ask('switch', 'shed-background', 'off')).value;
    assert.equal(
      switches.some(({ on }: { readonly on: boolean }) => on),
      false,
    );
    assert.equal((await runner.runNow('collection')).kind, 'done');
    const { jobs } = (await ask('jobs')).value;
    assert(
      jobs.some(({ job, endedAt }: Record<string, unknown>) => job === 'collection' && endedAt !== null),
    );
    const wrong = await typed(['admin', 'switch', 'no-such', 'on', '--data', server.data]);
    assert.deepEqual([wrong.code, /There is no switch "no-such"/.test(wrong.stderr)], [1, true]);
    assert.equal((await typed(['admin', 'switch', 'shed-background', '--data', server.data])).code, 2);
  } finally {
    await wire.close();
    await server.close();
  }
});
