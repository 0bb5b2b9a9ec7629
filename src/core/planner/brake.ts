/**
 * The brake (RULES 17): counts files per device in a sliding ten minutes, deletions whichever way they go, overwrites
 * that look encrypted apart from them. A
 * tripped brake holds the batch and every later slice of it until the user decides; everything else syncs on.
 */
export interface BrakeLimits {
  /** Files within the window that trip it at any size; `null` switches the brake off. */
  readonly files: number | null;
  /** Share of the root's files that trips it … */
  readonly share: number;
  /** … when at least this many are concerned. */
  readonly shareFloor: number;
  readonly windowMs: number;
}

export const BRAKE_DEFAULT: BrakeLimits = { files: 200, share: 0.2, shareFloor: 20, windowMs: 600_000 };

/** Removals (or overwrites) let through lately: when (monotonic ms) and how many files. */
export interface Removal {
  readonly at: number;
  readonly files: number;
}

export interface BrakeVerdict {
  readonly kind: 'go' | 'hold';
  /** Files removed within the window, this batch included. */
  readonly files: number;
  readonly share: number;
}

/** Whether a batch of `files` more may go, given what went in the window and how many files the root had before. */
export function brake(
  limits: BrakeLimits,
  recent: readonly Removal[],
  now: number,
  files: number,
  rootFiles: number,
): BrakeVerdict {
  const within =
    recent.filter((each) => each.at > now - limits.windowMs).reduce((sum, each) => sum + each.files, 0) +
    files;
  const share = rootFiles > 0 ? within / Math.max(rootFiles, within) : 0;
  if (limits.files === null || files === 0) return { kind: 'go', files: within, share };
  const tripped = within >= limits.files || (within >= limits.shareFloor && share >= limits.share);
  return { kind: tripped ? 'hold' : 'go', files: within, share };
}
