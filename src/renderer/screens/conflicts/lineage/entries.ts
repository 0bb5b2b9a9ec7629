/** The versions of a conflict as entries of the drawing; a deletion is the last of its side. Pure. */
import type { ConflictShown } from '../../../../ipc/conflicts.ts';
import type { VersionRow } from '../../../../ipc/shapes.ts';
import type { LineageNode, Side } from './layout.ts';

export interface Entry extends LineageNode {
  /** Null for a deletion. */
  readonly version: VersionRow | null;
  readonly node: string;
  readonly by: { readonly user: string; readonly device: string; readonly at: number };
}

/** Two nodes may hold one version id when a copy was made of it: the drawing needs each once. */
export function entriesOf(
  shown: Pick<ConflictShown, 'lineage' | 'mine' | 'theirs' | 'cause'>,
): readonly Entry[] {
  const seen = new Set<string>();
  const entries: Entry[] = [];
  for (const { side, node, version } of shown.lineage) {
    if (seen.has(version.version)) continue;
    seen.add(version.version);
    entries.push({
      id: version.version,
      side,
      base: version.base,
      version,
      node,
      by: { user: version.user, device: version.device, at: version.editedAt },
    });
  }
  for (const side of ['theirs', 'mine'] as const) {
    const { kind, node, user, device, editedAt } = shown[side];
    if (kind === 'deleted' && shown.cause === 'edit-delete')
      entries.push({
        id: `gone ${side}`,
        side,
        base: null,
        version: null,
        node,
        by: { user, device, at: editedAt },
      });
  }
  return entries;
}

export type { Side };
