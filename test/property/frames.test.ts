import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFrames, encodeFrames, type Frame, frameCost } from '../../src/protocol/frames.ts';
import { parseChunkId, toHex } from '../../src/protocol/ids.ts';
import { concat, holds, noise } from './seeded.ts';

const LIMITS = { jsonBytes: 10_000, frames: 8, frameBytes: 500 };

const frames: fc.Arbitrary<Frame> = fc
  .tuple(
    fc.integer().map((state) => parseChunkId(toHex(noise(state, 32)))),
    fc.constantFrom('raw' as const, 'delta' as const),
    fc.uint8Array({ maxLength: 500 }),
  )
  .map(([id, encoding, bytes]) => ({ id, encoding, bytes }));
const bodies = fc.record({ json: fc.jsonValue(), frames: fc.array(frames, { maxLength: 8 }) });

test('a packed body comes back as it was', (t) => {
  holds(
    t,
    fc.property(bodies, (content) => {
      const body = encodeFrames(content);
      const decoded = decodeFrames(body, LIMITS);
      assert.ok(decoded.kind === 'frames');
      assert.deepEqual(JSON.stringify(decoded.json), JSON.stringify(content.json));
      assert.deepEqual(decoded.frames, content.frames);
      const json = Buffer.byteLength(JSON.stringify(content.json));
      const cost = content.frames.reduce((sum, frame) => sum + frameCost(frame.bytes.length), 0);
      assert.equal(body.length, 8 + json + cost);
    }),
    200,
  );
});

test('frames are views of the body wherever it lies in memory', () => {
  const content = {
    json: { a: 1 },
    frames: [{ id: parseChunkId('0f'.repeat(32)), encoding: 'raw' as const, bytes: noise(1, 100) }],
  };
  const body = concat([new Uint8Array(13), encodeFrames(content)]).subarray(13);
  const decoded = decodeFrames(body, LIMITS);
  assert.ok(decoded.kind === 'frames');
  assert.equal(decoded.frames[0]?.bytes.buffer, body.buffer);
  assert.deepEqual(decoded.frames, content.frames);
});

test('every truncation of a body is noticed, unless a frame ends there', (t) => {
  holds(
    t,
    fc.property(bodies, (content) => {
      const body = encodeFrames(content);
      for (let length = 0; length < body.length; length += 1) {
        const decoded = decodeFrames(body.subarray(0, length), LIMITS);
        if (decoded.kind === 'frames') {
          assert.deepEqual(decoded.frames, content.frames.slice(0, decoded.frames.length));
          assert.deepEqual(encodeFrames(decoded), body.subarray(0, length));
        }
      }
    }),
    30,
  );
});

test('arbitrary and altered bytes never make the decoder throw', (t) => {
  const change = fc.record({ at: fc.nat({ max: 80 }), value: fc.integer({ min: 0, max: 255 }) });
  holds(
    t,
    fc.property(
      bodies,
      fc.array(change, { maxLength: 4 }),
      fc.uint8Array({ maxLength: 80 }),
      (content, changes, raw) => {
        const body = encodeFrames(content);
        for (const { at, value } of changes) body[at] = value;
        for (const bytes of [body, raw, concat([body.subarray(0, 8), raw])]) {
          const decoded = decodeFrames(bytes, LIMITS);
          if (decoded.kind === 'frames') assert.ok(decoded.frames.length <= LIMITS.frames);
        }
      },
    ),
    500,
  );
});

test('bodies beyond the limits are refused with the limit', () => {
  const frame: Frame = { id: parseChunkId('0f'.repeat(32)), encoding: 'raw', bytes: new Uint8Array(501) };
  const small: Frame = { ...frame, bytes: new Uint8Array(1) };
  const badKind = encodeFrames({ json: null, frames: [small] });
  badKind[8 + 4 + 32] = 2;
  const badText = encodeFrames({ json: 'ab', frames: [] });
  badText[9] = 0xff;
  const table: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(0), /not a packed body/],
    [encodeFrames({ json: 'x'.repeat(10_000), frames: [] }), /JSON part is larger than 10000/],
    [encodeFrames({ json: null, frames: [frame] }), /frame is larger than 500/],
    [encodeFrames({ json: null, frames: new Array<Frame>(9).fill(small) }), /more than 8 frames/],
    [badKind, /unknown encoding/],
    [badText, /not valid JSON/],
    [encodeFrames({ json: null, frames: [small] }).subarray(0, 30), /head of a frame is cut off/],
    [encodeFrames({ json: null, frames: [small] }).subarray(0, 49), /a frame is cut off/],
  ];
  for (const [body, why] of table) {
    const decoded = decodeFrames(body, LIMITS);
    assert.equal(decoded.kind, 'invalid');
    assert.match(decoded.kind === 'invalid' ? decoded.why : '', why);
  }
});
