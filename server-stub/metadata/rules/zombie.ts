/** Zombies: during a union merge, a file whose content was deleted at the very path it stands at (RULES 12). */
import { nfcKey } from '../../../src/core/names/fold.ts';
import { type Content, sameContent } from '../../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../../../src/protocol/ids.ts';
import type { NodeRow } from '../rows.ts';
import type { Decision } from './decision.ts';
import type { Scope } from './scope.ts';

/** Folders of one path and dead nodes of one name that are looked at, latest deaths first. */
const LOOKED_AT = 64;

export async function zombieAt(
  scope: Scope,
  parent: NodeRow,
  name: string,
  content: Content,
): Promise<Decision | null> {
  if (!(await scope.tx.hasDead(scope.ns))) return null;
  for (const folder of await foldersAtPathOf(scope, parent)) {
    const standing = await scope.tx.allAt(scope.ns, folder, nfcKey(name));
    for (const node of standing.filter((row) => !row.live).slice(0, LOOKED_AT)) {
      const versions = await scope.tx.versionsAfter(scope.ns, node.id, 0);
      const match = versions.findLast((version) => sameContent(version.content, content));
      if (match !== undefined) return { kind: 'zombie', node: node.id, version: match.id };
    }
  }
  return null;
}

/**
 * The folder itself and others that stood at its path: a merge has just made it anew, and what was deleted hangs below
 * its dead namesake.
 */
async function foldersAtPathOf(scope: Scope, folder: NodeRow): Promise<readonly NodeId[]> {
  const names: string[] = [];
  for (let at: NodeRow | null = folder; at !== null && at.parent !== null; ) {
    names.push(at.nameKey);
    at = await scope.tx.node(scope.ns, at.parent);
  }
  let found: NodeId[] = [ROOT_NODE];
  for (const name of names.reverse()) {
    const next: NodeId[] = [];
    for (const parent of found) {
      const standing = await scope.tx.allAt(scope.ns, parent, name);
      next.push(...standing.filter((row) => row.kind === 'folder').map((row) => row.id));
    }
    found = next.slice(0, LOOKED_AT);
  }
  return found.includes(folder.id) ? found : [folder.id, ...found];
}
