/** Which versions of one file may go. Pure; what it keeps of yesterday it keeps of the same versions tomorrow. */
import { DAY, MONTH, type RetentionPolicy, WEEK } from './policy.ts';

export interface Aged {
  readonly number: number;
  /** Wall milliseconds of its commit, by the server's clock. */
  readonly at: number;
}

export interface LetGo {
  readonly number: number;
  readonly why: string;
}

/**
 * `versions`: of one node, newest first; those that are gone already left out. The newest always stays. Spans are counted
 * from the epoch, each a multiple of the one before: the last version of a month is the last of its week and of its day,
 * so that no step of thinning takes what a later one would have kept.
 */
export function thin(versions: readonly Aged[], policy: RetentionPolicy, now: number): readonly LetGo[] {
  if (policy.held) return [];
  const gone: LetGo[] = [];
  let newer: Aged | null = null;
  for (const version of versions) {
    if (newer !== null) {
      const why = reasonToGo(version, newer, policy, now);
      if (why !== null) gone.push({ number: version.number, why });
    }
    newer = version;
  }
  return gone;
}

/**
 * The last moment at which a version is still kept, should its file not be saved again; `newer`: the next version after
 * it. null: as long as nothing is newer, or everything is held.
 */
export function keptUntil(version: Aged, newer: Aged | null, policy: RetentionPolicy): number | null {
  if (policy.held || newer === null) return null;
  const ends = [policy.allMs, policy.dailyMs, policy.weeklyMs, policy.monthlyMs];
  for (const end of ends.map((span) => version.at + span))
    if (reasonToGo(version, newer, policy, end + 1) !== null) return end;
  throw new Error('a version is kept beyond every span of its policy');
}

/** `newer`: the next version after it, kept or not: it stood in its place from then on. */
function reasonToGo(version: Aged, newer: Aged, policy: RetentionPolicy, now: number): string | null {
  const age = now - version.at;
  if (age <= policy.allMs) return null;
  const superseded = (span: number, name: string): string | null =>
    Math.floor(newer.at / span) <= Math.floor(version.at / span)
      ? `V${newer.number} came later in the same ${name}`
      : null;
  if (age <= policy.dailyMs) return superseded(DAY, 'day');
  if (age <= policy.weeklyMs) return superseded(WEEK, 'week');
  if (age <= policy.monthlyMs) return superseded(MONTH, 'month');
  return 'older than all that is kept';
}
