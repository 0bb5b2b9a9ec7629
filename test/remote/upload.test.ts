import assert from 'node:assert/strict';
import { appendFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createServer } from '../../src/engine/remote/create-server.ts';
import type { Server, UploadAnswer, UploadItem } from '../../src/engine/remote/server.ts';
import { parseChunkId, parseEpoch } from '../../src/protocol/ids.ts';
import type { Cursor } from '../../src/protocol/journal.ts';
import { ChunkServer } from './chunk-server.ts';
import { type Content, chunksOf, contentOf, HASHING, noise, openRig, type Rig, signaturesOf } from './rig.ts';
import { ACCOUNT, HALF, JumpingClock, response } from './scripted-transport.ts';

const MIB = 1024 * 1024;

async function begin(
  t: TestContext,
): Promise<{ rig: Rig; far: ChunkServer; server: Server; clock: JumpingClock }> {
  const rig = await openRig(t);
  const far = new ChunkServer();
  const clock = new JumpingClock();
  const server = createServer({
    transport: far,
    clock,
    random: HALF,
    disk: rig.disk,
    hashing: HASHING,
    log: () => {},
    account: ACCOUNT,
  });
  return { rig, far, server, clock };
}

async function send(
  server: Server,
  items: readonly UploadItem[],
  cursor: Cursor | null = null,
): Promise<UploadAnswer> {
  const result = await server.upload(items, cursor, 0);
  if (result.kind === 'trouble') assert.fail(JSON.stringify(result));
  return result.value;
}

const kinds = (answer: UploadAnswer): readonly string[] =>
  answer.outcomes.map((outcome) => `${outcome.key} ${outcome.kind}`);

async function file(
  rig: Rig,
  path: string,
  bytes: Uint8Array,
  inMemory = false,
): Promise<readonly [UploadItem, Content]> {
  await rig.write(path, bytes);
  const content = contentOf(bytes);
  return [await rig.upload(path, content, { inMemory }), content];
}

test('little goes in one request: folders, empty and small files, from memory and from disk', async (t) => {
  const { rig, far, server } = await begin(t);
  const items = [
    rig.folder('d'),
    (await file(rig, 'empty', new Uint8Array(0)))[0],
    (await file(rig, 'small', noise(5000, 1), true))[0],
    (await file(rig, 'd/read', noise(7000, 2)))[0],
    (await file(rig, 'medium', noise(MIB + 1, 3)))[0],
    (await file(rig, 'twin', noise(5000, 1)))[0],
  ];
  const answer = await send(server, items);
  assert.deepEqual(kinds(answer), [
    '1 committed',
    '2 committed',
    '3 committed',
    '4 committed',
    '5 committed',
    '6 committed',
  ]);
  assert.deepEqual([answer.changed, answer.stale, answer.rest], [[], [], null]);
  assert.deepEqual(far.calls, ['commit']);
  assert.equal(far.framesOf('commit').length, far.chunks.size, 'equal chunks once');
});

test('claims without bytes need no packed body', async (t) => {
  const { rig, far, server } = await begin(t);
  await send(server, [rig.folder('a'), rig.folder('b')]);
  assert.deepEqual(far.calls, ['finalize']);
});

test('much is opened first, and only what is missing is sent, packed, a few bodies at a time', async (t) => {
  const { rig, far, server } = await begin(t);
  const [large, content] = await file(rig, 'large', noise(40 * MIB, 4));
  const known = content.manifest.chunks[3]!;
  far.chunks.set(known.id, noise(known.size, 0));
  const items = [large];
  for (let i = 0; i < 60; i += 1) items.push((await file(rig, `many/${i}`, noise(100_000, 100 + i)))[0]);
  const answer = await send(server, items);
  assert.equal(answer.outcomes.filter((outcome) => outcome.kind === 'committed').length, 61);
  assert.deepEqual(far.calls, ['open', 'putChunks', 'finalize']);
  const sent = far.framesOf('putChunks');
  assert.equal(sent.length, content.manifest.chunks.length - 1 + 60);
  assert.ok(!sent.some((frame) => frame.id === known.id));
  const bodies = far.seen.filter((seen) => seen.name === 'putChunks').length;
  assert.ok(bodies < content.manifest.chunks.length + 4, `${bodies} bodies`);
  assert.ok(far.mostInFlight < 24 * MIB, `${far.mostInFlight} bytes in flight`);
});

test('what is stale is never sent', async (t) => {
  const { rig, far, server } = await begin(t);
  const items = [];
  for (let i = 0; i < 3; i += 1) items.push((await file(rig, `f${i}`, noise(2 * MIB, 10 + i)))[0]);
  far.openWord = (key) => (key === 2 ? 'stale' : 'proceed');
  const answer = await send(server, items);
  assert.deepEqual(kinds(answer), ['1 committed', '3 committed']);
  assert.deepEqual(answer.stale, [2]);
  const second = items[1]!.source!.manifest.chunks.map((chunk) => chunk.id);
  assert.ok(!far.framesOf('putChunks').some((frame) => second.includes(frame.id)));
});

test('a fork is sent only against a head that the device has pulled', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item] = await file(rig, 'f', noise(5 * MIB, 20));
  const head = { seq: 9 };
  far.after = (seen, outcome) => {
    if (seen.name !== 'open' || outcome.kind !== 'response') return outcome;
    const answer = JSON.parse(new TextDecoder().decode(outcome.body));
    answer.answers = [{ key: 1, answer: 'will-fork', current: eventWithHead(item.claim.node, head.seq) }];
    return response(200, answer);
  };
  const cursor = (seq: number): Cursor => ({ epoch: parseEpoch('0123456789ab'), seq, hash: '0'.repeat(16) });
  const behind = await send(server, [item], cursor(8));
  assert.deepEqual([behind.outcomes, behind.stale], [[], [1]]);
  assert.deepEqual(far.calls, ['open']);
  assert.deepEqual(kinds(await send(server, [item], cursor(9))), ['1 committed']);
});

test('a file that changed, grew, or went since it was hashed loses its claim, and only its own', async (t) => {
  for (const size of [3000, 6 * MIB]) {
    const { rig, far, server } = await begin(t);
    const items = [];
    for (let i = 0; i < 5; i += 1) items.push((await file(rig, `f${i}`, noise(size, 30 + i)))[0]);
    await rig.write('f0', noise(size, 99));
    await appendFile(join(rig.root, 'f1'), 'more');
    await rm(join(rig.root, 'f2'));
    await utimes(join(rig.root, 'f3'), 1, 1);
    const answer = await send(server, items);
    assert.deepEqual(answer.changed, [1, 2, 3, 4]);
    assert.deepEqual(kinds(answer), ['5 committed']);
    assert.ok(far.framesOf(size === 3000 ? 'commit' : 'putChunks').length > 0);
  }
});

test('a file that changes while it is read is not sent', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item] = await file(rig, 'log', noise(30 * MIB, 40));
  let appended = false;
  far.before = async (seen) => {
    if (seen.name === 'putChunks' && !appended) {
      appended = true;
      await appendFile(join(rig.root, 'log'), 'one more line\n');
    }
    return null;
  };
  const answer = await send(server, [item]);
  assert.deepEqual([answer.changed, answer.outcomes], [[1], []]);
  assert.ok(!far.calls.includes('finalize'));
});

test('a small edit of a large file travels as a delta in a single request', async (t) => {
  const { rig, far, server } = await begin(t);
  const before = contentOf(noise(30 * MIB, 50));
  for (const [i, bytes] of chunksOf(before).entries()) far.chunks.set(before.manifest.chunks[i]!.id, bytes);
  const bytes = before.bytes.slice();
  bytes.set(noise(1024, 51), 17 * MIB);
  await rig.write('f', bytes);
  const after = contentOf(bytes);
  const item = await rig.upload('f', after, { old: before });
  assert.deepEqual(kinds(await send(server, [item])), ['1 committed']);
  assert.deepEqual(far.calls, ['commit']);
  assert.ok(far.bytesSent < 60_000, `${far.bytesSent} bytes`);
});

test('bytes inserted in front of a large file cost little, however many chunks the file has', async (t) => {
  const { rig, far, server } = await begin(t);
  const before = contentOf(noise(30 * MIB, 60));
  for (const [i, bytes] of chunksOf(before).entries()) far.chunks.set(before.manifest.chunks[i]!.id, bytes);
  const bytes = new Uint8Array(before.bytes.length + 1);
  bytes.set(before.bytes, 1);
  await rig.write('f', bytes);
  await send(server, [await rig.upload('f', contentOf(bytes), { old: before })]);
  assert.ok(far.bytesSent < 60_000, `${far.bytesSent} bytes`);
});

test('RULES 28: a delta the server cannot rebuild is followed by the chunk itself', async (t) => {
  const { rig, far, server } = await begin(t);
  const old = contentOf(noise(12 * MIB, 70));
  const bytes = old.bytes.slice();
  for (let at = 0; at < bytes.length; at += MIB) bytes.set(noise(100, at + 1), at);
  await rig.write('f', bytes);
  // The server has none of the old chunks, as after a restore from a backup.
  const answer = await send(server, [await rig.upload('f', contentOf(bytes), { old })]);
  assert.deepEqual(kinds(answer), ['1 committed']);
  const sent = far.framesOf('putChunks');
  assert.ok(
    sent.some((frame) => frame.encoding === 'delta') && sent.some((frame) => frame.encoding === 'raw'),
  );
});

test('a file that shares nothing with its old version is not compared chunk by chunk', async (t) => {
  const { rig, far, server } = await begin(t);
  const old = contentOf(noise(30 * MIB, 80));
  const [, content] = await file(rig, 'f', noise(30 * MIB, 81));
  const answer = await send(server, [await rig.upload('f', content, { old })]);
  assert.equal(answer.outcomes[0]?.kind, 'committed');
  assert.ok(far.framesOf('putChunks').every((frame) => frame.encoding === 'raw'));
});

test('a signature that does not decode costs bytes and nothing else', async (t) => {
  const { rig, server } = await begin(t);
  const [item] = await file(rig, 'f', noise(5000, 90));
  const broken = { ...item, source: { ...item.source!, signature: new Uint8Array([9, 9, 9]) } };
  assert.deepEqual(kinds(await send(server, [broken])), ['1 committed']);
});

test('chunks that finalize finds missing are sent then, a bounded number of times', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item, content] = await file(rig, 'f', noise(6 * MIB, 91));
  let lost = 2;
  far.before = (seen) => {
    if (seen.name === 'finalize' && lost > 0) {
      lost -= 1;
      far.chunks.delete(content.manifest.chunks[1]!.id);
    }
    return null;
  };
  assert.deepEqual(kinds(await send(server, [item])), ['1 committed']);
  assert.equal(far.seen.filter((seen) => seen.name === 'finalize').length, 3);
  far.outcomes.clear();
  lost = 100;
  assert.deepEqual(kinds(await send(server, [item])), ['1 missing-chunks']);
});

test('a signature naming chunks the server lost is no trap: they are sent when it says so', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item, content] = await file(rig, 'f', noise(8 * MIB, 92));
  const own = { ...item, source: { ...item.source!, signature: signaturesOf(content) } };
  assert.deepEqual(kinds(await send(server, [own])), ['1 committed']);
  assert.deepEqual(far.calls, ['finalize', 'putChunks', 'finalize']);
});

test('a lost reply leaves the claim open, and the same claim again gets the outcome that was made', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item] = await file(rig, 'f', noise(3000, 93));
  far.after = () => ({ kind: 'unreachable', detail: 'other side closed' });
  const lost = await server.upload([item], null, 0);
  assert.ok(lost.kind === 'trouble' && lost.code === 'unreachable' && lost.unknown);
  assert.equal(far.outcomes.size, 1);
  far.after = (_seen, outcome) => outcome;
  assert.deepEqual(kinds(await send(server, [item])), ['1 committed']);
  assert.equal(far.outcomes.size, 1);
});

test('a large claim that was answered already is not sent again', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item] = await file(rig, 'f', noise(6 * MIB, 94));
  await send(server, [item]);
  far.chunks.clear();
  far.seen.length = 0;
  assert.deepEqual(kinds(await send(server, [item])), ['1 committed']);
  assert.deepEqual(far.calls, ['open', 'finalize']);
});

test('broken connections and pauses amid a large file are waited out, not answered by starting over', async (t) => {
  const { rig, far, server, clock } = await begin(t);
  const [item, content] = await file(rig, 'f', noise(20 * MIB, 95));
  let puts = 0;
  far.before = (seen) => {
    if (seen.name !== 'putChunks') return null;
    puts += 1;
    if (puts === 2) return { kind: 'unreachable', detail: 'ECONNRESET' };
    if (puts === 4) return response(429, { code: 'too-many-requests', detail: '', retryAfter: 2 });
    return null;
  };
  assert.deepEqual(kinds(await send(server, [item])), ['1 committed']);
  assert.ok(puts <= content.manifest.chunks.length + 2, `${puts} bodies`);
  assert.ok(clock.slept.some((ms) => ms >= 2000));
});

test('a server that stays away ends the upload with its trouble', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item] = await file(rig, 'f', noise(20 * MIB, 96));
  far.before = (seen) => (seen.name === 'putChunks' ? { kind: 'unreachable', detail: 'ECONNREFUSED' } : null);
  const result = await server.upload([item], null, 0);
  assert.ok(result.kind === 'trouble' && result.code === 'unreachable');
  assert.ok(!far.calls.includes('finalize'));
});

test('more claims than fit one request go in order, and a trouble midway is told beside what was done', async (t) => {
  const { rig, far, server } = await begin(t);
  const items = Array.from({ length: 2500 }, (_, i) => rig.folder(`d${i}`));
  let calls = 0;
  far.before = () => {
    calls += 1;
    return calls === 3 ? response(507, { code: 'server-space', detail: '' }) : null;
  };
  const answer = await send(server, items);
  assert.equal(answer.outcomes.length, 2000);
  assert.deepEqual(
    answer.outcomes.map((outcome) => outcome.key),
    items.slice(0, 2000).map((item) => item.claim.key),
  );
  assert.equal(answer.rest?.code, 'server-space');
});

test('a server that forgets a claim is not believed', async (t) => {
  const { rig, far, server } = await begin(t);
  far.before = () => response(200, { outcomes: [], head: 3 });
  const result = await server.upload([rig.folder('a')], null, 0);
  assert.ok(result.kind === 'trouble' && result.code === 'bad-answer' && result.unknown);
});

test('chunks nobody here has are left to the server to complain about', async (t) => {
  const { rig, far, server } = await begin(t);
  const [item] = await file(rig, 'f', noise(6 * MIB, 97));
  far.after = (seen, outcome) => {
    if (seen.name !== 'open' || outcome.kind !== 'response') return outcome;
    const answer = JSON.parse(new TextDecoder().decode(outcome.body));
    answer.missing.push(parseChunkId('e'.repeat(64)));
    return response(200, answer);
  };
  assert.deepEqual(kinds(await send(server, [item])), ['1 committed']);
});

function eventWithHead(node: string, seq: number): object {
  const device = '018f0000-0000-7000-8000-0000000000aa';
  return {
    seq,
    node,
    kind: 'file',
    cause: 'edit',
    entry: { parent: null, name: 'f', live: true, rev: 1, seq: 1, deadSeq: null, successor: null },
    head: {
      version: `0123456789ab.${seq}`,
      number: 2,
      base: null,
      content: { kind: 'file', manifest: 'd'.repeat(64), size: 1, executable: false, encoded: null },
      mtimeNs: '0',
      seq,
      device,
      deviceName: 'desk',
      user: 'ada',
      at: 0,
      editedAt: 0,
    },
    subtree: null,
    revivedBatch: null,
    approved: false,
    conflict: null,
    device,
    deviceName: 'desk',
    user: 'ada',
    at: 0,
  };
}
