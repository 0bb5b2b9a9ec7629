/** What became of nodes, drawn as text: their versions with base and author, their forks, and where they stood. */
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { Ledger } from '../ledger.ts';
import type { FoldedNode, FoldedVersion, ServerFold } from '../server-fold.ts';

const MOST_NODES = 12;

/** Nodes that sentences name: by id, by path, or by a content that was a version of them. With the sides of their conflicts. */
export function involvedNodes(
  sentences: readonly string[],
  fold: ServerFold,
  ledger: Ledger,
): ReadonlySet<NodeId> {
  const text = sentences.join('\n');
  const found = new Set<NodeId>();
  for (const { node, name } of fold.nodes.values()) {
    const path = fold.pathOf(node) ?? name;
    if (text.includes(node) || mentions(text, path)) found.add(node);
  }
  for (const { node, content } of fold.versions.values()) {
    const label = ledger.row(content)?.label;
    if (label !== undefined && text.includes(label)) found.add(node);
  }
  for (const { original, copy } of fold.conflicts.values()) {
    if (found.has(original)) found.add(copy);
    else if (found.has(copy)) found.add(original);
  }
  return new Set([...found].slice(0, MOST_NODES));
}

/** As a word of its own. */
function mentions(text: string, path: string): boolean {
  if (path === '') return false;
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const around = [text[at - 1], text[at + path.length]];
    if (around.every((letter) => letter === undefined || /[\s:,"()]/.test(letter))) return true;
  }
  return false;
}

export function drawLineages(nodes: Iterable<NodeId>, fold: ServerFold, ledger: Ledger): string {
  return [...nodes]
    .flatMap((id) => fold.nodes.get(id) ?? [])
    .map((node) => drawNode(node, fold, ledger))
    .join('\n');
}

function drawNode(node: FoldedNode, fold: ServerFold, ledger: Ledger): string {
  const path = fold.pathOf(node.node);
  const lines = [`${node.kind} ${node.node}: ${path === null ? `${node.name}, dead` : `stands at ${path}`}`];
  for (const place of node.places) {
    const folder = fold.nodes.get(place.parent)?.name;
    const where = folder === undefined ? place.name : `${folder}/${place.name}`;
    lines.push(`  @ ${place.seq} ${place.live ? where : `dead (${where})`}`);
  }
  for (const version of fold.versionsOf(node.node).reverse()) {
    lines.push(`  │ ${sayingOf(version, ledger)}${version.id === node.head?.version ? '  ← head' : ''}`);
    for (const fork of fold.versions.values())
      if (fork.base === version.id && fork.node !== node.node)
        lines.push(`  ├─ fork: ${sayingOf(fork, ledger)} of ${fork.node}`);
  }
  return lines.join('\n');
}

function sayingOf(version: FoldedVersion, ledger: Ledger): string {
  const { number, id, base, deviceName, content, executable } = version;
  const what = ledger.row(content)?.label ?? content.slice(0, 12);
  return `V${number} ${id} from ${base ?? 'nothing'} by ${deviceName}: ${what}${executable ? ' (x)' : ''}`;
}
