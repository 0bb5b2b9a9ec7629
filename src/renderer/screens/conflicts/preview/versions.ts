/** Which versions of a conflict have content that can be looked at. Pure. */
import type { ConflictRow, ConflictShown } from '../../../../ipc/conflicts.ts';

export interface Content {
  readonly side: 'base' | 'theirs' | 'mine';
  readonly node: string;
  readonly version: string;
  readonly size: number;
  readonly kind: 'file' | 'symlink';
}
export interface Contents {
  readonly base: Content | null;
  readonly theirs: Content | null;
  readonly mine: Content | null;
}

export function contentsOf(row: ConflictRow, base: ConflictShown['base']): Contents {
  const of = (side: 'theirs' | 'mine'): Content | null => {
    const { node, version, kind, size } = row[side];
    if (version === null || (kind !== 'file' && kind !== 'symlink')) return null;
    return { side, node, version, kind, size: size ?? 0 };
  };
  return {
    base:
      base === null
        ? null
        : {
            side: 'base',
            node: base.node,
            version: base.version.version,
            size: base.version.size,
            kind: base.version.kind,
          },
    theirs: of('theirs'),
    mine: of('mine'),
  };
}

export function present(contents: Contents): readonly Content[] {
  return [contents.base, contents.theirs, contents.mine].filter((each) => each !== null);
}
