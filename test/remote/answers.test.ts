import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransportOutcome } from '../../src/engine/environment/transport.ts';
import { classify } from '../../src/engine/remote/answers.ts';
import { defineCall } from '../../src/engine/remote/call.ts';
import { ERRORS, type ErrorCode } from '../../src/protocol/errors.ts';
import { encodeFrames } from '../../src/protocol/frames.ts';
import { parseChunkId } from '../../src/protocol/ids.ts';
import { ChunksAnswer, FinalizeAnswer, ROUTES } from '../../src/protocol/routes.ts';
import { response, SERVER_ID } from './scripted-transport.ts';

const FINALIZE = defineCall(ROUTES.finalize, FinalizeAnswer);
const GET_CHUNKS = defineCall(ROUTES.getChunks, ChunksAnswer);
const NOW = Date.parse('Fri, 18 Sep 2026 18:02:00 GMT');

const meaning = (outcome: TransportOutcome) => classify(FINALIZE, outcome, SERVER_ID, NOW);

/** Code, whether the server may have acted, and the pause it asked for. */
function told(outcome: TransportOutcome): readonly [string, boolean, number] {
  const result = meaning(outcome);
  return result.kind === 'ok' ? ['ok', false, 0] : [result.code, result.unknown, result.retryAfterMs];
}

test('an answer that fits its schema is the value', () => {
  const result = meaning(response(200, { outcomes: [], head: 7 }));
  assert.deepEqual(result, { kind: 'ok', value: { value: { outcomes: [], head: 7 }, frames: [] } });
});

test('every code the server may say is taken at its word with the status that belongs to it', () => {
  const codes = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].status !== null);
  assert.ok(codes.length > 15);
  for (const code of codes) {
    const status = ERRORS[code].status!;
    assert.deepEqual(told(response(status, { code, detail: 'x' })), [code, code === 'internal', 0]);
    assert.deepEqual(told(response(status === 400 ? 404 : 400, { code, detail: 'x' })), [
      'bad-answer',
      true,
      0,
    ]);
  }
});

test('a code about this computer makes no sense from a server', () => {
  assert.equal(told(response(422, { code: 'state-corrupt', detail: '' }))[0], 'bad-answer');
});

test('silence and torn answers leave open whether the server acted', () => {
  assert.deepEqual(told({ kind: 'unreachable', detail: 'ECONNRESET' }), ['unreachable', true, 0]);
  assert.deepEqual(told({ kind: 'aborted' }), ['unreachable', true, 0]);
  assert.deepEqual(told({ kind: 'oversized', detail: 'too much' }), ['bad-answer', true, 0]);
});

test('garbage of any kind is a bad answer and never an empty result', () => {
  const bodies: readonly (string | object | Uint8Array)[] = [
    '',
    '<html><body>Welcome to HotelNet</body></html>',
    '{"outcomes":[],"head":7',
    '{"outcomes":[]}',
    'null',
    '[]',
    '7',
    { outcomes: [], head: -1 },
    { outcomes: [], head: 7, extra: true },
    { outcomes: [{ kind: 'committed' }], head: 7 },
    new Uint8Array([0xff, 0xfe, 0x00]),
  ];
  for (const body of bodies) assert.deepEqual(told(response(200, body)), ['bad-answer', true, 0]);
});

test('a redirect is not followed but told', () => {
  const result = meaning(response(302, '', { location: 'http://elsewhere.example/' }));
  assert.equal(result.kind === 'trouble' && result.code, 'bad-answer');
  assert.match(result.kind === 'trouble' ? result.detail : '', /elsewhere\.example/);
});

test("a gateway's refusal without a body of ours keeps the meaning of its status", () => {
  const html = '<h1>Bad Gateway</h1>';
  assert.deepEqual(told(response(502, html)), ['unavailable', true, 0]);
  assert.deepEqual(told(response(503, html, { 'retry-after': '12' })), ['unavailable', true, 12_000]);
  assert.deepEqual(told(response(504, html)), ['unavailable', true, 0]);
  assert.deepEqual(told(response(429, html, { 'retry-after': '1e3' })), ['too-many-requests', true, 0]);
  assert.deepEqual(told(response(413, html)), ['bad-answer', true, 0]);
  assert.deepEqual(told(response(500, html)), ['bad-answer', true, 0]);
});

test('the longer of the pauses in header and body counts', () => {
  const body = { code: 'too-many-requests', detail: '', retryAfter: 5 };
  assert.deepEqual(told(response(429, body, { 'retry-after': '2' })), ['too-many-requests', false, 5000]);
  assert.deepEqual(told(response(429, body, { 'retry-after': '9' })), ['too-many-requests', false, 9000]);
  const absurd = { ...body, retryAfter: 1e12 };
  assert.deepEqual(told(response(429, absurd)), ['too-many-requests', false, 3_600_000]);
});

test('401 of this server signs out, 401 of something in between does not', () => {
  assert.equal(told(response(401, { code: 'signed-out', detail: '' }))[0], 'signed-out');
  assert.equal(told(response(401, 'whatever'))[0], 'signed-out');
  const portal = response(401, '<html>log in to the network</html>');
  const headers = { 'content-type': 'text/html' };
  assert.equal(told({ ...portal, headers })[0], 'bad-answer');
});

test('the answer of another server stops everything, whatever it says', () => {
  const other = { 'x-tidemark-server': 'b'.repeat(32) };
  assert.equal(told(response(200, { outcomes: [], head: 7 }, other))[0], 'server-changed');
  assert.equal(told(response(401, { code: 'signed-out', detail: '' }, other))[0], 'server-changed');
  assert.equal(told(response(500, '', other))[0], 'server-changed');
});

test('a success that does not name the linked server is none', () => {
  const { body } = response(200, { outcomes: [], head: 7 });
  assert.deepEqual(told({ kind: 'response', status: 200, headers: {}, body }), ['bad-answer', true, 0]);
});

test('a compressed answer that nobody asked for is not guessed at', () => {
  const answer = response(200, { outcomes: [], head: 7 }, { 'content-encoding': 'gzip' });
  assert.equal(told(answer)[0], 'bad-answer');
});

test('packed answers give their frames, and nothing when any part is cut', () => {
  const id = parseChunkId('c'.repeat(64));
  const json = { left: [], absent: [] };
  const body = encodeFrames({ json, frames: [{ id, encoding: 'raw', bytes: new Uint8Array(9) }] });
  const whole = classify(GET_CHUNKS, response(200, body), SERVER_ID, NOW);
  assert.equal(whole.kind === 'ok' && whole.value.frames.length, 1);
  for (let length = 0; length < body.length; length += 1) {
    const cut = classify(GET_CHUNKS, response(200, body.subarray(0, length)), SERVER_ID, NOW);
    // Where the cut falls between frames the body is whole with fewer of them: what is missing is asked for again.
    const between = length === body.length - 9 - 37;
    assert.equal(cut.kind === 'trouble' ? cut.code : 'ok', between ? 'ok' : 'bad-answer', `at ${length}`);
  }
});

test('foreign text reaches logs and sentences without control characters and at a bounded length', () => {
  const detail = `a\u001b[31m\u202eb${'x'.repeat(5000)}`;
  const result = meaning(response(422, { code: 'unprocessable', detail }));
  assert.ok(result.kind === 'trouble' && result.detail.length <= 200);
  assert.doesNotMatch(result.kind === 'trouble' ? result.detail : '', /[\u001b\u202e]/);
});
