/**
 * What happened, in one sentence: who did what on which device, from which version, why it clashed, and where both sides
 * are now. Says nothing that is not known.
 */

import { assertNever } from '../../protocol/assert-never.ts';
import type { ConflictCause, WireSide } from '../../protocol/journal.ts';
import { baseName } from '../names/path-parts.ts';

export interface ConflictFacts {
  readonly cause: ConflictCause;
  /** Both sides as they were when they clashed; null for one of which nothing is known. */
  readonly original: WireSide | null;
  readonly copy: WireSide | null;
  /** V number of the version both started from. */
  readonly ancestor: number | null;
  /** Where the original stands, or stood last. */
  readonly path: string;
  readonly originalLives: boolean;
  /** Null when the copy is gone. */
  readonly copyPath: string | null;
  /** Of a settled one. */
  readonly settled: { readonly device: string; readonly user: string; readonly keep: string } | null;
}

/** `when` says a moment in the reader's words. */
export function conflictSentence(facts: ConflictFacts, when: (ms: number) => string): string {
  return `${story(facts, when)}: ${ending(facts)}`;
}

function story(facts: ConflictFacts, when: (ms: number) => string): string {
  const { original, copy, cause } = facts;
  if (original === null || copy === null) return plainly(cause);
  const theirs = `${original.user} saved V${original.number} on ${original.device} (${when(original.editedAt)})`;
  const from = facts.ancestor === null ? 'an earlier version' : `V${facts.ancestor}`;
  const mine = `${copy.user} edited ${from} on ${copy.device}`;
  const at = `(${when(copy.editedAt)})`;
  switch (cause) {
    case 'concurrent':
      return `${theirs} while ${mine} ${at}`;
    case 'offline':
      return `${theirs} while ${mine} offline ${at}`;
    case 'lag':
      return `${theirs}; before that reached ${copy.device}, ${copy.user} edited ${from} there ${at}`;
    case 'name-clash':
      return `Two files came to one name: one that ${original.user} saved on ${original.device} (${when(original.editedAt)}) and one that ${copy.user} saved on ${copy.device} ${at}`;
    case 'edit-delete':
      return plainly(cause);
    default:
      return assertNever(cause, 'cause');
  }
}

function plainly(cause: ConflictCause): string {
  switch (cause) {
    case 'concurrent':
      return 'Both sides were edited at the same time';
    case 'offline':
      return 'One side was edited while its device was offline';
    case 'lag':
      return 'One side was edited before the other had arrived there';
    case 'name-clash':
      return 'Two different files came to one name';
    case 'edit-delete':
      return 'One side edited it while the other deleted it';
    default:
      return assertNever(cause, 'cause');
  }
}

function ending(facts: ConflictFacts): string {
  const name = baseName(facts.path);
  if (facts.settled !== null) return settledEnding(facts.settled);
  const [kept, other] = owners(facts);
  const first = facts.originalLives ? `${name} keeps ${kept}` : `${name} is deleted since`;
  const second =
    facts.copyPath === null ? `${other} is deleted since` : `${other} is "${baseName(facts.copyPath)}"`;
  return `${first}, ${second}.`;
}

/** How both sides are told apart: by their users, else by their devices. */
function owners({ original, copy }: ConflictFacts): readonly [string, string] {
  if (original === null || copy === null) return ['one', 'the other'];
  if (original.user !== copy.user) return [`${original.user}'s`, `${copy.user}'s`];
  if (original.device !== copy.device) return [`that of ${original.device}`, `that of ${copy.device}`];
  return ['one', 'the other'];
}

const KEPT: Readonly<Record<string, string>> = {
  both: 'both are kept',
  mine: 'what was the copy is kept',
  theirs: 'what stood at the path is kept',
  merged: 'both were merged',
};

function settledEnding({ device, user, keep }: NonNullable<ConflictFacts['settled']>): string {
  return `settled by ${user} on ${device}, ${KEPT[keep] ?? 'nothing is lost'}.`;
}
