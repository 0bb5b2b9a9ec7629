/**
 * When a version may be gone, and when it must be: computed from the policy and from what the journal says was committed
 * when, by code of its own. Pure.
 */
import type { RetentionPolicy } from '../../../server-stub/retention/policy.ts';
import type { NodeId, VersionId } from '../../../src/protocol/ids.ts';

const DAY = 86_400_000;

/** The server's clock was off by so much from this moment of the run on. */
export interface Skew {
  readonly from: number;
  readonly skewMs: number;
}

/** What happened to a version or to its node, by the server's clock, and not before which moment of the run. */
export interface Happened {
  readonly at: number;
  readonly notBefore: number;
}

export interface VersionFacts extends Happened {
  readonly id: VersionId;
  readonly node: NodeId;
  readonly number: number;
  /** Those after it on its node. */
  readonly later: readonly Happened[];
  /** Every time its node died. */
  readonly deaths: readonly Happened[];
  readonly isDead: boolean;
}

export interface Clock {
  /** Wall milliseconds at the beginning of the run. */
  readonly start: number;
  readonly skews: readonly Skew[];
}

/** True if the policy lets a version go at `now` because `later` came after it. */
export function isSuperseded(
  version: Happened,
  later: Happened,
  policy: RetentionPolicy,
  now: number,
): boolean {
  const age = now - version.at;
  if (age <= policy.allMs) return false;
  if (age > policy.monthlyMs) return true;
  const span = age <= policy.dailyMs ? DAY : age <= policy.weeklyMs ? 7 * DAY : 28 * DAY;
  return Math.floor(later.at / span) <= Math.floor(version.at / span);
}

/** The first moment of the run at which the policy lets it go, be it wrongly by a clock that is off; null: none up to then. */
export function firstGoing(
  version: VersionFacts,
  policy: RetentionPolicy,
  clock: Clock,
  until: number,
): number | null {
  const spans = [policy.allMs, policy.dailyMs, policy.weeklyMs, policy.monthlyMs];
  const ends = version.later.flatMap((later) =>
    moments(
      clock,
      spans.map((span) => version.at + span + 1),
      Math.max(version.notBefore, later.notBefore),
    ).filter(({ now }) => isSuperseded(version, later, policy, now)),
  );
  const buried = version.deaths.flatMap((death) =>
    moments(clock, [death.at + policy.trashMs + 1], death.notBefore).filter(
      ({ now }) => now - death.at > policy.trashMs,
    ),
  );
  const all = [...ends, ...buried].map(({ moment }) => moment).filter((moment) => moment <= until);
  return all.length === 0 ? null : Math.min(...all);
}

interface Moment {
  readonly moment: number;
  readonly now: number;
}

/** Where the server's clock may pass one of `ends`, and where it was set: nothing changes in between. */
function moments({ start, skews }: Clock, ends: readonly number[], since: number): readonly Moment[] {
  return skews.flatMap(({ from, skewMs }, i) => {
    const to = skews[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const first = Math.max(from, since);
    return [first, ...ends.map((end) => end - start - skewMs)]
      .filter((moment) => moment >= first && moment < to)
      .map((moment) => ({ moment, now: start + moment + skewMs }));
  });
}

/** True if nothing of the policy keeps it at `now`, whichever of the later ones is kept. */
export function isPast(version: VersionFacts, policy: RetentionPolicy, now: number): boolean {
  const death = version.deaths.at(-1);
  if (version.isDead && death !== undefined && now - death.at > policy.trashMs) return true;
  return (
    version.later.length > 0 && version.later.every((later) => isSuperseded(version, later, policy, now))
  );
}
