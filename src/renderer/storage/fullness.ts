/** How full a space is, as people have to know it. Pure. */
import type { UsageRow } from '../../ipc/shares.ts';

/** 'unbounded': as much as the server has room for. 'unknown': it could not be asked. */
export type Fullness = 'free' | 'near' | 'full' | 'unbounded' | 'unknown';

const NEAR = 0.9;

export function fullnessOf({ used, quota }: Pick<UsageRow, 'used' | 'quota'>): Fullness {
  if (used === null) return 'unknown';
  if (quota === null) return 'unbounded';
  if (used >= quota) return 'full';
  return used >= quota * NEAR ? 'near' : 'free';
}

/** For a bar: never more than all of it, also where more is stored than may be from now on. */
export function partOf({ used, quota }: Pick<UsageRow, 'used' | 'quota'>): number | null {
  if (used === null || quota === null) return null;
  return quota === 0 ? 1 : Math.min(1, used / quota);
}

/** What somebody has to hear about, the fullest first. */
export function pressing(rows: readonly UsageRow[]): readonly UsageRow[] {
  const isPressing = (row: UsageRow) => ['near', 'full'].includes(fullnessOf(row));
  return rows.filter(isPressing).toSorted((a, b) => (partOf(b) ?? 0) - (partOf(a) ?? 0));
}
