/** Every live file that a device can read, as bytes. */
import assert from 'node:assert/strict';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import { SnapshotPage } from '../../src/protocol/journal.ts';
import { ManifestsAnswer } from '../../src/protocol/routes.ts';
import { parsedAs, type WireDevice } from '../protocol/wire-device.ts';
import type { WireAnswer } from '../protocol/wire-http.ts';

export async function readFiles(device: WireDevice): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let continuation: string | null = null;
  for (;;) {
    const asked: WireAnswer = await device.ask('snapshot', { continuation, limit: 1000 });
    const page = parsedAs(SnapshotPage, asked);
    for (const { entry, head } of page.events) {
      if (!entry.live || head?.content.kind !== 'file') continue;
      const { manifest } = head.content;
      const answer = parsedAs(ManifestsAnswer, await device.ask('manifests', { ids: [manifest] }));
      const decoded = decodeManifest(Buffer.from(answer.manifests[0]?.encoded ?? '', 'base64'));
      assert(!isInvalidManifest(decoded), entry.name);
      const parts: Uint8Array[] = [];
      for (const { id } of decoded.chunks) {
        const { frames } = await device.getChunks([id]);
        assert(frames[0], `a chunk of ${entry.name}`);
        parts.push(frames[0].bytes);
      }
      files.set(entry.name, Buffer.concat(parts));
    }
    if (page.continuation === null) return files;
    continuation = page.continuation;
  }
}
