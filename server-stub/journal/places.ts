/** Paths: from nodes to where they stand or stood, and back. */

import { nfcKey } from '../../src/core/names/fold.ts';
import { pathIn } from '../../src/core/names/path-parts.ts';
import { type NamespaceId, type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { LookupAnswer } from '../../src/protocol/routes.ts';
import { EventBuilder } from '../metadata/event-of.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { NodeRow } from '../metadata/rows.ts';

/** Nodes kept per step of a path, live ones first: names under which very much died are cut short. */
const KEPT = 256;

/** Nodes that stand at a path, or died standing there; live ones first, then the latest deaths. */
export async function lookup(tx: ReadTx, ns: NamespaceId, path: string): Promise<LookupAnswer> {
  const names = path.split('/').filter((name) => name !== '');
  let found: readonly NodeRow[] = [];
  let parents: readonly NodeId[] = [ROOT_NODE];
  for (const name of names) {
    const standing: NodeRow[] = [];
    for (const parent of parents) standing.push(...(await tx.allAt(ns, parent, nfcKey(name))));
    found = standing.sort(liveThenLatest).slice(0, KEPT);
    parents = found.filter((node) => node.kind === 'folder').map((node) => node.id);
  }
  return { nodes: await new EventBuilder(tx, ns).ofNodes(found.map((node) => node.id)) };
}

function liveThenLatest(a: NodeRow, b: NodeRow): number {
  return (b.deadSeq ?? Number.MAX_SAFE_INTEGER) - (a.deadSeq ?? Number.MAX_SAFE_INTEGER);
}

/** Reads paths inside one transaction and remembers the folders on the way. */
export class PathReader {
  readonly #tx: ReadTx;
  readonly #ns: NamespaceId;
  readonly #folders = new Map<NodeId, string>([[ROOT_NODE, '']]);

  constructor(tx: ReadTx, ns: NamespaceId) {
    this.#tx = tx;
    this.#ns = ns;
  }

  /** Where a node stands, or stood when it died: names from the root, with slashes between. */
  async pathOf(node: NodeRow): Promise<string> {
    const names: string[] = [node.name];
    const passed: NodeId[] = [];
    let at = node.parent;
    let above = at === null ? undefined : this.#folders.get(at);
    while (at !== null && above === undefined) {
      const folder = await this.#tx.node(this.#ns, at);
      if (folder === null) break;
      passed.push(at);
      names.push(folder.name);
      at = folder.parent;
      above = at === null ? undefined : this.#folders.get(at);
    }
    let path = above ?? '';
    for (const id of passed.reverse()) {
      path = pathIn(path, names.pop() ?? '');
      this.#folders.set(id, path);
    }
    return pathIn(path, names.pop() ?? '');
  }
}
