/** Which activities are wanted. Pure. */
import type { Activity, ActivityVerb } from '../../../ipc/events.ts';

export type Who = 'all' | 'mine' | 'others';
export type What = 'all' | ActivityVerb;

export interface ActivityFilter {
  /** Any part of the path, also of where it stood before; case does not matter. */
  readonly text: string;
  readonly who: Who;
  readonly what: What;
}

export const NO_FILTER: ActivityFilter = { text: '', who: 'all', what: 'all' };

export function isFiltering({ text, who, what }: ActivityFilter): boolean {
  return text.trim() !== '' || who !== 'all' || what !== 'all';
}

export function matches(activity: Activity, { text, who, what }: ActivityFilter): boolean {
  if (what !== 'all' && activity.verb !== what) return false;
  if (who === 'mine' && activity.direction !== 'sent') return false;
  if (who === 'others' && activity.direction !== 'received') return false;
  const wanted = text.trim().normalize().toLowerCase();
  if (wanted === '') return true;
  return [activity.path, activity.from ?? ''].some((path) => path.normalize().toLowerCase().includes(wanted));
}
