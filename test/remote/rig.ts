/** A real folder with the real disk, files on it, and the items that send them and bring them back. */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { blake3 as nativeBlake3 } from '@napi-rs/blake-hash';
import { encodeSignatures, signatureOf } from '../../src/core/delta/signature.ts';
import { buildManifest } from '../../src/core/manifest/build-manifest.ts';
import { encodeManifest, type Manifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import type { Disk, Stamp } from '../../src/engine/environment/disk.ts';
import type { Hashing } from '../../src/engine/environment/hashing.ts';
import { openNodeDisk } from '../../src/engine/local/node-disk.ts';
import type { DownloadItem, UploadItem } from '../../src/engine/remote/server.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import { type NodeId, parseNodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';

export function blake3(bytes: Uint8Array): Uint8Array {
  return nativeBlake3(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

export const HASHING: Hashing = {
  backend: 'native',
  blake3,
  fingerprint: () => Promise.reject(new Error('nothing is hashed in the background here')),
  close: () => Promise.resolve(),
};

export interface Content {
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly encoded: string;
  readonly manifestId: DownloadItem['manifestId'];
}

export function contentOf(bytes: Uint8Array): Content {
  const manifest = buildManifest(bytes, blake3);
  const encoded = encodeManifest(manifest);
  return {
    bytes,
    manifest,
    encoded: Buffer.from(encoded).toString('base64'),
    manifestId: manifestIdOf(encoded, blake3),
  };
}

/** The chunks of a content, in order. */
export function chunksOf({ bytes, manifest }: Content): readonly Uint8Array[] {
  let at = 0;
  return manifest.chunks.map(({ size }) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
}

export function signaturesOf(content: Content): Uint8Array {
  const parts = chunksOf(content);
  return encodeSignatures(
    content.manifest.chunks.map((chunk, i) => signatureOf(chunk.id, parts[i]!, blake3)),
  );
}

/** Bytes that do not compress and are the same for the same seed. */
export function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (seed * 0x9e3779b9) | 1;
  for (let i = 0; i < words.length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

let nodes = 0;
export function newNode(): NodeId {
  nodes += 1;
  return parseNodeId(`018f0000-0000-7000-8000-${nodes.toString(16).padStart(12, '0')}`);
}

export class Rig {
  readonly root: string;
  readonly disk: Disk;
  #key = 0;
  #staged = 0;

  constructor(root: string, disk: Disk) {
    this.root = root;
    this.disk = disk;
  }

  async write(path: string, bytes: Uint8Array): Promise<Stamp> {
    const place = join(this.root, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes);
    return this.stamp(path);
  }

  async stamp(path: string): Promise<Stamp> {
    const found = await this.disk.look(path);
    if (found.kind === 'failed') throw new Error(found.detail);
    return found.stamp;
  }

  staged(name: string): Promise<Buffer> {
    return readFile(join(this.root, '.tidemark', 'staging', name));
  }

  /** Puts a staged file where it belongs, as the engine would. */
  async place(name: string, path: string): Promise<Stamp> {
    await rename(join(this.root, '.tidemark', 'staging', name), join(this.root, path));
    return this.stamp(path);
  }

  nextKey(): number {
    this.#key += 1;
    return this.#key;
  }

  /** A file on the disk as a new node (or as an edit of one). */
  async upload(
    path: string,
    content: Content,
    options: {
      readonly inMemory?: boolean;
      readonly old?: Content;
      readonly edit?: readonly [NodeId, VersionId];
    } = {},
  ): Promise<UploadItem> {
    const key = this.nextKey();
    const stamp = await this.stamp(path);
    return {
      claim: fileClaim(key, path, content, options.edit ?? null),
      source: {
        key,
        path,
        stamp,
        manifest: content.manifest,
        bytes: options.inMemory === true ? content.bytes : null,
        signature: options.old === undefined ? null : signaturesOf(options.old),
      },
    };
  }

  folder(name: string): UploadItem {
    const claim: Claim = {
      ...claimBase(this.nextKey()),
      op: 'create',
      parent: ROOT_NODE,
      name,
      content: null,
    };
    return { claim, source: null };
  }

  download(content: Content, options: Partial<DownloadItem> = {}): DownloadItem {
    this.#staged += 1;
    return {
      node: newNode(),
      staged: `f${this.#staged}`,
      manifestId: content.manifestId,
      encoded: content.encoded,
      size: content.bytes.length,
      executable: false,
      mtimeNs: 1_700_000_000_123_456_789n,
      reuse: [],
      ...options,
    };
  }
}

export async function openRig(t: TestContext): Promise<Rig> {
  const root = await mkdtemp(join(tmpdir(), 'tidemark-remote-'));
  const disk = await openNodeDisk({ root });
  t.after(async () => {
    await disk.close();
    await rm(root, { recursive: true, force: true });
  });
  const ready = await disk.prepare();
  if (ready.kind === 'failed') throw new Error(ready.detail);
  return new Rig(root, disk);
}

function claimBase(key: number) {
  return {
    key,
    node: newNode(),
    editedAt: 1_700_000_000_000,
    unanswered: [],
    mtimeNs: '1700000000123456789',
    checkZombie: false,
  };
}

function fileClaim(
  key: number,
  path: string,
  content: Content,
  edit: readonly [NodeId, VersionId] | null,
): Claim {
  const wire = {
    kind: 'file' as const,
    manifest: content.manifestId,
    size: content.bytes.length,
    executable: false,
    encoded: content.encoded,
  };
  const { checkZombie, ...base } = claimBase(key);
  if (edit !== null) {
    return { ...base, op: 'edit', node: edit[0], base: edit[1], content: wire, onStale: 'fork' };
  }
  const name = path.split('/').at(-1)!;
  return { ...base, checkZombie, op: 'create', parent: ROOT_NODE, name, content: wire };
}
