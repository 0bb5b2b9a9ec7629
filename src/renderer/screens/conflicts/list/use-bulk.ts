/** Settles many, one after the other: can be stopped between two, and says which failed and why. */
import { useCallback, useRef, useState } from 'react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import type { EngineReply } from '../../../../ipc/window.ts';
import type { ErrorCode } from '../../../../protocol/errors.ts';
import { engine } from '../../../bridge/bridge.ts';
import { noteChange } from '../../../bridge/live-state.ts';
import type { Choice } from '../plan.ts';
import { paramsOf } from '../use-settle.ts';

/** Refusals of the whole server: the rest would only fail alike. */
const NOBODY: ReadonlySet<ErrorCode> = new Set(['unreachable', 'paused']);

type No = Exclude<EngineReply<'conflicts.resolve'>, { kind: 'ok' }>;
export interface Failure {
  readonly row: ConflictRow;
  readonly reply: No;
}
export type BulkState =
  | { readonly kind: 'planned' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'over';
      readonly settled: readonly ConflictRow[];
      readonly failed: readonly Failure[];
      readonly skipped: number;
    };

export function useBulk(): {
  readonly state: BulkState;
  readonly start: (rows: readonly ConflictRow[], keep: Choice) => Promise<void>;
  readonly stop: () => void;
} {
  const [state, setState] = useState<BulkState>({ kind: 'planned' });
  const stopped = useRef(false);
  const start = useCallback(async (rows: readonly ConflictRow[], keep: Choice) => {
    stopped.current = false;
    const settled: ConflictRow[] = [];
    const failed: Failure[] = [];
    for (const row of rows) {
      if (stopped.current) break;
      setState({ kind: 'running', done: settled.length + failed.length, total: rows.length });
      const reply = await engine('conflicts.resolve', paramsOf(row, { keep }));
      if (reply.kind === 'ok') settled.push(row);
      else failed.push({ row, reply });
      if (reply.kind === 'gone' || (reply.kind === 'refused' && NOBODY.has(reply.code))) break;
    }
    noteChange();
    setState({ kind: 'over', settled, failed, skipped: rows.length - settled.length - failed.length });
  }, []);
  const stop = useCallback(() => {
    stopped.current = true;
  }, []);
  return { state, start, stop };
}

/** Takes back what was settled, as far as that still can be; says how many could not. */
export async function undoAll(rows: readonly ConflictRow[]): Promise<number> {
  let failed = 0;
  for (const { id } of rows) {
    const reply = await engine('conflicts.undo', { id });
    if (reply.kind !== 'ok') failed += 1;
  }
  noteChange();
  return failed;
}
