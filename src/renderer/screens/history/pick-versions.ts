/** Which versions stand beside each other. Pure: versions come newest first. */
import type { HistoryResult } from '../../../ipc/history.ts';
import type { VersionRow } from '../../../ipc/shapes.ts';

export type HistoryNode = HistoryResult['nodes'][number];

/** What a version is compared with unless somebody chooses: the current one, or for that one the one before. */
export function usualOther(versions: readonly VersionRow[], chosen: VersionRow): VersionRow | null {
  const newest = versions[0];
  if (newest !== undefined && newest.version !== chosen.version) return newest;
  const at = versions.findIndex((each) => each.version === chosen.version);
  return (
    versions.find((each) => each.version === chosen.base && each.version !== chosen.version) ??
    versions[at + 1] ??
    null
  );
}

/** The older first, as one reads what changed. */
export function inOrder(
  versions: readonly VersionRow[],
  a: VersionRow,
  b: VersionRow,
): readonly [VersionRow, VersionRow] {
  const placeOf = (row: VersionRow) => versions.findIndex((each) => each.version === row.version);
  return placeOf(a) > placeOf(b) ? [a, b] : [b, a];
}

/** What can be put on top: a version of a file that is gone, or any but the one that is on top with its content. */
export function canRestore(node: HistoryNode, row: VersionRow): boolean {
  return !node.live || !row.current;
}
