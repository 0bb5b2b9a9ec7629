/** All conflicts of a status, fetched page by page: groups need them all, and there are few beside files. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import type { EngineReply } from '../../../../ipc/window.ts';
import { engine } from '../../../bridge/bridge.ts';
import { useRevision } from '../../../bridge/live-state.ts';

const PAGE = 1000;
/** Beyond this the list says how many there are and shows the first. */
export const MOST = 10_000;

/** Much may happen in a second while files sync; the list need not follow each of it. */
const AT_MOST_EVERY = 800;

export type Failed = Exclude<EngineReply<'conflicts.list'>, { kind: 'ok' }>;
export interface Conflicts {
  readonly rows: readonly ConflictRow[];
  readonly total: number;
}

async function fetchAll(status: 'open' | 'resolved', isOver: () => boolean): Promise<Conflicts | Failed> {
  const rows: ConflictRow[] = [];
  let after: string | null = null;
  for (;;) {
    const reply: EngineReply<'conflicts.list'> = await engine('conflicts.list', {
      status,
      limit: PAGE,
      ...(after === null ? {} : { after }),
    });
    if (reply.kind !== 'ok') return reply;
    rows.push(...reply.value.conflicts);
    const next: string | null = reply.value.next;
    const { total } = reply.value;
    if (next === null || next === after || rows.length >= MOST || isOver())
      return { rows, total: Math.max(total, rows.length) };
    after = next;
  }
}

export function useConflicts(status: 'open' | 'resolved'): {
  /** Null while it is asked for the first time. */
  readonly conflicts: Conflicts | null;
  readonly failed: Failed | null;
  readonly again: () => void;
} {
  const revision = useRevision();
  const [turn, setTurn] = useState(0);
  const askedAt = useRef(0);
  const [got, setGot] = useState<{ readonly conflicts: Conflicts | null; readonly failed: Failed | null }>({
    conflicts: null,
    failed: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision and turn ask again
  useEffect(() => {
    let over = false;
    const ask = async () => {
      askedAt.current = Date.now();
      const answer = await fetchAll(status, () => over);
      if (over) return;
      if ('rows' in answer) setGot({ conflicts: answer, failed: null });
      else setGot((before) => ({ ...before, failed: answer }));
    };
    const wait = Math.max(0, askedAt.current + AT_MOST_EVERY - Date.now());
    const timer = setTimeout(() => void ask(), wait);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [status, revision, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { ...got, again };
}
