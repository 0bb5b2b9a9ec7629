/** The versions of a node as a picture: which came from which, and which side of a conflict stands beside. Pure. */
import type { ConflictCause } from '../../src/protocol/journal.ts';
import type { VersionLine } from './answer.ts';

export interface LineageDot {
  readonly version: string;
  readonly label: string;
  /** 0 is the line of the node itself; what stands beside it is a copy that lost a race. */
  readonly lane: number;
  readonly row: number;
  readonly state: 'head' | 'kept' | 'let-go' | 'copy' | 'dead';
  readonly says: string;
  /** A name of somebody, or of their device. */
  readonly by: string;
}

export interface LineageLine {
  readonly from: number;
  readonly to: number;
  readonly kind: 'base' | 'fork';
}

/** Newest on top; lines go from a version down to its base, by their places in `dots`. */
export interface LineageGraph {
  readonly dots: readonly LineageDot[];
  readonly lines: readonly LineageLine[];
  /** Versions before the first that is shown. */
  readonly earlier: number;
}

/** A copy that came of a conflict, and the version that it was made from. */
export interface Fork {
  readonly version: VersionLine;
  readonly cause: ConflictCause;
}

const says = (version: VersionLine, live: boolean): LineageDot['state'] =>
  version.isHead ? (live ? 'head' : 'dead') : version.kept === null ? 'let-go' : 'kept';

const WORDS: Readonly<Record<LineageDot['state'], string>> = {
  head: 'current',
  kept: 'kept',
  'let-go': 'let go',
  copy: 'conflict copy',
  dead: 'deleted',
};

export function lineageOf(
  versions: readonly VersionLine[],
  forks: readonly Fork[],
  live: boolean,
): LineageGraph {
  const all = [
    ...versions.map((version) => ({ version, fork: null })),
    ...forks.map((fork) => ({ version: fork.version, fork })),
  ].sort((a, b) => b.version.seq - a.version.seq);
  const places = new Map(all.map(({ version }, place) => [version.version, place]));
  const dots = all.map(({ version, fork }, row): LineageDot => {
    const state = fork === null ? says(version, live) : 'copy';
    return {
      version: version.version,
      label: fork === null ? `V${version.number}` : 'copy',
      lane: fork === null ? 0 : 1,
      row,
      state,
      says:
        fork === null ? `${WORDS[state]}, ${version.outcome ?? 'cause not kept'}` : `${fork.cause} conflict`,
      by: `${version.by.user}, ${version.by.deviceName}`,
    };
  });
  const lines = all.flatMap(({ version, fork }, from): readonly LineageLine[] => {
    const to = version.base === null ? undefined : places.get(version.base);
    return to === undefined ? [] : [{ from, to, kind: fork === null ? 'base' : 'fork' }];
  });
  const first = versions.at(-1)?.number ?? 1;
  return { dots, lines, earlier: first - 1 };
}

/** One line each, for a terminal. */
export function lineageLines({ dots, lines }: LineageGraph): readonly string[] {
  return dots.map((dot, place) => {
    const base = lines.find(({ from }) => from === place);
    const to = base === undefined ? undefined : dots[base.to];
    const from = to === undefined ? '' : `  from ${to.label}`;
    return `${dot.lane === 0 ? '●  ' : '├─○'} ${dot.label}  ${dot.says}  by ${dot.by}${from}`;
  });
}
