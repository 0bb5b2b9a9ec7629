/** Versions of any path, also of one that is gone: list and read. */

import type { Manifest } from '../../core/manifest/manifest.ts';
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { CAT_PIECE_BYTES } from '../../ipc/history.ts';
import type { Crossed, VersionChoice, VersionRow } from '../../ipc/shapes.ts';
import { toBase64 } from '../../protocol/base64.ts';
import type { WireHead } from '../../protocol/head.ts';
import { type ChunkId, type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { JournalEvent } from '../../protocol/journal.ts';
import type { Keeping } from '../../protocol/retention.ts';
import type { HistoryAnswer } from '../../protocol/routes.ts';
import type { Engine } from '../engine.ts';
import { pathNow } from './conflict-sides.ts';
import { noServer } from './no-server.ts';
import { refusedBy } from './refused-by.ts';
import { versionRow } from './rows.ts';

export interface NodeHistory {
  readonly event: JournalEvent;
  readonly versions: HistoryAnswer['versions'];
  readonly causes: HistoryAnswer['causes'];
  readonly keeping: HistoryAnswer['keeping'];
  readonly madeFrom: HistoryAnswer['madeFrom'];
  readonly wentTo: HistoryAnswer['wentTo'];
}

/** A node by its id, or every node that stands or stood at a path, live first; with their versions. */
export interface Named {
  readonly path?: string | undefined;
  readonly node?: string | undefined;
}

export async function nodesNamed(engine: Engine, named: Named): Promise<Answer<readonly NodeHistory[]>> {
  if ((named.path === undefined) === (named.node === undefined))
    return refused('unprocessable', { detail: 'a file is named by its path or by its id, by one of both' });
  const cut = noServer(engine);
  if (cut) return cut;
  if (named.node !== undefined) return byNode(engine, parseNodeId(named.node));
  const found = await engine.server.lookup(named.path ?? '');
  if (found.kind === 'trouble') return refusedBy(engine, found);
  const nodes: NodeHistory[] = [];
  for (const event of found.value.nodes) {
    const history = await engine.server.history(event.node);
    if (history.kind === 'trouble') return refusedBy(engine, history);
    nodes.push(nodeHistory(event, history.value));
  }
  return nodes.length > 0 ? ok(nodes) : refused('not-found', { file: named.path ?? '' });
}

async function byNode(engine: Engine, node: NodeId): Promise<Answer<readonly NodeHistory[]>> {
  const history = await engine.server.history(node);
  if (history.kind === 'trouble') return refusedBy(engine, history);
  const { current } = history.value;
  return current === null ? refused('not-found') : ok([nodeHistory(current, history.value)]);
}

function nodeHistory(event: JournalEvent, answer: HistoryAnswer): NodeHistory {
  const { versions, causes, keeping, madeFrom, wentTo } = answer;
  return { event, versions, causes, keeping, madeFrom, wentTo };
}

/** As it was asked for; of a node, where it stands or stood last. */
export function pathNamed(engine: Engine, named: Named, event: JournalEvent): string {
  return named.path ?? (pathNow(engine, event.node) || event.entry.name);
}

export async function history(engine: Engine, params: Params<'history'>): Promise<Answer<Result<'history'>>> {
  const found = await nodesNamed(engine, params);
  if (found.kind === 'refused') return found;
  const nodes = found.value.map(({ event, versions, causes, keeping, madeFrom, wentTo }) => ({
    node: event.node,
    kind: event.kind,
    live: event.entry.live,
    path: event.entry.live ? engine.state.remotePathOf(event.node) : null,
    deleted: event.entry.live
      ? null
      : {
          at: event.at,
          device: event.deviceName,
          user: event.user,
          ...(wentTo === undefined ? {} : { wentTo: crossed(engine, wentTo) }),
        },
    versions: versions.map((each, i) => ({
      ...versionRow(engine, each, event.entry.live && each.version === event.head?.version, causes?.[i]),
      ...keptAs(keeping?.[i]),
      ...madeFromOf(engine, each, madeFrom),
    })),
  }));
  const first = found.value[0];
  return ok({ path: first ? pathNamed(engine, params, first.event) : '', nodes });
}

type Link = NonNullable<HistoryAnswer['wentTo']>;

function crossed(engine: Engine, { namespace, node }: Link): Crossed {
  return { ...engine.crossings.whereIs(namespace, node), node };
}

/** What the version was in another namespace, if it was moved from there. */
export function madeFromOf(
  engine: Engine,
  { version }: WireHead,
  links: HistoryAnswer['madeFrom'],
): Pick<VersionRow, 'madeFrom'> {
  const link = links?.find(({ made }) => made === version);
  if (link === undefined) return {};
  return { madeFrom: { ...crossed(engine, link), version: link.version, number: link.number } };
}

function keptAs(keeping: Keeping | undefined): Pick<VersionRow, 'label' | 'kept'> {
  if (keeping === undefined) return {};
  const { label, why, until } = keeping;
  return { label, kept: { why, until } };
}

function chooseVersion(
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

interface NamedVersion {
  readonly path: string;
  readonly node: NodeHistory;
  readonly head: WireHead;
}

/** The one version that is meant, and the path to tell of. */
export async function versionNamed(
  engine: Engine,
  params: Named & { readonly version?: VersionChoice | undefined },
): Promise<Answer<NamedVersion>> {
  const found = await nodesNamed(engine, params);
  if (found.kind === 'refused') return found;
  const chosen = chooseVersion(found.value, params.version);
  const first = found.value[0];
  const path = first ? pathNamed(engine, params, chosen?.node.event ?? first.event) : '';
  if (!chosen) return refused('unknown-version', { file: path });
  return ok({ path, ...chosen });
}

export async function cat(engine: Engine, params: Params<'cat'>): Promise<Answer<Result<'cat'>>> {
  const named = await versionNamed(engine, params);
  if (named.kind === 'refused') return named;
  const { path, head, node } = named.value;
  const offset = params.offset ?? 0;
  const read = await readRange(engine, path, head, offset, params.length ?? CAT_PIECE_BYTES);
  if (read.kind === 'refused') return read;
  const end = offset + read.value.bytes.length;
  return ok({
    path,
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
  file: string,
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
  if (manifest.kind === 'trouble') return refusedBy(engine, manifest);
  let at = 0;
  for (const chunk of manifest.value.chunks) {
    if (offset < at + chunk.size) {
      const got = await engine.server.chunks([chunk.id]);
      if (got.kind === 'trouble') {
        if (got.code === 'thawing') await askForRest(engine, manifest.value, at);
        return refusedBy(engine, got, { file });
      }
      const bytes = got.value.get(chunk.id);
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

/** Not more: those that are not cold come at once, and are thrown away. */
const ASKED_AHEAD = 32;

/** What is read next comes back together with what was asked for, and not one part after the other. */
async function askForRest(engine: Engine, { chunks }: Manifest, at: number): Promise<void> {
  let offset = 0;
  const rest = new Set<ChunkId>();
  for (const { id, size } of chunks) {
    if (offset > at && rest.size < ASKED_AHEAD) rest.add(id);
    offset += size;
  }
  if (rest.size > 0) await engine.server.chunks([...rest]);
}
