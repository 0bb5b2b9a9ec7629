/** How new connections come in when very many do. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, Socket } from 'node:net';
import { test } from 'node:test';
import { Door } from '../../server-stub/http-door.ts';
import { until } from '../support/devices.ts';

const NEVER_MS = 2 ** 30;

test('so many come in as may, in their order, and the next when one has passed; who left meanwhile is passed over', async () => {
  const door = new Door(2, NEVER_MS);
  const sockets = Array.from({ length: 5 }, () => new Socket());
  const inside: number[] = [];
  for (const [index, socket] of sockets.entries()) door.come(socket, () => inside.push(index));
  assert.deepEqual(inside, [0, 1]);
  sockets[2]?.destroy();
  door.passed(sockets[1]!);
  door.passed(sockets[1]!);
  await until('one more is in', async () => (inside.length > 2 ? true : null));
  assert.deepEqual(inside, [0, 1, 3]);
  sockets[0]?.destroy();
  await until('the last is in', async () => (inside.length > 3 ? true : null));
  assert.deepEqual(inside, [0, 1, 3, 4]);
  for (const socket of sockets) {
    socket.destroy();
    door.passed(socket);
  }
});

test('connections that say nothing keep nobody out, and a closed door sends away who stands before it', async () => {
  const door = new Door(1, 1);
  const server = createServer((_request, response) => response.end('answered'));
  door.guard(server, 'connection');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const silent = Array.from({ length: 20 }, () => connect(address.port, '127.0.0.1'));
  const answer = await fetch(`http://127.0.0.1:${address.port}/`);
  assert.equal(await answer.text(), 'answered');
  for (const socket of silent) socket.destroy();
  server.closeAllConnections();
  server.close();

  const shut = new Door(1, NEVER_MS);
  const [first, second] = [new Socket(), new Socket()];
  shut.come(first, () => undefined);
  shut.come(second, () => assert.fail('it came in'));
  shut.close();
  assert.deepEqual([first.destroyed, second.destroyed], [false, true]);
  shut.passed(first);
});
