/** Where the versions of a conflict stand in the drawing, and where the arrow keys lead. Pure. */

export type Side = 'both' | 'mine' | 'theirs';

export interface LineageNode {
  readonly id: string;
  readonly side: Side;
  /** The version it was made of; null, or one that is not in the drawing, for the first. */
  readonly base: string | null;
}
export interface Placed extends LineageNode {
  readonly column: number;
  readonly lane: number;
  /** The one it hangs on in the drawing. */
  readonly parent: string | null;
}
export interface Layout {
  readonly nodes: readonly Placed[];
  readonly edges: readonly { readonly from: Placed; readonly to: Placed }[];
  readonly columns: number;
  readonly lanes: number;
}

/** Oldest first. A version whose base is not kept hangs on the latest of its side, else on the ancestor. */
export function layoutOf(entries: readonly LineageNode[]): Layout {
  const placed = new Map<string, Placed>();
  const latest = new Map<Side, Placed>();
  const hasAncestor = entries.some((entry) => entry.side === 'both');
  const lanes: Readonly<Record<Side, number>> = hasAncestor
    ? { theirs: 0, both: 1, mine: 2 }
    : { theirs: 0, both: 0, mine: 1 };
  const ends: number[] = [];
  const edges: { from: Placed; to: Placed }[] = [];
  for (const entry of entries) {
    if (placed.has(entry.id)) continue;
    const named = entry.base === null ? undefined : placed.get(entry.base);
    const parent = named ?? latest.get(entry.side) ?? latest.get('both') ?? null;
    const node: Placed = {
      ...entry,
      // Two made of the same one stand one after the other, never on the same spot.
      column: Math.max(parent?.column ?? -1, ends[lanes[entry.side]] ?? -1) + 1,
      lane: lanes[entry.side],
      parent: parent?.id ?? null,
    };
    placed.set(node.id, node);
    ends[node.lane] = node.column;
    latest.set(node.side, node);
    if (parent !== null) edges.push({ from: parent, to: node });
  }
  const nodes = [...placed.values()];
  return {
    nodes,
    edges,
    columns: nodes.reduce((most, node) => Math.max(most, node.column + 1), 0),
    lanes: nodes.length === 0 ? 0 : hasAncestor ? 3 : 2,
  };
}

export type Step = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

export function isStep(key: string): key is Step {
  return /^(?:Arrow(?:Left|Right|Up|Down)|Home|End)$/.test(key);
}

/** Left to what it was made of, right to what was made of it, up and down to the other branches; null: nowhere to go. */
export function stepFrom(layout: Layout, id: string, step: Step): string | null {
  const here = layout.nodes.find((node) => node.id === id);
  if (here === undefined) return null;
  switch (step) {
    case 'ArrowLeft':
      return beside(layout, here, -1) ?? here.parent;
    case 'ArrowRight':
      return beside(layout, here, 1) ?? layout.nodes.find((node) => node.parent === id)?.id ?? null;
    case 'ArrowUp':
      return nearest(layout, here, (node) => node.lane < here.lane);
    case 'ArrowDown':
      return nearest(layout, here, (node) => node.lane > here.lane);
    case 'Home':
      return layout.nodes[0]?.id ?? null;
    case 'End':
      return layout.nodes.filter((node) => node.side === here.side).at(-1)?.id ?? null;
  }
}

/** The one before or after on the same branch. */
function beside(layout: Layout, here: Placed, way: -1 | 1): string | null {
  const those = layout.nodes
    .filter((node) => node.lane === here.lane && (node.column - here.column) * way > 0)
    .sort((a, b) => (a.column - b.column) * way);
  return those[0]?.id ?? null;
}

/** On the next lane that way, the column that is closest; the later one of two. */
function nearest(layout: Layout, here: Placed, isThatWay: (node: Placed) => boolean): string | null {
  const distance = (node: Placed) =>
    Math.abs(node.lane - here.lane) * 1000 +
    Math.abs(node.column - here.column) +
    (node.column < here.column ? 0.5 : 0);
  const those = layout.nodes.filter(isThatWay).sort((a, b) => distance(a) - distance(b));
  return those[0]?.id ?? null;
}

/** A line from one version to the next: straight on a lane; to another it bends late, past what is written below it. */
export function edgePath(
  from: readonly [number, number],
  to: readonly [number, number],
): { readonly trunk: string; readonly branch: string } {
  const [x1, y1] = from;
  const [x2, y2] = to;
  if (y1 === y2) return { trunk: '', branch: `M${x1} ${y1}H${x2}` };
  const bend = Math.min(28, (x2 - x1) / 2);
  const start = x2 - 2 * bend;
  return {
    trunk: `M${x1} ${y1}H${start}`,
    branch: `M${start} ${y1}C${start + bend} ${y1} ${start + bend} ${y2} ${x2} ${y2}`,
  };
}
