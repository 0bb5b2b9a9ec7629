/** The story of one conflict: both sides, what they came from, and the times that tell why it came about. */
import type { ConflictId, NamespaceId } from '../../src/protocol/ids.ts';
import type { ConflictRow } from '../metadata/rows.ts';
import { staleCause } from '../metadata/rules/conflicts.ts';
import { conflictActions } from './actions.ts';
import type { ConflictStory, Evidence, VersionLine } from './answer.ts';
import type { LineReader } from './reader.ts';

const DECISIONS = 20;

export async function conflictStory(
  lines: LineReader,
  ns: NamespaceId,
  id: ConflictId,
): Promise<ConflictStory | null> {
  const { tx } = lines;
  const row = await tx.conflict(ns, id);
  const line = await lines.conflictLine(ns, id);
  if (row === null || line === null) return null;
  const mine = await lines.versionOf(ns, row.copyVersion);
  const { settlement, resolution } = row;
  return {
    kind: 'conflict',
    line,
    original: await lines.lineOf(ns, row.original),
    copy: await lines.lineOf(ns, row.copy),
    ancestor: await lines.versionOf(ns, row.ancestor),
    theirs: await lines.versionOf(ns, row.originalVersion),
    mine,
    evidence: await evidenceOf(lines, ns, row, mine),
    settled:
      settlement === null
        ? null
        : { at: settlement.at, by: await lines.who(settlement.device), keep: resolution ?? 'not said' },
    decisions: await tx.decisions({ subject: `conflict ${id}` }, null, DECISIONS),
    actions: conflictActions(line),
  };
}

/** The same times, and the same rule, as when it came about. */
async function evidenceOf(
  { tx }: LineReader,
  ns: NamespaceId,
  row: ConflictRow,
  mine: VersionLine | null,
): Promise<Evidence> {
  const base = row.ancestor === null ? null : await tx.version(ns, row.ancestor);
  // The one version that came right after it: asked for as those below its second successor.
  const [next] =
    base === null
      ? []
      : (await tx.versionsBefore(ns, base.node, base.number + 2, 1)).filter(
          ({ number }) => number === base.number + 1,
        );
  const supersededAt = next?.at ?? null;
  const editedAt = mine?.editedAt ?? null;
  const isOfTime = row.cause === 'concurrent' || row.cause === 'offline' || row.cause === 'lag';
  return {
    supersededAt,
    editedAt,
    receivedAt: row.at,
    heldBackMs: editedAt === null ? null : row.at - editedAt,
    afterHeadMs: editedAt === null || supersededAt === null ? null : editedAt - supersededAt,
    derived: isOfTime && editedAt !== null ? staleCause(row.at, editedAt, supersededAt) : null,
  };
}
