import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Transport, TransportRequest } from '../../src/engine/environment/transport.ts';
import { createNodeTransport } from '../../src/engine/remote/node-transport.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

async function serve(t: TestContext, handler: Handler): Promise<string> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handler(request, response, Buffer.concat(parts)));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function transportTo(
  t: TestContext,
  serverUrl: string,
  env: Record<string, string> = {},
  proxyLoopback = false,
): Transport {
  const transport = createNodeTransport({ serverUrl, env, proxyLoopback });
  t.after(() => transport.close());
  return transport;
}

function ask(path = '/v1/health', extra: Partial<TransportRequest> = {}): TransportRequest {
  return {
    method: 'GET',
    path,
    headers: {},
    body: null,
    timeoutMs: 5000,
    maxResponseBytes: 1024 * 1024,
    ...extra,
  };
}

const textOf = (outcome: Awaited<ReturnType<Transport['exchange']>>): string =>
  outcome.kind === 'response' ? `${outcome.status} ${new TextDecoder().decode(outcome.body)}` : outcome.kind;

test('requests and answers arrive whole, below the path of the server address', async (t) => {
  const url = await serve(t, (request, response, body) => {
    response.setHeader('X-Tidemark-Server', 'abc');
    response.end(`${request.method} ${request.url} ${request.headers['x-a']} ${body.length}`);
  });
  const transport = transportTo(t, `${url}/tide/`);
  const body = new Uint8Array(3_000_000).fill(1);
  const outcome = await transport.exchange(
    ask('/v1/chunks', { method: 'PUT', body, headers: { 'x-a': 'b' } }),
  );
  assert.equal(textOf(outcome), '200 PUT /tide/v1/chunks b 3000000');
  assert.equal(outcome.kind === 'response' && outcome.headers['x-tidemark-server'], 'abc');
  assert.ok(transport.bytesSent > 3_000_050 && transport.bytesSent < 3_000_400, `${transport.bytesSent}`);
  assert.ok(transport.bytesReceived > 60 && transport.bytesReceived < 400, `${transport.bytesReceived}`);
});

test('connections are kept, at most six, one request on each at a time', async (t) => {
  const sockets = new Set<Socket>();
  let now = 0;
  let most = 0;
  const url = await serve(t, (request, response) => {
    sockets.add(request.socket);
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end('ok');
    }, 5);
  });
  const transport = transportTo(t, url);
  await Promise.all(
    Array.from({ length: 40 }, () =>
      transport.exchange(ask('/v1/x', { method: 'POST', body: new Uint8Array(9) })),
    ),
  );
  assert.equal(sockets.size, 6);
  assert.equal(most, 6);
});

test('calls that are parked keep no other call waiting, however many they are', async (t) => {
  const parked: ServerResponse[] = [];
  const url = await serve(t, (request, response) => {
    if (request.url === '/v1/notify') parked.push(response);
    else response.end(`${parked.length} are parked`);
  });
  const transport = transportTo(t, url);
  const polls = Array.from({ length: 20 }, () => transport.exchange(ask('/v1/notify', { parks: true })));
  while (parked.length < polls.length) assert.match(textOf(await transport.exchange(ask())), /^200/);
  assert.equal(textOf(await transport.exchange(ask())), '200 20 are parked');
  for (const response of parked) response.end('news');
  assert.ok((await Promise.all(polls)).every((each) => textOf(each) === '200 news'));
});

test('redirects come back as they are and are not followed', async (t) => {
  let elsewhere = 0;
  const other = await serve(t, (_request, response) => {
    elsewhere += 1;
    response.end('secret');
  });
  const url = await serve(t, (_request, response) => response.writeHead(307, { location: other }).end());
  assert.equal(textOf(await transportTo(t, url).exchange(ask())), '307 ');
  assert.equal(elsewhere, 0);
});

test('an answer above its bound is dropped, announced or not', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/announced') response.setHeader('content-length', 2000);
    response.write('x'.repeat(1000));
    response.end('x'.repeat(1000));
  });
  const transport = transportTo(t, url);
  for (const path of ['/announced', '/endless']) {
    const outcome = await transport.exchange(ask(path, { maxResponseBytes: 1500 }));
    assert.equal(outcome.kind, 'oversized', path);
  }
  assert.equal((await transport.exchange(ask('/announced', { maxResponseBytes: 2000 }))).kind, 'response');
});

test('a torn answer is no answer', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/length') response.setHeader('content-length', 2000);
    response.write('x'.repeat(1000));
    setTimeout(() => response.destroy(), 20);
  });
  const transport = transportTo(t, url);
  for (const path of ['/length', '/chunked']) {
    assert.equal((await transport.exchange(ask(path))).kind, 'unreachable', path);
  }
});

test('a server that is silent, or trickles, meets the deadline', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/silent') return;
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const transport = transportTo(t, url);
  for (const path of ['/silent', '/trickle']) {
    const outcome = await transport.exchange(ask(path, { timeoutMs: 150 }));
    assert.deepEqual(outcome, { kind: 'unreachable', detail: 'no whole answer within 150 ms' }, path);
  }
});

test('nobody there is told with the reason', async (t) => {
  const taken = createTcpServer();
  await new Promise<void>((ready) => taken.listen(0, '127.0.0.1', ready));
  const { port } = taken.address() as AddressInfo;
  await new Promise((closed) => taken.close(closed));
  const outcome = await transportTo(t, `http://127.0.0.1:${port}`).exchange(ask());
  assert.ok(outcome.kind === 'unreachable' && /ECONNREFUSED/.test(outcome.detail));
});

test('an abort ends a call at once, also before it began', async (t) => {
  const url = await serve(t, () => {});
  const transport = transportTo(t, url);
  const controller = new AbortController();
  const parked = transport.exchange(ask('/v1/notify', { signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  assert.deepEqual(await parked, { kind: 'aborted' });
  assert.deepEqual(await transport.exchange(ask('/', { signal: controller.signal })), { kind: 'aborted' });
});

test('closing ends what is in flight', async (t) => {
  const url = await serve(t, () => {});
  const transport = createNodeTransport({ serverUrl: url, env: {} });
  const parked = transport.exchange(ask());
  await transport.close();
  assert.equal((await parked).kind, 'unreachable');
});

test('the proxy of the environment is used, never for loopback unless asked, and not for excepted hosts', async (t) => {
  const proxied: string[] = [];
  const proxy = await serve(t, (request, response) => {
    proxied.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    response.end('by proxy');
  });
  const direct = await serve(t, (_request, response) => response.end('direct'));
  const env = { http_proxy: proxy.replace('//', '//ada:pw@') };
  assert.equal(textOf(await transportTo(t, direct, env).exchange(ask())), '200 direct');
  assert.equal(textOf(await transportTo(t, direct, env, true).exchange(ask())), '200 by proxy');
  const named = 'http://sync.invalid:81';
  assert.equal(textOf(await transportTo(t, named, env).exchange(ask())), '200 by proxy');
  const excepted = transportTo(t, named, { ...env, NO_PROXY: 'other.example,sync.invalid' });
  assert.equal((await excepted.exchange(ask())).kind, 'unreachable');
  const auth = `Basic ${Buffer.from('ada:pw').toString('base64')}`;
  assert.deepEqual(proxied, [`${direct}/v1/health ${auth}`, `${named}/v1/health ${auth}`]);
});

test('a proxy that wants a sign-in, and a proxy setting that is none, are told as such', async (t) => {
  const proxy = await serve(t, (_request, response) => response.writeHead(407).end());
  const refused = await transportTo(t, 'http://sync.invalid', { HTTP_PROXY: proxy }).exchange(ask());
  assert.ok(refused.kind === 'unreachable' && /407/.test(refused.detail), JSON.stringify(refused));
  const odd = await transportTo(t, 'http://sync.invalid', { HTTP_PROXY: 'not a url' }).exchange(ask());
  assert.ok(odd.kind === 'unreachable' && /proxy setting/.test(odd.detail), JSON.stringify(odd));
});
