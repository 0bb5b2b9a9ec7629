/** What waits for the user, one entry per cause, strongest first; why syncing stopped is part of the answer (answer.ts). Pure. */
import type { Status } from '../../ipc/status.ts';
import type { ShellState } from '../../ipc/window.ts';

export type Need =
  | { readonly kind: 'conflicts' | 'review' | 'problems' | 'unseen' | 'invitations'; readonly count: number }
  | { readonly kind: 'update'; readonly update: NonNullable<ShellState['update']> };

export function needsOf(status: Status | null, shell: Pick<ShellState, 'update'>): readonly Need[] {
  const needs: Need[] = [];
  if (status !== null) {
    if (status.review > 0) needs.push({ kind: 'review', count: status.review });
    if (status.conflicts > 0) needs.push({ kind: 'conflicts', count: status.conflicts });
    if (status.problems > 0) needs.push({ kind: 'problems', count: status.problems });
    else if (status.unseen > 0) needs.push({ kind: 'unseen', count: status.unseen });
    const invitations = invitationsOf(status);
    if (invitations > 0) needs.push({ kind: 'invitations', count: invitations });
  }
  if (shell.update !== null) needs.push({ kind: 'update', update: shell.update });
  return needs;
}

/** Nobody waits for the answer but who invited. */
export function invitationsOf(status: Pick<Status, 'shares'> | null): number {
  return status?.shares?.filter((each) => each.standing === 'invited').length ?? 0;
}
