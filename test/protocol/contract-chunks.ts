import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import { applyDelta } from '../../src/core/delta/apply.ts';
import { decodeDelta, encodeDelta } from '../../src/core/delta/codec.ts';
import { isInvalidDelta } from '../../src/core/delta/delta.ts';
import { makeDelta } from '../../src/core/delta/diff.ts';
import { signatureOf } from '../../src/core/delta/signature.ts';
import { SignatureIndex } from '../../src/core/delta/signature-index.ts';
import type { Frame } from '../../src/protocol/frames.ts';
import { type ChunkId, parseChunkId, parseManifestId, toHex } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { ChunksStored, ManifestsAnswer } from '../../src/protocol/routes.ts';
import type { Contract } from './contract-suite.ts';
import { fileOf, freshName, parsedAs, textFile, type WireDevice } from './wire-device.ts';

const { hash } = await loadBlake3();

function idOf(bytes: Uint8Array): ChunkId {
  return parseChunkId(toHex(hash(bytes)));
}

function raw(bytes: Uint8Array): Frame {
  return { id: idOf(bytes), encoding: 'raw', bytes };
}

function deltaFrame(target: Uint8Array, source: Uint8Array, sourceId = idOf(source)): Frame {
  const index = new SignatureIndex([signatureOf(sourceId, source, hash)]);
  const delta = makeDelta(target, index, hash, () => source);
  return { id: idOf(target), encoding: 'delta', bytes: encodeDelta(delta) };
}

async function put(device: WireDevice, frames: readonly Frame[]) {
  return parsedAs(ChunksStored, await device.ask('putChunks', {}, { frames }));
}

async function readBack(device: WireDevice, bytes: Uint8Array): Promise<void> {
  const { frames } = await device.getChunks([idOf(bytes)]);
  assert(Buffer.from(frames[0]!.bytes).equals(Buffer.from(bytes)));
}

export function chunkContract(contract: () => Contract): void {
  test('chunks of any size come back whole, however often they are sent', async () => {
    const device = await contract().device();
    const chunks = [1, 1000, 70_000, 3_000_000].map((size) => randomBytes(size));
    const frames = chunks.map(raw);
    for (let round = 0; round < 2; round += 1) {
      const stored = await put(device, [...frames, frames[0]!]);
      assert.deepEqual([...stored.stored].sort(), frames.map(({ id }) => id).sort());
      assert.deepEqual(stored.refused, []);
    }
    for (const bytes of chunks) await readBack(device, bytes);
  });

  test('a frame whose bytes are not what its id says is refused alone', async () => {
    const device = await contract().device();
    const [good, known] = [randomBytes(500), randomBytes(600)];
    await put(device, [raw(known)]);
    const lies: Frame[] = [
      { id: idOf(randomBytes(8)), encoding: 'raw', bytes: randomBytes(500) },
      { id: idOf(randomBytes(8)), encoding: 'raw', bytes: randomBytes(400_000) },
      { id: idOf(known), encoding: 'raw', bytes: randomBytes(600) },
      { ...deltaFrame(randomBytes(90_000), known), id: idOf(randomBytes(8)) },
    ];
    const answer = await put(device, [...lies, raw(good)]);
    assert.deepEqual(answer.stored, [idOf(good)]);
    assert.deepEqual(answer.refused.map(({ id }) => id).sort(), lies.map(({ id }) => id).sort());
    await readBack(device, good);
    await readBack(device, known);
    const absent = await device.getChunks([lies[0]!.id]);
    assert.deepEqual(absent.answer.absent, [lies[0]!.id]);
  });

  test('a changed chunk goes up and comes down as a delta', async () => {
    const device = await contract().device();
    const before = randomBytes(2_000_000);
    const after = Buffer.concat([
      before.subarray(0, 900_000),
      Buffer.from('inserted'),
      before.subarray(900_000),
    ]);
    await put(device, [raw(before)]);
    const frame = deltaFrame(after, before);
    assert(frame.bytes.length < 50_000, `${frame.bytes.length}`);
    assert.deepEqual((await put(device, [frame])).stored, [idOf(after)]);
    await readBack(device, after);
    const down = await device.getChunks([idOf(after)], [idOf(before)]);
    const [answer] = down.frames;
    assert.equal(answer?.encoding, 'delta');
    assert(answer!.bytes.length < 50_000);
    const delta = decodeDelta(answer!.bytes);
    assert(!isInvalidDelta(delta));
    const rebuilt = applyDelta(delta, after.length, (id) => (id === idOf(before) ? before : null));
    assert(rebuilt instanceof Uint8Array && Buffer.from(rebuilt).equals(after));
    const useless = await device.getChunks([idOf(after)], [idOf(randomBytes(10))]);
    assert.equal(useless.frames[0]?.encoding, 'raw');
  });

  test('a delta that is garbage, too large or of chunks that are not there is refused', async () => {
    const device = await contract().device();
    const source = randomBytes(100_000);
    await put(device, [raw(source)]);
    const nowhere = deltaFrame(Buffer.concat([source, source]), source, idOf(randomBytes(4)));
    const bomb = encodeDelta({
      parts: Array.from({ length: 160 }, () => ({
        kind: 'copy',
        source: idOf(source),
        offset: 0,
        length: 100_000,
      })),
    });
    const beyond = encodeDelta({
      parts: [{ kind: 'copy', source: idOf(source), offset: 99_999, length: 2 }],
    });
    const frames: Frame[] = [
      nowhere,
      { id: idOf(randomBytes(4)), encoding: 'delta', bytes: bomb },
      { id: idOf(randomBytes(4)), encoding: 'delta', bytes: beyond },
      { id: idOf(randomBytes(4)), encoding: 'delta', bytes: randomBytes(300) },
      { id: idOf(randomBytes(4)), encoding: 'delta', bytes: new Uint8Array(0) },
    ];
    const answer = await put(device, frames);
    assert.deepEqual(answer.stored, []);
    assert.equal(answer.refused.length, frames.length);
  });

  test('a packed answer stops before it is too large and says what is left', async () => {
    const device = await contract().device();
    const chunks = Array.from({ length: 5 }, () => randomBytes(4_000_000));
    for (const bytes of chunks) await put(device, [raw(bytes)]);
    const open = new Set(chunks.map(idOf));
    let rounds = 0;
    while (open.size > 0) {
      const { answer, frames } = await device.getChunks([...open]);
      assert(frames.length > 0);
      assert(frames.reduce((sum, frame) => sum + frame.bytes.length, 0) <= LIMITS.packedAnswerBytes);
      assert.equal(answer.left.length + frames.length, open.size);
      for (const { id } of frames) open.delete(id);
      rounds += 1;
    }
    assert.equal(rounds, 2);
  });

  test('manifests are read by id, and a file that fits in one request is committed by it', async () => {
    const device = await contract().device();
    const { content, frames } = fileOf(randomBytes(1_500_000));
    const [outcome] = await device.commit(frames, device.create(freshName('one request'), content));
    assert.equal(outcome?.kind, 'committed');
    const unknown = parseManifestId('0'.repeat(64));
    const answer = await device.ask('manifests', { ids: [content.manifest, unknown] });
    const { manifests } = parsedAs(ManifestsAnswer, answer);
    assert.deepEqual(manifests, [
      { id: content.manifest, encoded: content.encoded },
      { id: unknown, encoded: null },
    ]);
  });

  test('a commit whose chunks are wrong commits nothing', async () => {
    const device = await contract().device();
    const { content, frames } = textFile(randomBytes(20).toString('hex'));
    const broken = frames.map((frame) => ({ ...frame, bytes: randomBytes(frame.bytes.length) }));
    const claim = device.create(freshName('broken'), content);
    const [outcome] = await device.commit(broken, claim);
    assert(outcome?.kind === 'missing-chunks' && outcome.chunks.length === 1, JSON.stringify(outcome));
    assert.equal((await device.commit(frames, claim))[0]?.kind, 'committed');
  });
}
