/** A bounded sample of `npm run fuzz:routes`; the seed is printed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeNames } from '../../server-stub/routes/table.ts';
import { ROUTES, type Route } from '../../src/protocol/routes.ts';
import { seed } from '../property/seeded.ts';
import { linkDevice } from '../protocol/wire-device.ts';
import { assertHonest, Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { fuzzRound } from './route-fuzz.ts';

/** In one world each; both are asked. */
const ROUNDS = 5;
const REQUESTS = 240;

test('whatever a stranger sends, answers are typed, and tell nothing of what is not theirs', async (t) => {
  t.diagnostic(`PROPERTY_SEED=${seed}`);
  let asked = 0;
  const statuses = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const done = await fuzzRound(seed + round, REQUESTS);
    assert.deepEqual(done.faults, []);
    asked += done.requests;
    for (const status of done.statuses.keys()) statuses.add(status);
  }
  t.diagnostic(`${asked} requests`);
  // Some get through, and others are refused in every way there is: the sample reaches what it should.
  for (const status of [200, 400, 401, 404, 405, 422]) assert.ok(statuses.has(status), `no ${status}`);
});

const TYPES = ['text/html', 'application/json; charset=utf-16', 'multipart/form-data; boundary=', 'x', ''];
const BODIES = ['', '{', 'TMF1', '<a>', '{}', '\u0000'.repeat(70_000)];

test('over HTTP, too: whatever a body is called and is, every route answers, and the server goes on', async (t) => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
  });
  const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
  for (const [at, name] of routeNames().entries()) {
    const { method, path }: Route = ROUTES[name];
    for (const [turn, type] of TYPES.entries()) {
      const body = method === 'GET' ? null : (BODIES[(at + turn) % BODIES.length] ?? '');
      const headers = { ...device.headers(), 'content-type': type };
      const answer = await wire.send(method, path, body, { headers });
      assert.notEqual(answer.status, 500, `${name} ${type}`);
      assertHonest(name, answer);
    }
  }
  for (const path of ['/v1/%', '/v1/%ff', '/%00', '/v1/health/..', '/v1/devices?%'])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const answer = await wire.send(method, path, null, {
        headers: { ...device.headers(), 'content-type': 'x' },
      });
      assert.notEqual(answer.status, 500, `${method} ${path}`);
      if (answer.status !== 405) assertHonest('devices', answer);
    }
  assert.equal((await device.ask('devices')).status, 200);
});
