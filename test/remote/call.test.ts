import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Caller, defineCall } from '../../src/engine/remote/call.ts';
import { FinalizeAnswer, ManifestsAnswer, ROUTES } from '../../src/protocol/routes.ts';
import { callParts, response } from './scripted-transport.ts';

const FINALIZE = defineCall(ROUTES.finalize, FinalizeAnswer);
const MANIFESTS = defineCall(ROUTES.manifests, ManifestsAnswer);
const REQUEST = { claims: [], settledBelow: 0, cursor: null };
const FINE = { outcomes: [], head: 1 };

function patiently(parts: ReturnType<typeof callParts>) {
  const caller = new Caller(parts);
  return caller.patient(MANIFESTS, caller.request(MANIFESTS, { ids: [] }));
}

test('every call of an engine names its start too', async () => {
  const parts = callParts(() => response(200, FINE));
  const account = { ...parts.account, start: 'ab'.repeat(16) };
  await new Caller({ ...parts, account }).json(FINALIZE, REQUEST);
  const [request] = parts.transport.requests;
  assert.equal(request?.headers['x-tidemark-instance'], `${'0'.repeat(32)}:3:${'ab'.repeat(16)}`);
});

test('every call carries the token, the instance with its generation, and the protocol version', async () => {
  const parts = callParts(() => response(200, FINE));
  await new Caller(parts).json(FINALIZE, REQUEST);
  const [request] = parts.transport.requests;
  assert.equal(request?.method, 'POST');
  assert.equal(request?.path, '/v1/finalize');
  assert.deepEqual(request?.headers, {
    authorization: `Bearer ${'t'.repeat(40)}`,
    'x-tidemark-instance': `${'0'.repeat(32)}:3`,
    'x-tidemark-protocol': '1',
    'content-type': 'application/json',
  });
});

test('a pause the server asked for holds for every call of the device, then ends', async () => {
  const parts = callParts((_request, call) =>
    call === 0
      ? response(429, { code: 'too-many-requests', detail: '', retryAfter: 10 })
      : response(200, FINE),
  );
  const caller = new Caller(parts);
  const first = await caller.json(FINALIZE, REQUEST);
  assert.equal(first.kind === 'trouble' && first.retryAfterMs, 10_000);
  parts.clock.at += 4000;
  const second = await caller.json(MANIFESTS, { ids: [] });
  assert.deepEqual(second, {
    kind: 'trouble',
    code: 'too-many-requests',
    detail: 'the server asked for a pause',
    unknown: false,
    retryAfterMs: 6000,
  });
  assert.equal(parts.transport.requests.length, 1, 'nothing is sent during the pause');
  parts.clock.at += 6000;
  assert.equal((await caller.json(FINALIZE, REQUEST)).kind, 'ok');
});

test('repeatable calls wait passing troubles out', async () => {
  const answers = [
    { kind: 'unreachable', detail: 'ECONNRESET' } as const,
    response(500, { code: 'internal', detail: '' }),
    response(429, { code: 'too-many-requests', detail: '', retryAfter: 3 }),
    response(200, { manifests: [] }),
  ];
  const parts = callParts((_request, call) => answers[call]!);
  const result = await patiently(parts);
  assert.equal(result.kind, 'ok');
  assert.deepEqual(parts.clock.slept, [250, 500, 3150]);
});

test('repeatable calls give up after four tries, after a long pause, and at once where trying cannot help', async () => {
  const down = callParts(() => ({ kind: 'unreachable', detail: 'ECONNREFUSED' }));
  assert.equal((await patiently(down)).kind, 'trouble');
  assert.equal(down.transport.requests.length, 4);
  const busy = callParts(() => response(503, { code: 'unavailable', detail: '', retryAfter: 600 }));
  const told = await patiently(busy);
  assert.equal(told.kind === 'trouble' && told.retryAfterMs, 600_000);
  assert.equal(busy.transport.requests.length, 1);
  const out = callParts(() => response(401, { code: 'signed-out', detail: '' }));
  await patiently(out);
  assert.equal(out.transport.requests.length, 1);
});

test('the deadline of a call grows with the bytes it moves', async () => {
  const parts = callParts(() => response(200, FINE));
  const caller = new Caller(parts);
  await caller.json(FINALIZE, REQUEST);
  await caller.json(FINALIZE, REQUEST, { expectBytes: 4 * 1024 * 1024 });
  const [small, large] = parts.transport.requests.map((request) => request.timeoutMs);
  assert.ok(small! >= 30_000 && small! < 31_000);
  assert.ok(large! > 290_000 && large! < 300_000);
});
