import assert from 'node:assert/strict';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Disk } from '../../src/engine/environment/disk.ts';
import type { TransportOutcome } from '../../src/engine/environment/transport.ts';
import { createServer } from '../../src/engine/remote/create-server.ts';
import type { DownloadItem, DownloadResult, Server } from '../../src/engine/remote/server.ts';
import { decodeFrames, encodeFrames, type Frame } from '../../src/protocol/frames.ts';
import { parseChunkId } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { ChunkServer } from './chunk-server.ts';
import { type Content, chunksOf, contentOf, HASHING, noise, openRig, type Rig } from './rig.ts';
import { ACCOUNT, HALF, JumpingClock, response } from './scripted-transport.ts';

const MIB = 1024 * 1024;

interface Bench {
  readonly rig: Rig;
  readonly far: ChunkServer;
  readonly server: Server;
}

async function begin(t: TestContext, wrap: (disk: Disk) => Disk = (disk) => disk): Promise<Bench> {
  const rig = await openRig(t);
  const far = new ChunkServer();
  const server = createServer({
    transport: far,
    clock: new JumpingClock(),
    random: HALF,
    disk: wrap(rig.disk),
    hashing: HASHING,
    log: () => {},
    account: ACCOUNT,
  });
  return { rig, far, server };
}

/** A content that the server has. */
function stored(far: ChunkServer, bytes: Uint8Array): Content {
  const content = contentOf(bytes);
  for (const [i, part] of chunksOf(content).entries()) far.chunks.set(content.manifest.chunks[i]!.id, part);
  far.manifests.set(content.manifestId, content.encoded);
  return content;
}

async function fetchAll(server: Server, items: readonly DownloadItem[]): Promise<readonly DownloadResult[]> {
  const result = await server.download(items);
  if (result.kind === 'trouble') assert.fail(JSON.stringify(result));
  assert.deepEqual(
    result.value.map(({ node }) => node),
    items.map(({ node }) => node),
  );
  return result.value;
}

const words = (results: readonly DownloadResult[]): readonly string[] =>
  results.map((result) => (result.kind === 'staged' ? 'staged' : result.code));

async function assertStaged(
  { rig }: Bench,
  item: DownloadItem,
  result: DownloadResult | undefined,
  content: Content,
) {
  assert.equal(result?.kind, 'staged', result?.kind === 'failed' ? result.detail : '');
  const bytes = await rig.staged(item.staged);
  assert.equal(bytes.length, content.bytes.length);
  assert.ok(bytes.equals(content.bytes), 'bytes are equal');
  if (result?.kind !== 'staged') return;
  assert.equal(result.stamp.size, content.bytes.length);
  assert.equal(result.stamp.mtimeNs, item.mtimeNs);
  assert.equal(result.stamp.executable, item.executable);
  assert.deepEqual(result.manifest, content.manifest);
}

/** A file of this content on the disk, as something to reuse. */
async function local(rig: Rig, path: string, content: Content): Promise<DownloadItem['reuse'][number]> {
  return { path, stamp: await rig.write(path, content.bytes), manifest: content.manifest };
}

/** Changes the frames of an answer to `getChunks`. */
function withFrames(
  outcome: TransportOutcome,
  change: (frames: readonly Frame[]) => readonly Frame[],
): TransportOutcome {
  if (outcome.kind !== 'response') return outcome;
  const limits = { jsonBytes: LIMITS.jsonBytes, frames: LIMITS.chunksPerBody, frameBytes: LIMITS.chunkBytes };
  const decoded = decodeFrames(outcome.body, limits);
  if (decoded.kind === 'invalid') return outcome;
  return response(200, encodeFrames({ json: decoded.json, frames: change(decoded.frames) }));
}

test('files of all sizes arrive with their bytes, times and modes', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const sizes = [0, 1, 1000, 256 * 1024, MIB, MIB + 1, 20 * MIB];
  const contents = sizes.map((size, i) => stored(far, noise(size, i + 1)));
  const items = contents.map((content, i) =>
    rig.download(content, { executable: i % 2 === 1, ...(i >= 5 ? { encoded: null } : {}) }),
  );
  const results = await fetchAll(server, items);
  for (const [i, item] of items.entries()) await assertStaged(bench, item, results[i], contents[i]!);
  assert.equal(far.seen.filter(({ name }) => name === 'manifests').length, 1);
});

test('many small files take few requests, and equal ones are fetched once', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const contents = Array.from({ length: 2000 }, (_, i) => stored(far, noise(1000, i % 500)));
  const items = contents.map((content) => rig.download(content));
  const results = await fetchAll(server, items);
  assert.deepEqual(new Set(words(results)), new Set(['staged']));
  for (const i of [0, 499, 500, 1999]) await assertStaged(bench, items[i]!, results[i], contents[i]!);
  const requests = far.seen.filter(({ name }) => name === 'getChunks');
  assert.ok(requests.length <= 2, `${requests.length} requests`);
  assert.ok(far.bytesReceived < 0.6 * MIB, `${far.bytesReceived} bytes`);
});

test('no file at all is no request', async (t) => {
  const { far, server } = await begin(t);
  assert.deepEqual(await fetchAll(server, []), []);
  assert.equal(far.seen.length, 0);
});

test('what a local file holds is not fetched, small or large', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const contents = [2000, 20 * MIB].map((size) => stored(far, noise(size, size)));
  const items = [];
  for (const [i, content] of contents.entries()) {
    items.push(rig.download(content, { reuse: [await local(rig, `old${i}`, content)] }));
  }
  const results = await fetchAll(server, items);
  for (const [i, item] of items.entries()) await assertStaged(bench, item, results[i], contents[i]!);
  assert.equal(far.seen.length, 0);
});

test('a local file that is not what its manifest says is found out, and the bytes are fetched', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const contents = [2000, 12 * MIB, 12 * MIB].map((size, i) => stored(far, noise(size, i + 200)));
  const items = [];
  for (const [i, content] of contents.entries()) {
    const reuse = await local(rig, `old${i}`, content);
    const spoiled = content.bytes.slice();
    spoiled[1500]! ^= 1;
    await rig.write(`old${i}`, spoiled);
    if (i === 2) await truncate(join(rig.root, 'old2'), 100);
    items.push(rig.download(content, { reuse: [reuse] }));
  }
  const results = await fetchAll(server, items);
  for (const [i, item] of items.entries()) await assertStaged(bench, item, results[i], contents[i]!);
  assert.ok(far.seen.length > 0);
});

test('twelve small edits in a large file travel as deltas', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const before = stored(far, noise(40 * MIB, 300));
  const bytes = before.bytes.slice();
  for (let i = 0; i < 12; i += 1) bytes.set(noise(1024, 301 + i), i * 3 * MIB + 5000);
  const after = stored(far, bytes);
  const item = rig.download(after, { reuse: [await local(rig, 'old', before)] });
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, after);
  assert.ok(far.bytesReceived < 40_000, `${far.bytesReceived} bytes`);
});

test('a byte in front of a large file costs a few hundred bytes', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const before = stored(far, noise(40 * MIB, 320));
  const bytes = new Uint8Array(before.bytes.length + 1);
  bytes.set(before.bytes, 1);
  const after = stored(far, bytes);
  const item = rig.download(after, { reuse: [await local(rig, 'old', before)] });
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, after);
  assert.ok(far.bytesReceived < 2000, `${far.bytesReceived} bytes`);
});

test('a small edit of a medium file travels as a delta too', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const before = stored(far, noise(400_000, 330));
  const bytes = before.bytes.slice();
  bytes[200_000]! ^= 1;
  const after = stored(far, bytes);
  const item = rig.download(after, { reuse: [await local(rig, 'old', before)] });
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, after);
  assert.ok(far.bytesReceived < 2000, `${far.bytesReceived} bytes`);
});

test('a delta over a local file that changed meanwhile is dropped, and the chunk itself fetched', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const before = stored(far, noise(10 * MIB, 340));
  const bytes = before.bytes.slice();
  bytes[5 * MIB]! ^= 1;
  const after = stored(far, bytes);
  const reuse = await local(rig, 'old', before);
  far.after = (_seen, outcome) => outcome;
  far.before = async () => {
    await rig.write('old', noise(10 * MIB, 341));
    return null;
  };
  const item = rig.download(after, { reuse: [reuse] });
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, after);
});

test('wrong bytes are never staged as a file, and cost only the files they belong to', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const contents = [3000, 4000, 10 * MIB, 11 * MIB].map((size, i) => stored(far, noise(size, i + 400)));
  const evil = new Set([contents[0]!.manifest.chunks[0]!.id, contents[2]!.manifest.chunks[1]!.id]);
  far.after = (_seen, outcome) =>
    withFrames(outcome, (frames) =>
      frames.map((frame) => {
        if (!evil.has(frame.id)) return frame;
        const bytes = frame.bytes.slice();
        bytes[7]! ^= 1;
        return { ...frame, bytes };
      }),
    );
  const items = contents.map((content) => rig.download(content));
  const results = await fetchAll(server, items);
  assert.deepEqual(words(results), ['damaged-download', 'staged', 'damaged-download', 'staged']);
  await assertStaged(bench, items[1]!, results[1], contents[1]!);
  await assertStaged(bench, items[3]!, results[3], contents[3]!);
  const names = (await rig.disk.listStaged()).map((entry) => entry.name);
  assert.ok(!names.includes(items[0]!.staged));
});

test('a chunk that came wrong once is asked for again', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const content = stored(far, noise(9 * MIB, 410));
  let answers = 0;
  far.after = (_seen, outcome) => {
    answers += 1;
    const spoil = answers === 1;
    return withFrames(outcome, (frames) =>
      frames.map((frame, i) => (spoil && i === 0 ? { ...frame, bytes: frame.bytes.subarray(1) } : frame)),
    );
  };
  const item = rig.download(content);
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, content);
});

test('deltas that lie about sizes, ranges or sources end as damaged downloads', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const before = stored(far, noise(3 * MIB, 420));
  const after = stored(far, noise(3 * MIB, 421));
  const reuse = [await local(rig, 'old', before)];
  const foreign = Buffer.from('f'.repeat(64), 'hex');
  const source = Buffer.from(before.manifest.chunks[0]!.id, 'hex');
  const lies: readonly Uint8Array[] = [
    new Uint8Array(0),
    new Uint8Array([1, 0, 0]),
    Buffer.concat([Buffer.from([1, 1]), foreign, Buffer.from([1, 0xff, 0xff, 0x7f, 0, 0])]),
    Buffer.concat([Buffer.from([1, 1]), source, Buffer.from([1, 3, 0, 0])]),
    noise(100_000, 5),
  ];
  for (const lie of lies) {
    far.after = (_seen, outcome) =>
      withFrames(outcome, (frames) => frames.map(({ id }) => ({ id, encoding: 'delta', bytes: lie })));
    const results = await fetchAll(server, [rig.download(after, { reuse })]);
    assert.deepEqual(words(results), ['damaged-download']);
  }
});

test('a server that sends other chunks than it was asked for, or none, is not asked for ever', async (t) => {
  const { rig, far, server } = await begin(t);
  const content = stored(far, noise(5000, 430));
  for (const frames of [
    [],
    [{ id: parseChunkId('e'.repeat(64)), encoding: 'raw' as const, bytes: noise(9, 1) }],
  ]) {
    far.seen.length = 0;
    far.after = (_seen, outcome) => withFrames(outcome, () => frames);
    const result = await server.download([rig.download(content)]);
    assert.ok(result.kind === 'trouble' && result.code === 'bad-answer', JSON.stringify(result));
    assert.ok(far.seen.length <= 2);
  }
});

test('a chunk the server does not have fails the files made of it', async (t) => {
  const { rig, far, server } = await begin(t);
  const contents = [3000, 9 * MIB, 4000].map((size, i) => stored(far, noise(size, i + 440)));
  far.chunks.delete(contents[0]!.manifest.chunks[0]!.id);
  far.chunks.delete(contents[1]!.manifest.chunks[2]!.id);
  const results = await fetchAll(
    server,
    contents.map((content) => rig.download(content)),
  );
  assert.deepEqual(words(results), ['damaged-download', 'damaged-download', 'staged']);
});

test('a manifest that is missing, another one, or of another size fails its file', async (t) => {
  const { rig, far, server } = await begin(t);
  const [a, b, c, d] = [3000, 3001, 3002, 3003].map((size) => stored(far, noise(size, size)));
  far.manifests.delete(a!.manifestId);
  far.manifests.set(b!.manifestId, c!.encoded);
  const results = await fetchAll(server, [
    rig.download(a!, { encoded: null }),
    rig.download(b!, { encoded: null }),
    rig.download(c!, { encoded: null }),
    rig.download(d!, { encoded: a!.encoded }),
    rig.download(d!, { size: 3004 }),
    rig.download(d!, { encoded: 'AAAA' }),
  ]);
  const damaged = 'damaged-download';
  assert.deepEqual(words(results), [damaged, damaged, 'staged', damaged, damaged, damaged]);
});

test('chunk lists that did not fit into an answer are asked for again', async (t) => {
  const { rig, far, server } = await begin(t);
  const contents = [3000, 3001, 3002].map((size) => stored(far, noise(size, size)));
  far.after = (seen, outcome) => {
    if (seen.name !== 'manifests' || outcome.kind !== 'response') return outcome;
    const { manifests } = JSON.parse(new TextDecoder().decode(outcome.body));
    return response(200, { manifests: manifests.slice(0, 1) });
  };
  const results = await fetchAll(
    server,
    contents.map((content) => rig.download(content, { encoded: null })),
  );
  assert.deepEqual(words(results), ['staged', 'staged', 'staged']);
  far.after = (seen, outcome) => (seen.name === 'manifests' ? response(200, { manifests: [] }) : outcome);
  const none = await server.download([rig.download(contents[0]!, { encoded: null })]);
  assert.equal(none.kind === 'trouble' && none.code, 'bad-answer');
});

test('what a killed download left in staging is kept where it verifies', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const content = stored(far, noise(24 * MIB, 450));
  const item = rig.download(content);
  const opened = await rig.disk.stageOpen(item.staged);
  if (opened.kind === 'failed') assert.fail(opened.detail);
  await opened.writer.write(0, content.bytes.subarray(0, 15 * MIB));
  await opened.writer.write(MIB, noise(10, 1));
  await opened.writer.abandon();
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, content);
  const { chunks } = content.manifest;
  let end = 0;
  const kept = chunks.filter(({ size }) => {
    end += size;
    return end <= 15 * MIB;
  }).length;
  const asked = far.seen.flatMap(({ json }) => (json as { want: string[] }).want);
  assert.equal(asked.length, chunks.length - kept + 1, 'all that was whole, but the spoiled chunk');
});

test('a longer leftover of the same name is cut to the size of the file', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const content = stored(far, noise(2 * MIB, 460));
  const item = rig.download(content);
  const opened = await rig.disk.stageOpen(item.staged);
  if (opened.kind === 'failed') assert.fail(opened.detail);
  await opened.writer.write(0, noise(3 * MIB, 461));
  await opened.writer.abandon();
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, content);
});

test('a connection that ends midway keeps what is there, and names the trouble for the rest', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const contents = [2000, 30 * MIB].map((size, i) => stored(far, noise(size, i + 470)));
  const items = contents.map((content) => rig.download(content));
  let answers = 0;
  far.before = () => {
    answers += 1;
    return answers > 4 ? { kind: 'unreachable', detail: 'ECONNREFUSED' } : null;
  };
  const results = await fetchAll(server, items);
  assert.deepEqual(words(results), ['staged', 'unreachable']);
  const partial = await stat(join(rig.root, '.tidemark', 'staging', items[1]!.staged));
  assert.ok(partial.size > 0);
  far.before = () => null;
  far.seen.length = 0;
  const [again] = await fetchAll(server, [items[1]!]);
  await assertStaged(bench, items[1]!, again, contents[1]!);
  const asked = far.seen.flatMap(({ json }) => (json as { want: string[] }).want);
  assert.ok(asked.length < contents[1]!.manifest.chunks.length);
});

test('a download that gets nowhere is the trouble itself', async (t) => {
  const { rig, far, server } = await begin(t);
  const content = stored(far, noise(2000, 480));
  for (const encoded of [content.encoded, null]) {
    far.before = () => response(401, { code: 'signed-out', detail: '' });
    const result = await server.download([rig.download(content, { encoded })]);
    assert.ok(result.kind === 'trouble' && result.code === 'signed-out');
  }
});

test('a repeated chunk is fetched once and written wherever it belongs', async (t) => {
  const bench = await begin(t);
  const { rig, far, server } = bench;
  const content = stored(far, new Uint8Array(60 * MIB));
  const item = rig.download(content);
  const [result] = await fetchAll(server, [item]);
  await assertStaged(bench, item, result, content);
  assert.ok(far.bytesReceived < 17 * MIB, `${far.bytesReceived} bytes`);
});

test('a full disk is told per file, and nothing stands as complete', async (t) => {
  const full = { kind: 'failed', trouble: 'full', detail: 'ENOSPC' } as const;
  const bench = await begin(t, (disk) =>
    override(disk, {
      stage: (files) => Promise.resolve(files.map(() => full)),
      stageOpen: async (name) => {
        const opened = await disk.stageOpen(name);
        if (opened.kind === 'failed') return opened;
        const { writer } = opened;
        const bounded = override(writer, {
          write: (offset, bytes) => (offset > 4 * MIB ? Promise.resolve(full) : writer.write(offset, bytes)),
        });
        return { kind: 'opened', writer: bounded };
      },
    }),
  );
  const { rig, far, server } = bench;
  const contents = [2000, 20 * MIB].map((size, i) => stored(far, noise(size, i + 490)));
  const results = await fetchAll(
    server,
    contents.map((content) => rig.download(content)),
  );
  assert.deepEqual(words(results), ['disk-full', 'disk-full']);
});

test('chunks and manifests can be read by themselves', async (t) => {
  const { far, server } = await begin(t);
  const content = stored(far, noise(3 * MIB, 495));
  const ids = content.manifest.chunks.map((chunk) => chunk.id);
  const unknown = parseChunkId('9'.repeat(64));
  const chunks = await server.chunks([...ids, unknown]);
  assert.ok(chunks.kind === 'ok');
  assert.deepEqual([...chunks.value.keys()], ids);
  for (const [i, part] of chunksOf(content).entries())
    assert.ok(Buffer.from(chunks.value.get(ids[i]!)!).equals(part));
  assert.deepEqual(await server.manifest(content.manifestId), { kind: 'ok', value: content.manifest });
  far.manifests.set(content.manifestId, 'AAAA');
  const wrong = await server.manifest(content.manifestId);
  assert.equal(wrong.kind === 'trouble' && wrong.code, 'damaged-download');
});

/** The same object with some methods replaced; private members stay with the original. */
function override<T extends object>(original: T, changed: Partial<T>): T {
  return new Proxy(original, {
    get: (target, name) => {
      const replaced = Reflect.get(changed, name);
      const value = replaced ?? Reflect.get(target, name);
      return typeof value === 'function' && replaced === undefined ? value.bind(target) : value;
    },
  });
}
