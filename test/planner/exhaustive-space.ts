/**
 * The bounded space: every start of a few nodes, and every tree that a few operations of one user make of it. What users
 * do before anything is synced only shows in the tree that they leave: sequences that leave the same tree are one.
 */
export interface Thing {
  /** Stays the same when it is moved; of what is new: its number and whose it is. */
  readonly id: string;
  readonly kind: 'file' | 'folder';
  /** Id of its folder; '' is the root. */
  readonly parent: string;
  readonly name: string;
  /** '' for folders. */
  readonly content: string;
}
/** A tree as a list of things in the order of their ids. */
export type Tree = readonly Thing[];

/** Three names, or four where a folder of the start holds four things. */
const NAMES = ['a', 'b', 'c', 'd'];

function namesOf(start: Tree): readonly string[] {
  return NAMES.slice(0, start.some(({ name }) => name === 'd') ? 4 : 3);
}

export function keyOf(tree: Tree): string {
  return tree
    .map(({ id, kind, parent, name, content }) => [id, kind, parent, name, content].join(':'))
    .join(' ');
}

/** All forests of exactly `count` nodes; in every folder names are given from the first one on. */
export function starts(count: number): readonly Tree[] {
  const found = new Map<string, Tree>();
  const grow = (tree: Tree): void => {
    if (tree.length === count) {
      found.set(shapeOf(tree, ''), tree);
      return;
    }
    for (const parent of ['', ...tree.filter(({ kind }) => kind === 'folder').map(({ id }) => id)]) {
      const name = NAMES[tree.filter((each) => each.parent === parent).length];
      if (name === undefined) continue;
      const id = String(tree.length + 1);
      grow([...tree, { id, kind: 'folder', parent, name, content: '' }]);
      grow([...tree, { id, kind: 'file', parent, name, content: `0.${id}` }]);
    }
  };
  grow([]);
  return [...found.values()];
}

/** The same for forests that differ by the order of siblings alone. */
function shapeOf(tree: Tree, folder: string): string {
  const inside = tree.filter(({ parent }) => parent === folder);
  return `(${inside
    .map(({ kind, id }) => (kind === 'file' ? 'f' : `d${shapeOf(tree, id)}`))
    .sort()
    .join('')})`;
}

/** Every tree that one operation of `user` makes of this one, as often as an operation makes it. */
export function* steps(tree: Tree, user: string, most: number, names: readonly string[]): Generator<Tree> {
  const folders = ['', ...tree.filter(({ kind }) => kind === 'folder').map(({ id }) => id)];
  const isFree = (parent: string, name: string): boolean =>
    !tree.some((each) => each.parent === parent && each.name === name);
  const made = tree.filter(({ id }) => id.startsWith(user)).length;
  for (const parent of folders)
    for (const name of names) {
      if (!isFree(parent, name) || tree.length >= most) continue;
      const id = `${user}${made + 1}`;
      yield added(tree, { id, kind: 'folder', parent, name, content: '' });
      yield added(tree, { id, kind: 'file', parent, name, content: `${user}.${id}` });
      yield added(tree, { id, kind: 'file', parent, name, content: '=' });
    }
  for (const thing of tree) {
    const { id, kind, parent, name } = thing;
    yield without(tree, id);
    if (kind === 'file') {
      yield changed(tree, { ...thing, content: `${user}.${id}` });
      yield changed(tree, { ...thing, content: '=' });
    }
    for (const folder of folders)
      for (const other of names)
        if (isFree(folder, other) && !isInside(tree, folder, id))
          yield changed(tree, { ...thing, parent: folder, name: other });
    for (const other of tree) {
      if (other.id === id) continue;
      if (kind === 'file' && other.kind === 'file')
        yield changed(without(tree, id), { ...other, content: thing.content });
      if (id < other.id && !isInside(tree, id, other.id) && !isInside(tree, other.id, id))
        yield changed(changed(tree, { ...thing, parent: other.parent, name: other.name }), {
          ...other,
          parent,
          name,
        });
    }
  }
}

function changed(tree: Tree, thing: Thing): Tree {
  return tree.map((each) => (each.id === thing.id ? thing : each));
}

function added(tree: Tree, thing: Thing): Tree {
  return [...tree, thing].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Without it and what is in it. */
function without(tree: Tree, id: string): Tree {
  return tree.filter((each) => !isInside(tree, each.id, id));
}

function isInside(tree: Tree, at: string, id: string): boolean {
  for (let up: string | undefined = at; up; up = tree.find((each) => each.id === up)?.parent)
    if (up === id) return true;
  return false;
}

/** What up to `most` operations make of a start: each tree once, with the fewest operations that make it. */
export interface Reach {
  readonly trees: readonly { readonly tree: Tree; readonly operations: number }[];
  /** How many sequences of exactly so many operations there are. */
  readonly sequences: readonly number[];
}

export function reach(start: Tree, user: string, operations: number, nodes: number): Reach {
  const found = new Map<string, { readonly tree: Tree; readonly operations: number }>();
  found.set(keyOf(start), { tree: start, operations: 0 });
  let level = new Map([[keyOf(start), { tree: start, ways: 1 }]]);
  const sequences = [1];
  const names = namesOf(start);
  for (let count = 1; count <= operations; count += 1) {
    const next = new Map<string, { tree: Tree; ways: number }>();
    let all = 0;
    for (const { tree, ways } of level.values())
      for (const after of steps(tree, user, nodes, names)) {
        all += ways;
        const key = keyOf(after);
        const known = next.get(key);
        if (known) known.ways += ways;
        else next.set(key, { tree: after, ways });
        if (!found.has(key)) found.set(key, { tree: after, operations: count });
      }
    sequences.push(all);
    level = next;
  }
  return { trees: [...found.values()], sequences };
}

/** Renamings of all names that leave a start what it is, as maps of names and of ids; the first changes nothing. */
export interface Renaming {
  readonly names: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, string>;
}

export function renamingsOf(start: Tree): readonly Renaming[] {
  const plain = namesOf(start);
  return ordersOf(plain).flatMap((order) => {
    const names = new Map(plain.map((name, at) => [name, order[at]!]));
    const ids = new Map([['', '']]);
    for (const { id, kind, parent, name } of start) {
      const there = start.find(
        (each) => each.parent === ids.get(parent) && each.name === names.get(name) && each.kind === kind,
      );
      if (!there) return [];
      ids.set(id, there.id);
    }
    return [{ names, ids }];
  });
}

function ordersOf(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length === 0) return [[]];
  return names.flatMap((first) =>
    ordersOf(names.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

/** A tree under other names, told as if by `user`. */
export function renamed(tree: Tree, { names, ids }: Renaming, from: string, user: string): Tree {
  const idOf = (id: string): string => ids.get(id) ?? id.replace(from, user);
  const contentOf = (content: string): string => {
    const [who, id] = content.split('.');
    return id === undefined ? content : `${who === from ? user : who}.${idOf(id)}`;
  };
  return tree
    .map((each) => ({
      ...each,
      id: idOf(each.id),
      parent: idOf(each.parent),
      name: names.get(each.name) ?? each.name,
      content: contentOf(each.content),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
