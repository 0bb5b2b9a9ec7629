/**
 * I17: conflicts are explainable. Each names its ancestor, both sides, device, author, time and reason, and stands for
 * two edits that truly did not know of each other.
 */
import { stagedName } from '../../../src/engine/executor/staging.ts';
import type { WireConflict } from '../../../src/protocol/journal.ts';
import type { ContentName, Ledger } from '../ledger.ts';
import type { FoldedVersion, ServerFold } from '../server-fold.ts';
import type { Diary } from './diary.ts';

/** `diaries`: by device name. */
export function unexplainedConflicts(
  ledger: Ledger,
  fold: ServerFold,
  diaries: ReadonlyMap<string, Diary>,
): string[] {
  return [...fold.conflicts.values()].flatMap((conflict) => [
    ...missingFacts(conflict, fold),
    ...oneSided(conflict, ledger, fold, diaries),
  ]);
}

function missingFacts(conflict: WireConflict, fold: ServerFold): string[] {
  const who = `I17 conflict ${conflict.id.slice(-6)} (${conflict.cause})`;
  const faults: string[] = [];
  if (conflict.device === '' || conflict.user === '' || conflict.at <= 0)
    faults.push(`${who} does not say whose it is: ${JSON.stringify(conflict)}`);
  for (const node of [conflict.original, conflict.copy])
    if (!fold.nodes.has(node)) faults.push(`${who} is about ${node}, which never was`);
  if (conflict.original === conflict.copy) faults.push(`${who} has one node for both sides`);
  if (fold.start > 0) return faults;
  for (const version of [conflict.ancestor, conflict.originalVersion, conflict.copyVersion])
    if (version !== null && !fold.versions.has(version))
      faults.push(`${who} names ${version}, which never was`);
  if (conflict.cause !== 'name-clash' && conflict.copyVersion === null)
    faults.push(`${who} does not say what the copy was`);
  return faults;
}

/** The copy was written over the very version it is said to clash with, by somebody who therefore had it. */
function oneSided(
  conflict: WireConflict,
  ledger: Ledger,
  fold: ServerFold,
  diaries: ReadonlyMap<string, Diary>,
): string[] {
  if (conflict.copyVersion === null || conflict.originalVersion === null) return [];
  const copy = fold.versions.get(conflict.copyVersion);
  const original = fold.versions.get(conflict.originalVersion);
  const diary = diaries.get(conflict.device);
  if (copy === undefined || original === undefined || diary === undefined) return [];
  // Of what others made: whoever made it himself has the key of it, which no power cut takes.
  const isOthers = original.device !== copy.device;
  if (isOthers && diary.isForgotten(stagedName(original.id, original.node))) return [];
  const isKnown = (content: ContentName): boolean => ledger.row(content)?.saves === 1;
  // Its mode may have been changed since: that version they need not have had.
  const versions = [...fold.versions.values()].filter(({ content }) => content === original.content);
  if (versions.length > 1 || !isKnown(original.content) || !knewOf(copy, original, diary, isKnown)) return [];
  const [mine, theirs] = [ledger.row(copy.content)?.label, ledger.row(original.content)?.label];
  return [
    `I17 "${mine}" was written over "${theirs}" on ${conflict.device}, and became a conflict copy of it`,
  ];
}

function knewOf(
  copy: FoldedVersion,
  original: FoldedVersion,
  diary: Diary,
  isKnown: (content: ContentName) => boolean,
): boolean {
  let at: ContentName | null = copy.content;
  for (let hops = 0; at !== null && isKnown(at) && hops < 100; hops += 1) {
    at = diary.writtenOver(at);
    if (at === original.content) return true;
  }
  return false;
}
