import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeSignatures } from '../../src/core/delta/signature.ts';
import { buildManifest } from '../../src/core/manifest/build-manifest.ts';
import { encodeManifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import { SMALL_FILE } from '../../src/engine/environment/hashing.ts';
import { loadBlake3 } from '../../src/engine/local/node-blake3.ts';
import type { NodeDisk } from '../../src/engine/local/node-disk.ts';
import type { DiskCalls } from '../../src/engine/local/node-disk-calls.ts';
import {
  type NodeHashing,
  type NodeHashingOptions,
  openNodeHashing,
} from '../../src/engine/local/node-hashing.ts';
import { good, goodAll, trouble } from '../disk/outcomes.ts';
import { CALL_KINDS, type RealWorld, realWorld } from '../disk/real-world.ts';

type Choice = Pick<NodeHashingOptions, 'blake3' | 'chunks'>;

const CHOICES: readonly Choice[] = [
  {},
  { blake3: 'wasm', chunks: 'native' },
  { chunks: 'js' },
  { blake3: 'wasm', chunks: 'js' },
];

async function hashingIn(
  calls: 'native' | 'fallback',
  choice: Omit<NodeHashingOptions, 'disk'>,
  act: (hashing: NodeHashing, world: RealWorld) => Promise<void>,
): Promise<void> {
  const world = await realWorld(calls);
  const hashing = openNodeHashing({ disk: world.disk, ...choice });
  try {
    good(await world.disk.prepare());
    await act(hashing, world);
  } finally {
    await hashing.close();
    await world.close();
  }
}

function idOf(bytes: Uint8Array): string {
  const blake3 = (part: Uint8Array): Uint8Array => loadBlake3().hash(part);
  return manifestIdOf(encodeManifest(buildManifest(bytes, blake3)), blake3);
}

for (const calls of CALL_KINDS) {
  for (const choice of calls === CALL_KINDS[0] ? CHOICES : CHOICES.slice(0, 1)) {
    const label = `${calls} calls, ${choice.blake3 ?? 'best'} BLAKE3, ${choice.chunks ?? 'best'} chunk ends`;
    test(`files of all sizes are hashed to what their bytes say, in the order asked (${label})`, () =>
      hashingIn(calls, choice, async (hashing, { disk, user }) => {
        const sizes = [0, 10, 5_000_000, SMALL_FILE, SMALL_FILE + 1, 100, 2_500_000];
        const contents = sizes.map((size) => randomBytes(size));
        for (const [index, bytes] of contents.entries()) await user.write(`f${index}`, bytes);
        const requests = sizes.map((size, index) => ({
          path: `f${index}`,
          size,
          wantSignature: index === 2,
        }));
        const prints = goodAll(await hashing.fingerprint(requests));
        for (const [index, print] of prints.entries()) {
          const bytes = contents[index]!;
          assert.equal(print.manifestId, idOf(bytes), `size ${bytes.length}`);
          assert.equal(print.manifest.size, bytes.length);
          assert.deepEqual(print.stamp, good(await disk.look(`f${index}`)).stamp);
          if (bytes.length <= SMALL_FILE) assert.deepEqual(Buffer.from(print.bytes ?? []), bytes);
          else assert.equal(print.bytes, null);
        }
        const signatures = decodeSignatures(prints[2]?.signature ?? new Uint8Array(0));
        assert.ok(!('kind' in signatures));
        assert.deepEqual(
          signatures.map(({ chunk }) => chunk),
          prints[2]?.manifest.chunks.map(({ id }) => id),
        );
        assert.equal(prints[6]?.signature, null);
      }));
  }

  test(`a link, a folder, a hostile path and what is gone have no fingerprint, and the rest do (${calls})`, () =>
    hashingIn(calls, {}, async (hashing, { user }) => {
      await user.write('file', 'x');
      await user.write('target', Buffer.alloc(SMALL_FILE * 2));
      await user.link('link', 'target');
      await user.folder('folder');
      for (const size of [1, SMALL_FILE * 2]) {
        const paths = ['link', 'none', 'folder', '../out', 'file/below'];
        const outcomes = await hashing.fingerprint(
          paths.map((path) => ({ path, size, wantSignature: false })),
        );
        assert.deepEqual(outcomes.map(trouble), ['busy', 'gone', 'busy', 'name-refused', 'not-folder']);
      }
      const [print] = await hashing.fingerprint([{ path: 'file', size: 1, wantSignature: false }]);
      assert.equal(trouble(print), 'fingerprint');
    }));

  test(`a file that is not of the size it was said to be is busy: it has to be looked at again (${calls})`, () =>
    hashingIn(calls, {}, async (hashing, { user }) => {
      await user.write('grown', Buffer.alloc(SMALL_FILE + 1));
      await user.write('shrunk', 'x');
      const outcomes = await hashing.fingerprint([
        { path: 'grown', size: 10, wantSignature: false },
        { path: 'shrunk', size: SMALL_FILE + 1, wantSignature: false },
      ]);
      assert.deepEqual(outcomes.map(trouble), ['busy', 'busy']);
    }));

  for (const change of ['written to', 'cut short'] as const) {
    test(`a large file that is ${change} while it is hashed is busy, never a mix (${calls})`, () =>
      hashingIn(calls, {}, async (_hashing, world) => {
        const size = 3 * 1024 * 1024;
        await world.user.write('large', Buffer.alloc(size, 1));
        const changed = async (): Promise<void> => {
          const file = await fs.open(join(world.root, 'large'), 'r+');
          await (change === 'cut short' ? file.truncate(size / 2) : file.write('new bytes', size - 100));
          await file.close();
        };
        const hashing = openNodeHashing({ disk: withChangeAfterOpen(world.disk, changed) });
        const [outcome] = await hashing.fingerprint([{ path: 'large', size, wantSignature: false }]);
        await hashing.close();
        assert.equal(trouble(outcome), 'busy');
      }));
  }
}

/** The disk, but somebody acts on a file between its opening and its first byte read. */
function withChangeAfterOpen(disk: NodeDisk, change: () => Promise<void>): NodeDisk {
  const calls = replaced(disk.calls, 'open', async (...values: Parameters<DiskCalls['open']>) => {
    const opened = await disk.calls.open(...values);
    await change();
    return opened;
  });
  return new Proxy(disk, {
    get: (target, key) => {
      if (key === 'calls') return calls;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function replaced<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  by: Target[Key],
): Target {
  return new Proxy(target, {
    get: (real, name) => {
      if (name === key) return by;
      const value: unknown = Reflect.get(real, name, real);
      return typeof value === 'function' ? (value.bind(real) as unknown) : value;
    },
  });
}

test('thousands of small files are hashed in groups, each outcome at its place', () =>
  hashingIn(CALL_KINDS[0] ?? 'fallback', {}, async (hashing, { user }) => {
    const requests = Array.from({ length: 100 }, (_, index) => ({
      path: `d/f${index}`,
      size: 900,
      wantSignature: false,
    }));
    for (const { path } of requests) await user.write(path, path.repeat(100).slice(0, 900));
    const asked = Array.from({ length: 100 }, () => requests).flat();
    const print = goodAll(await hashing.fingerprint(asked));
    assert.equal(new Set(print.map(({ manifestId }) => manifestId)).size, 100);
    for (const [index, { manifestId }] of print.entries()) {
      assert.equal(manifestId, print[index % 100]?.manifestId);
    }
  }));

test('threads exist only while there is work for them, and closing ends what is under way', () =>
  hashingIn(CALL_KINDS[0] ?? 'fallback', { threads: 2, idleMs: 30 }, async (hashing, { user }) => {
    assert.equal(hashing.runningThreads, 0);
    const size = 3_000_000;
    for (const name of ['a', 'b', 'c']) await user.write(name, randomBytes(size));
    const requests = ['a', 'b', 'c'].map((path) => ({ path, size, wantSignature: false }));
    const hashed = hashing.fingerprint(requests);
    goodAll(await hashed);
    assert.ok(hashing.runningThreads <= 2);
    for (let i = 0; i < 200 && hashing.runningThreads > 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(hashing.runningThreads, 0);
    goodAll(await hashing.fingerprint(requests));
    const last = hashing.fingerprint(requests);
    await hashing.close();
    for (const outcome of await last) assert.ok(['failed', 'fingerprint'].includes(outcome.kind));
    const [late] = await hashing.fingerprint(requests.slice(0, 1));
    assert.equal(late?.kind, 'failed');
  }));
