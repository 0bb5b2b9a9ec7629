import type { ReadyAnswer, UsageAnswer } from '../../src/protocol/operation-routes.ts';
import { refused } from '../accounts/refused.ts';
import { forAnyoneBare, forDeviceBare, json } from './route-context.ts';

/** Seconds until asking again is worth it. */
const AGAIN = 5;

export const usage = forDeviceBare(async ({ parts, session }) => {
  const stored = await parts.store.read(async (tx) => tx.storedBytes(session.caller.tenant));
  return json<UsageAnswer>(stored);
});

export const ready = forAnyoneBare(async ({ parts }) => {
  const trouble = parts.hub.closing ? 'the server is stopping' : await parts.readiness();
  if (trouble !== null) return refused('unavailable', trouble, AGAIN);
  const second = (await parts.replicas?.trouble(parts.store, parts.clock.now())) ?? null;
  const cold = (await parts.cold?.trouble(parts.store)) ?? null;
  const troubles = [second, cold].filter((each) => each !== null);
  const degraded = troubles.length === 0 ? null : troubles.join('; ');
  const answer = { ok: true, serverId: parts.serverId } as const;
  return json<ReadyAnswer>(degraded === null ? answer : { ...answer, degraded });
});
