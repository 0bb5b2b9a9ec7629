/** Trees as scenarios write them, trees as disks show them, and whether one is the other. */

export type EntrySpec =
  | string
  | { readonly text: string; readonly executable: true }
  | { readonly link: string }
  | { readonly folder: true };

/**
 * Paths with what stands there. Folders are implied by what they hold; only empty ones are written. One `*` in a path
 * stands for whatever a server puts into the name of a conflict copy, and must fit exactly one entry.
 */
export type TreeSpec = Readonly<Record<string, EntrySpec>>;

export const FOLDER = { folder: true } as const;

/** What a disk or a server shows: every path, folders included. */
export type Tree = ReadonlyMap<string, string>;

/** One comparable line per entry. */
export function describe(entry: EntrySpec): string {
  if (typeof entry === 'string') return `file ${JSON.stringify(entry)}`;
  if ('folder' in entry) return 'folder';
  if ('link' in entry) return `link ${entry.link}`;
  return `executable ${JSON.stringify(entry.text)}`;
}

function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** All entries of a specification, implied folders included. */
export function expand(spec: TreeSpec): Map<string, string> {
  const tree = new Map<string, string>();
  for (const [path, entry] of Object.entries(spec)) {
    for (const parent of parents(path)) if (!tree.has(parent)) tree.set(parent, 'folder');
    tree.set(path, describe(entry));
  }
  return tree;
}

export function pathPattern(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]+');
  return new RegExp(`^${escaped}$`);
}

/** Every way in which the tree is not the expected one, in words; none when it is. */
export function differences(actual: Tree, spec: TreeSpec): string[] {
  const left = new Map(actual);
  const found: string[] = [];
  const expected = [...expand(spec)].sort(([a], [b]) => Number(a.includes('*')) - Number(b.includes('*')));
  for (const [path, what] of expected) {
    const fits = (candidate: string): boolean =>
      path.includes('*')
        ? pathPattern(path).test(candidate) && left.get(candidate) === what
        : candidate === path;
    const match = [...left.keys()].find(fits);
    if (match === undefined) found.push(`${path} is missing (${what})`);
    else if (left.get(match) !== what) found.push(`${path} is ${left.get(match)}, expected ${what}`);
    if (match !== undefined) left.delete(match);
  }
  for (const [path, what] of left) found.push(`${path} should not be there (${what})`);
  return found;
}

/** Differences between two disks. */
export function unequal(a: Tree, b: Tree): string[] {
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: ${a.get(path) ?? 'nothing'} / ${b.get(path) ?? 'nothing'}`);
}

export function printTree(tree: Tree): string {
  return [...tree]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, what]) => `  ${path}: ${what}`)
    .join('\n');
}
