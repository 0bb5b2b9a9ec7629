import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyDelta } from '../../src/core/delta/apply.ts';
import { decodeDelta, encodeDelta } from '../../src/core/delta/codec.ts';
import { type Delta, type DeltaPart, isInvalidDelta } from '../../src/core/delta/delta.ts';
import { makeDelta } from '../../src/core/delta/diff.ts';
import {
  decodeSignatures,
  encodeSignatures,
  isInvalidSignature,
  type Signature,
  signatureOf,
} from '../../src/core/delta/signature.ts';
import { SignatureIndex } from '../../src/core/delta/signature-index.ts';
import { type ChunkId, parseChunkId, toHex } from '../../src/protocol/ids.ts';
import { concat, fileBytes, holds, noise } from './seeded.ts';
import { sha256 } from './sha256.ts';

const idOf = (bytes: Uint8Array): ChunkId => parseChunkId(toHex(sha256(bytes)));

/** What the other side has: chunks by id, and their signatures. */
function store(chunks: readonly Uint8Array[]): {
  readonly get: (id: ChunkId) => Uint8Array | null;
  readonly signatures: readonly Signature[];
  readonly index: SignatureIndex;
} {
  const byId = new Map(chunks.map((chunk) => [idOf(chunk), chunk]));
  const signatures = [...byId].map(([id, chunk]) => signatureOf(id, chunk, sha256));
  return { get: (id) => byId.get(id) ?? null, signatures, index: new SignatureIndex(signatures) };
}

const edit = fc.record({
  kind: fc.constantFrom('overwrite', 'insert', 'remove', 'move'),
  at: fc.nat(),
  to: fc.nat(),
  length: fc.integer({ min: 1, max: 3000 }),
  state: fc.integer(),
});

type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

function edited(bytes: Uint8Array, { kind, at, to, length, state }: Edit): Uint8Array {
  const from = at % (bytes.length + 1);
  const head = bytes.subarray(0, from);
  const taken = bytes.subarray(from, from + length);
  const tail = bytes.subarray(from + length);
  if (kind === 'insert') return concat([head, noise(state, length), taken, tail]);
  if (kind === 'remove') return concat([head, tail]);
  if (kind === 'overwrite') return concat([head, noise(state, taken.length), tail]);
  const rest = concat([head, tail]);
  const place = to % (rest.length + 1);
  return concat([rest.subarray(0, place), taken, rest.subarray(place)]);
}

function rebuilt(delta: Delta, size: number, get: (id: ChunkId) => Uint8Array | null): Uint8Array {
  const sent = decodeDelta(encodeDelta(delta));
  assert.ok(!isInvalidDelta(sent), 'the encoded delta is valid');
  const result = applyDelta(sent, size, get);
  assert.ok(result instanceof Uint8Array, 'the delta applies');
  return result;
}

test('a delta rebuilds its target, with and without the sources at hand', (t) => {
  const chunks = fc.array(fileBytes(120_000), { minLength: 1, maxLength: 3 });
  holds(
    t,
    fc.property(chunks, fc.array(edit, { maxLength: 4 }), fc.boolean(), (sources, edits, joined) => {
      const { get, index } = store(sources);
      const target = edits.reduce(edited, joined ? concat(sources) : sources[0]!);
      for (const delta of [makeDelta(target, index, sha256), makeDelta(target, index, sha256, get)]) {
        assert.deepEqual(rebuilt(delta, target.length, get), target);
      }
    }),
    60,
  );
});

test('shuffled and repeated pieces of the sources are found without overlaps', (t) => {
  const order = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 });
  holds(
    t,
    fc.property(
      fc.integer(),
      fc.array(order, { minLength: 1, maxLength: 3 }),
      order,
      (state, given, wanted) => {
        const pieces = Array.from({ length: 6 }, (_, at) => noise(state + at, 2000 + at * 4000));
        const inOrder = (numbers: readonly number[]): Uint8Array => concat(numbers.map((at) => pieces[at]!));
        const { get, index } = store(given.map(inOrder));
        const target = inOrder(wanted);
        for (const delta of [makeDelta(target, index, sha256), makeDelta(target, index, sha256, get)]) {
          assert.deepEqual(rebuilt(delta, target.length, get), target);
        }
      },
    ),
    60,
  );
});

test('with the sources at hand an edit costs little more than its own bytes', (t) => {
  const single = fc.record({ state: fc.integer(), edit: edit.filter(({ kind }) => kind !== 'move') });
  holds(
    t,
    fc.property(single, ({ state, edit: change }) => {
      const source = noise(state, 300_000);
      const { get, index } = store([source]);
      const target = edited(source, change);
      const cost = encodeDelta(makeDelta(target, index, sha256, get)).length;
      const own = change.kind === 'remove' ? 0 : change.length;
      assert.ok(cost <= own + 100, `${change.kind} of ${change.length} bytes costs ${cost}`);
    }),
    60,
  );
});

test('without the sources an edit costs the sub-chunks it touches', (t) => {
  holds(
    t,
    fc.property(fc.integer(), fc.nat({ max: 290_000 }), (state, at) => {
      const source = noise(state, 300_000);
      const { index } = store([source]);
      const target = edited(source, { kind: 'overwrite', at, to: 0, length: 1024, state: ~state });
      const cost = encodeDelta(makeDelta(target, index, sha256)).length;
      assert.ok(cost < 80_000, `it costs ${cost}`);
    }),
    40,
  );
});

test('bytes put in front or behind cost themselves only, even without the sources', (t) => {
  holds(
    t,
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2000 }), (state, length) => {
      const source = noise(state, 200_000);
      const { get, index } = store([source]);
      const extra = noise(~state, length);
      for (const target of [concat([extra, source]), concat([source, extra])]) {
        const delta = makeDelta(target, index, sha256);
        assert.deepEqual(rebuilt(delta, target.length, get), target);
        assert.ok(encodeDelta(delta).length <= length + 80, `${encodeDelta(delta).length} for ${length}`);
      }
    }),
    30,
  );
});

test('many small overwrites in one place are told apart byte by byte', () => {
  const source = noise(5, 100_000);
  const target = source.slice();
  for (let at = 40_000; at < 50_000; at += 500) target[at]! ^= 0xff;
  const { get, index } = store([source]);
  const delta = makeDelta(target, index, sha256, get);
  assert.deepEqual(rebuilt(delta, target.length, get), target);
  assert.ok(encodeDelta(delta).length < 300, `${encodeDelta(delta).length}`);
});

test('repeated content becomes one run, not one copy per sub-chunk', () => {
  const period = noise(9, 30_000);
  const source = concat([period, period, period, period]);
  const { get, index } = store([source]);
  const delta = makeDelta(source, index, sha256);
  assert.deepEqual(rebuilt(delta, source.length, get), source);
  assert.ok(delta.parts.length <= 4, `${delta.parts.length} parts`);
});

test('any delta of a stranger gives bytes of the declared size or a reason', (t) => {
  const known = noise(1, 500);
  const ids = [idOf(known), idOf(noise(2, 10))];
  const number = fc.oneof(fc.integer({ min: -5, max: 600 }), fc.double(), fc.maxSafeInteger());
  const part: fc.Arbitrary<DeltaPart> = fc.oneof(
    fc.record({
      kind: fc.constant('copy' as const),
      source: fc.constantFrom(ids[0]!, ids[0]!, ids[0]!, ids[1]!),
      offset: number,
      length: number,
    }),
    fc.record({ kind: fc.constant('literal' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
  );
  holds(
    t,
    fc.property(fc.array(part, { maxLength: 8 }), number, (parts, declared) => {
      const result = applyDelta({ parts }, declared, (id) => (id === ids[0] ? known : null));
      if (result instanceof Uint8Array) assert.ok(result.length === declared);
      else assert.equal(result.kind, 'invalid');
    }),
    500,
  );
});

test('altered deltas decode to themselves or not at all', (t) => {
  const source = noise(3, 60_000);
  const { index } = store([source]);
  const good = encodeDelta(
    makeDelta(edited(source, { kind: 'insert', at: 30_000, to: 0, length: 9, state: 4 }), index, sha256),
  );
  const change = fc.record({
    at: fc.nat({ max: 60 }),
    value: fc.integer({ min: 0, max: 255 }),
    cut: fc.nat({ max: 40 }),
  });
  holds(
    t,
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let bytes = good.slice();
      for (const { at, value, cut } of changes) {
        bytes[at] = value;
        bytes = bytes.slice(0, bytes.length - cut);
      }
      const decoded = decodeDelta(bytes);
      if (!isInvalidDelta(decoded)) assert.deepEqual(encodeDelta(decoded), bytes);
    }),
    400,
  );
});

test('signatures come back from their encoding, and altered ones are refused or are themselves', (t) => {
  const change = fc.record({
    at: fc.nat(),
    value: fc.integer({ min: 0, max: 255 }),
    cut: fc.nat({ max: 2 }),
  });
  holds(
    t,
    fc.property(fc.array(fileBytes(40_000), { maxLength: 3 }), fc.option(change), (chunks, altered) => {
      const signatures = chunks.map((chunk) => signatureOf(idOf(chunk), chunk, sha256));
      let bytes = encodeSignatures(signatures);
      if (altered === null) {
        assert.deepEqual(decodeSignatures(bytes), signatures);
        return;
      }
      bytes[altered.at % bytes.length] = altered.value;
      bytes = bytes.slice(0, bytes.length - altered.cut);
      const decoded = decodeSignatures(bytes);
      if (!isInvalidSignature(decoded)) assert.deepEqual(encodeSignatures(decoded), bytes);
    }),
    200,
  );
});
