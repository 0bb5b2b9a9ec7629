/** "Why is this file like this?": its three nodes, lineage, cursor, the rule that fired, and what happened to it. */

import { decide } from '../../core/planner/decide.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../../core/tree/nodes.ts';
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import type { ExplainedNode } from '../../ipc/diagnosis.ts';
import type { Content } from '../../protocol/content.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { madeFromOf } from './history.ts';
import { problemRow } from './problem-rows.ts';
import { versionRow } from './rows.ts';

export async function explain(engine: Engine, path: string): Promise<Answer<Result<'explain'>>> {
  if (!engine.ready) return refused('unavailable');
  const { state, context } = engine;
  const node = nodeFor(engine, path);
  const events = node ? state.ledger.ofNode(node) : state.ledger.ofPath(path);
  if (!node && events.length === 0) return refused('not-found', { file: path });
  const intent = node ? decide(context.view, node) : null;
  const rule = intent?.rule ?? 'nothing stands at this path';
  const history =
    node && engine.connection.online && state.remote.get(node)?.head
      ? await engine.server.history(node)
      : null;
  const problem = node ? state.problems.get(node) : null;
  const leftOutBy = engine.scanner.excludedBy(path);
  return ok({
    path,
    sentence: sentenceOf(engine, node, path, rule),
    local: node ? localOf(engine, state.local.get(node)) : null,
    remote: node ? remoteOf(engine, state.remote.get(node)) : null,
    synced: node ? syncedOf(engine, state.synced.get(node)) : null,
    lineage:
      history?.kind === 'ok'
        ? history.value.versions.map((each, i) => ({
            ...versionRow(engine, each, i === 0, history.value.causes?.[i]),
            ...madeFromOf(engine, each, history.value.madeFrom),
          }))
        : [],
    cursor: state.meta.cursor()?.seq ?? 0,
    serverHead: engine.journal.serverHead,
    rule: { name: intent?.kind ?? 'nothing', sentence: rule },
    pending: intent && intent.kind !== 'nothing' ? [`${intent.kind}: ${intent.rule}`] : [],
    problem: problem && problemRow(engine, problem),
    excludedBy: leftOutBy === null ? null : engine.shown(leftOutBy),
    events: events.map((each) => ({
      at: each.at,
      what: each.verb,
      sentence: `${engine.shown(each.path)}: ${each.verb}, by the rule "${each.rule}"${each.detail ? ` (${each.detail})` : ''}.`,
    })),
  });
}

/** The node that stands there, here or on the server; else the one that stood there last. */
function nodeFor(engine: Engine, path: string): NodeId | null {
  const { state } = engine;
  return state.nodeAt(path) ?? state.remoteNodeAt(path) ?? state.ledger.ofPath(path)[0]?.node ?? null;
}

function sentenceOf(engine: Engine, node: NodeId | null, below: string, rule: string): string {
  const path = engine.shown(below);
  if (node === null) return `Nothing stands at ${path}.`;
  const remote = engine.state.remote.get(node);
  const local = engine.state.local.get(node);
  const who = remote ? `last changed by ${remote.author || 'nobody yet'}` : 'not on the server yet';
  if (!local) return `${path} is not on this computer; ${who}. Rule: ${rule}.`;
  return `${path} is ${remote?.live ? 'on both sides' : 'here'}, ${who}. Rule: ${rule}.`;
}

const NONE = {
  version: null,
  number: null,
  manifest: null,
  target: null,
  size: null,
  executable: null,
  mtimeNs: null,
  entryRev: null,
  headSeq: null,
  entrySeq: null,
  fileId: null,
};

function contentOf(content: Content | null) {
  if (content === null) return {};
  return content.kind === 'file'
    ? { manifest: content.manifest, size: content.size, executable: content.executable }
    : { target: content.target };
}

function localOf(
  engine: Engine,
  row: (LocalNode & { readonly fileId: string }) | null,
): ExplainedNode | null {
  if (!row) return null;
  const unhashed = row.kind !== 'folder' && row.content === null;
  const state =
    row.condition === 'unseen'
      ? 'unseen'
      : row.condition === 'excluded'
        ? 'excluded'
        : unhashed
          ? 'unhashed'
          : 'known';
  return {
    ...NONE,
    node: row.node,
    path: engine.state.pathOf(row.node) ?? '',
    kind: row.kind,
    state,
    size: row.size,
    mtimeNs: String(row.mtimeNs),
    fileId: row.fileId,
    ...contentOf(row.content),
  };
}

function remoteOf(engine: Engine, row: RemoteNode | null): ExplainedNode | null {
  if (!row) return null;
  return {
    ...NONE,
    node: row.node,
    path: engine.state.remotePathOf(row.node) ?? '',
    kind: row.kind,
    state: row.live ? 'known' : 'deleted',
    version: row.head?.version ?? null,
    number: row.head?.number ?? null,
    entryRev: row.entryRev,
    entrySeq: row.entrySeq,
    headSeq: row.head?.seq ?? null,
    mtimeNs: row.head ? String(row.head.mtimeNs) : null,
    ...contentOf(row.head?.content ?? null),
  };
}

function syncedOf(engine: Engine, row: SyncedNode | null): ExplainedNode | null {
  if (!row) return null;
  return {
    ...NONE,
    node: row.node,
    path: engine.state.nameOf(row.node),
    kind: row.kind,
    state: 'known',
    version: row.version,
    entryRev: row.entryRev,
    ...contentOf(row.content),
  };
}
