/** One conflict as far as it can be known: with its lineage, or from the list when the server cannot be asked. */
import { useRef } from 'react';
import type { ConflictRow, ConflictShown } from '../../../../ipc/conflicts.ts';
import type { EngineReply } from '../../../../ipc/window.ts';
import { useEngine } from '../../../bridge/use-engine.ts';
import { type Conflicts, useConflicts } from '../list/use-conflicts.ts';

type No = Exclude<EngineReply<'conflicts.show'>, { kind: 'ok' }>;
export type Known =
  | { readonly kind: 'loading' }
  | { readonly kind: 'whole'; readonly row: ConflictShown }
  /** The list knows it; history could not be asked. */
  | { readonly kind: 'row'; readonly row: ConflictRow; readonly reply: No }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reply: No };

export function useConflict(id: string): {
  readonly known: Known;
  readonly open: Conflicts | null;
  readonly again: () => void;
} {
  const { reply, value, again } = useEngine('conflicts.show', { id });
  const { conflicts, failed } = useConflicts('open');
  const listed = conflicts?.rows.find((row) => row.id === id);
  // While it is asked again, what was known stays: nothing flickers.
  const last = useRef<Known>({ kind: 'loading' });
  const known = ((): Known => {
    if (reply.kind === 'ok') return { kind: 'whole', row: reply.value };
    if (reply.kind === 'loading') return value === null ? last.current : { kind: 'whole', row: value };
    if (reply.kind === 'refused' && reply.code === 'not-found') return { kind: 'gone' };
    if (listed !== undefined) return { kind: 'row', row: listed, reply };
    return conflicts === null && failed === null ? last.current : { kind: 'failed', reply };
  })();
  last.current = known;
  return { known, open: conflicts, again };
}
