/** For how long history is kept, and what of it. */

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** Four weeks, so that the last version of a month is also the last of its week and of its day. */
export const MONTH = 4 * WEEK;

export interface RetentionPolicy {
  /** Up to this age every version stays … */
  readonly allMs: number;
  /** … up to this the last of each day … */
  readonly dailyMs: number;
  /** … of each week … */
  readonly weeklyMs: number;
  /** … of each month; older ones may go. */
  readonly monthlyMs: number;
  /** For how long what was deleted can be brought back. */
  readonly trashMs: number;
  /** Nothing at all goes. */
  readonly held: boolean;
}

export const RETENTION_DEFAULT: RetentionPolicy = {
  allMs: DAY,
  dailyMs: WEEK,
  weeklyMs: MONTH,
  monthlyMs: 13 * MONTH,
  trashMs: 30 * DAY,
  held: false,
};
