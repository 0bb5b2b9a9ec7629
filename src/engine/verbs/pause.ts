/** Pausing for a reason and until a time; going on. What was paused for another reason stays so. */
import type { Params } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';

export function pause(engine: Engine, { until, reason }: Params<'pause'>): void {
  engine.pauses.begin(reason ?? 'user', until ?? null);
  engine.pause();
}

/** Without a pause it is a wish to be connected again at once. */
export function resume(engine: Engine, { reason }: Params<'resume'>): void {
  engine.pauses.end(reason);
  if (!engine.pauses.any) engine.resume();
}
