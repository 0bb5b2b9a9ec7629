/** Versions of any path, also of one that is gone: list, read, put back on top. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { CAT_PIECE_BYTES } from '../../ipc/history.ts';
import type { VersionChoice } from '../../ipc/shapes.ts';
import { toBase64 } from '../../protocol/base64.ts';
import type { WireHead } from '../../protocol/head.ts';
import type { JournalEvent } from '../../protocol/journal.ts';
import type { HistoryAnswer } from '../../protocol/routes.ts';
import type { Engine } from '../engine.ts';
import { claimBase, claimNow } from './claims.ts';
import { versionRow } from './rows.ts';

interface NodeHistory {
  readonly event: JournalEvent;
  readonly versions: HistoryAnswer['versions'];
}

/** Every node that stands or stood at the path, with its versions; live first. */
async function nodesAt(engine: Engine, path: string): Promise<Answer<readonly NodeHistory[]>> {
  const server = engine.parts.account.serverUrl;
  if (!engine.ready || !engine.connection.online) return refused('unreachable', { server });
  const found = await engine.server.lookup(path);
  if (found.kind === 'trouble') return refused(found.code, { server, detail: found.detail });
  const nodes: NodeHistory[] = [];
  for (const event of found.value.nodes) {
    const versions = await engine.server.history(event.node);
    if (versions.kind === 'trouble') return refused(versions.code, { server, detail: versions.detail });
    nodes.push({ event, versions: versions.value.versions });
  }
  return nodes.length > 0 ? ok(nodes) : refused('not-found', { file: path });
}

export async function history(engine: Engine, path: string): Promise<Answer<Result<'history'>>> {
  const found = await nodesAt(engine, path);
  if (found.kind === 'refused') return found;
  const nodes = found.value.map(({ event, versions }) => ({
    node: event.node,
    kind: event.kind,
    live: event.entry.live,
    path: event.entry.live ? engine.state.remotePathOf(event.node) : null,
    deleted: event.entry.live ? null : { at: event.at, device: event.deviceName, user: event.user },
    versions: versions.map((each) =>
      versionRow(each, event.entry.live && each.version === event.head?.version),
    ),
  }));
  return ok({ path, nodes });
}

function choose(
  nodes: readonly NodeHistory[],
  choice: VersionChoice | undefined,
): { readonly node: NodeHistory; readonly head: WireHead } | null {
  for (const node of nodes) {
    const head =
      choice === undefined
        ? node.versions[0]
        : node.versions.find((each) => each.number === choice || each.version === choice);
    if (head) return { node, head };
  }
  return null;
}

export async function cat(engine: Engine, params: Params<'cat'>): Promise<Answer<Result<'cat'>>> {
  const found = await nodesAt(engine, params.path);
  if (found.kind === 'refused') return found;
  const chosen = choose(found.value, params.version);
  if (!chosen) return refused('unknown-version', { file: params.path });
  const { head, node } = chosen;
  const offset = params.offset ?? 0;
  const read = await readRange(engine, head, offset, params.length ?? CAT_PIECE_BYTES);
  if (read.kind === 'refused') return read;
  const end = offset + read.value.bytes.length;
  return ok({
    path: params.path,
    node: node.event.node,
    version: head.version,
    number: head.number,
    kind: head.content.kind,
    size: read.value.size,
    offset,
    bytes: toBase64(read.value.bytes),
    next: end < read.value.size ? end : null,
  });
}

async function readRange(
  engine: Engine,
  head: WireHead,
  offset: number,
  length: number,
): Promise<Answer<{ readonly bytes: Uint8Array; readonly size: number }>> {
  if (head.content.kind === 'symlink') {
    const bytes = new TextEncoder().encode(head.content.target);
    return ok({ bytes: bytes.subarray(offset, offset + length), size: bytes.length });
  }
  const server = engine.parts.account.serverUrl;
  const manifest = await engine.server.manifest(head.content.manifest);
  if (manifest.kind === 'trouble') return refused(manifest.code, { server, detail: manifest.detail });
  let at = 0;
  for (const chunk of manifest.value.chunks) {
    if (offset < at + chunk.size) {
      const got = await engine.server.chunks([chunk.id]);
      const bytes = got.kind === 'ok' ? got.value.get(chunk.id) : undefined;
      if (!bytes) return refused('bad-answer', { server, detail: 'a chunk is missing' });
      return ok({
        bytes: bytes.subarray(offset - at, Math.min(bytes.length, offset - at + length)),
        size: manifest.value.size,
      });
    }
    at += chunk.size;
  }
  return ok({ bytes: new Uint8Array(0), size: manifest.value.size });
}

export async function restore(
  engine: Engine,
  path: string,
  version: VersionChoice,
): Promise<Answer<Result<'restore'>>> {
  const found = await nodesAt(engine, path);
  if (found.kind === 'refused') return found;
  const chosen = choose(found.value, version);
  if (!chosen) return refused('unknown-version', { file: path });
  const { event } = chosen.node;
  const answer = await claimNow(engine, (key) => ({
    op: 'restore',
    key,
    node: event.node,
    ...claimBase(engine, event.node),
    base: event.head?.version ?? null,
    version: chosen.head.version,
  }));
  if (answer.kind === 'refused') return answer;
  const outcome = answer.value;
  const head = outcome.events.find((each) => each.node === outcome.node)?.head ?? event.head;
  if (outcome.kind === 'dropped' || !head)
    return refused('unprocessable', { detail: `${path} was changed meanwhile; look at its history again` });
  const where = engine.state.remotePathOf(event.node) ?? path;
  return ok({
    path: where,
    node: event.node,
    version: head.version,
    number: head.number,
    restored: chosen.head.number,
    sentence: `${where} has the content of V${chosen.head.number} again, as V${head.number}.`,
  });
}
