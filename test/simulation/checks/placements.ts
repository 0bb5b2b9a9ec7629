/**
 * I2 and I11 of the disk: what the engine put at a path is a whole version of the server, newer than what it took away,
 * and what it erased for good is kept elsewhere.
 */
import { LOCAL_IGNORE_FILE } from '../../../src/core/ignore/rules.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { ContentName, Ledger } from '../ledger.ts';
import type { FoldedVersion } from '../server-fold.ts';

/** A file that the engine put at a path, and what it took away there (`null`: nothing). */
export interface Placement {
  readonly machine: string;
  readonly path: string;
  readonly placed: ContentName;
  readonly displaced: ContentName | null;
  /** The engine had just taken this very content away there. */
  readonly isGivenBack: boolean;
  readonly at: number;
  /** Its device followed a history of the server that had ended, or was about to. */
  readonly isFormer: boolean;
}

export interface Erasure {
  readonly machine: string;
  readonly area: string;
  readonly content: ContentName;
  readonly at: number;
  readonly isFormer: boolean;
}

/** A version, as far as a disk shows it. */
export type Told = Pick<FoldedVersion, 'node' | 'content' | 'number'>;

/** The versions of the history that is told now, and those of histories that a restored backup ended. */
export interface Histories {
  readonly now: readonly Told[];
  readonly former: readonly Told[];
}

/** Contents that are versions, and those that only were. */
export interface Known {
  readonly now: ReadonlySet<ContentName>;
  readonly former: ReadonlySet<ContentName>;
}

export function knownIn({ now, former }: Histories): Known {
  const contents = (versions: readonly Told[]) => new Set(versions.map(({ content }) => content));
  return { now: contents(now), former: contents(former) };
}

function isKnown({ now, former }: Known, content: ContentName, isFormer: boolean): boolean {
  return now.has(content) || (isFormer && former.has(content));
}

interface Span {
  first: number;
  last: number;
}

/** First and last number of each content in the line of each node. */
function spansOf(versions: readonly Told[]): Map<NodeId, Map<ContentName, Span>> {
  const lines = new Map<NodeId, Map<ContentName, Span>>();
  for (const { node, content, number } of versions) {
    const line = lines.get(node) ?? new Map<ContentName, Span>();
    lines.set(node, line);
    const span = line.get(content) ?? { first: number, last: number };
    line.set(content, { first: Math.min(span.first, number), last: Math.max(span.last, number) });
  }
  return lines;
}

/** The node of which each content first was a version. */
function originsOf(versions: readonly Told[]): Map<ContentName, NodeId> {
  const origins = new Map<ContentName, NodeId>();
  for (const { node, content } of versions) if (!origins.has(content)) origins.set(content, node);
  return origins;
}

/** What says of one content over another whether that is a step back. */
function directionIn(versions: readonly Told[]): (placed: ContentName, displaced: ContentName) => boolean {
  const lines = [...spansOf(versions)];
  const origins = originsOf(versions);
  return (placed, displaced) => {
    // Two nodes may have had the same contents in either order: one of them may have gone forward.
    const spans = lines.flatMap(([node, line]) => {
      const [now, before] = [line.get(placed), line.get(displaced)];
      return now === undefined || before === undefined ? [] : [{ node, isBack: now.last < before.first }];
    });
    return spans.every((each) => each.isBack) && spans.some(({ node }) => node === origins.get(displaced));
  };
}

/**
 * I2, direction: no path steps back to an ancestor version. A content that was saved more than once may have been
 * displaced before it was a version at all, and says nothing. Nor does one that came into the line from another node: a
 * conflict copy gives way to the head, and is a version after it only once somebody moves it over the file. Who followed a
 * history that ended is judged by what it told: a file may have gone back to an old content in it, as a version of its own.
 */
export function stepsBack(ledger: Ledger, told: Histories, placements: readonly Placement[]): string[] {
  if (placements.length === 0) return [];
  const isBack = directionIn(told.now);
  const wasBack = directionIn([...told.former, ...told.now]);
  return placements.flatMap(({ machine, path, placed, displaced, at, isFormer }) => {
    const row = displaced === null ? undefined : ledger.row(displaced);
    if (displaced === null || row === undefined || row.saves !== 1) return [];
    return (isFormer ? wasBack : isBack)(placed, displaced)
      ? [`I2 ${machine}: ${path} went back from "${row.label}" at ${at} ms`]
      : [];
  });
}

/**
 * I11: a path shows whole versions of the server, or what its user wrote, here or by asking for a rule. A save that an
 * exchange brought out, as it came beside an update, goes back to its path by our hand, and is what its user wrote there:
 * it need not become a version, when the user saves once more before it was read.
 */
export function inventedFiles(known: Known, placements: readonly Placement[]): string[] {
  return placements
    .filter(({ placed, isFormer }) => !isKnown(known, placed, isFormer))
    .filter(({ path, isGivenBack }) => path !== LOCAL_IGNORE_FILE && !isGivenBack)
    .map(({ machine, path, at }) => `I11 ${machine}: what was put at ${path} at ${at} ms is no version`);
}

/** I2, blind: what a person saved is erased only when it is a version, or still stands elsewhere. */
export function blindErasures(
  ledger: Ledger,
  known: Known,
  somewhere: ReadonlySet<ContentName>,
  erasures: readonly Erasure[],
): string[] {
  return erasures.flatMap(({ machine, area, content, at, isFormer }) => {
    const row = ledger.row(content);
    if (row === undefined || isKnown(known, content, isFormer) || somewhere.has(content)) return [];
    return [`I2 ${machine}: "${row.label}" was erased from ${area} at ${at} ms, and is no version`];
  });
}
