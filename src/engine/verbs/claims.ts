/** Claims that the user makes by a verb rather than by an edit: restore, undelete, resolve. */
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import type { Claim } from '../../protocol/claims.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import type { Engine } from '../engine.ts';
import { settleOutcome } from '../executor/outcomes.ts';

/** Sends one claim now and folds its answer. The reply may be lost: the claim is durable and is asked for again later. */
export async function claimNow(engine: Engine, make: (key: number) => Claim): Promise<Answer<Outcome>> {
  const { state, server, context } = engine;
  if (!engine.ready || !engine.connection.online)
    return refused('unreachable', { server: engine.parts.account.serverUrl });
  const [claim] = state.claims.add((nextKey) => [make(nextKey())]);
  if (!claim) return refused('internal');
  const sent = await server.upload(
    [{ claim, source: null }],
    state.meta.cursor(),
    state.claims.settledBelow(),
  );
  if (sent.kind === 'trouble') {
    engine.connection.onTrouble(sent);
    return refused(sent.code, { server: engine.parts.account.serverUrl, detail: sent.detail });
  }
  const outcome = sent.value.outcomes[0];
  if (!outcome)
    return refused('bad-answer', { server: engine.parts.account.serverUrl, detail: 'no outcome' });
  state.transaction(() => settleOutcome(context, { claim, stamp: '' }, outcome));
  if (outcome.kind === 'refused')
    return refused(outcome.code, { detail: outcome.detail, file: state.nameOf(claim.node) });
  return ok(outcome);
}

export function claimBase(engine: Engine) {
  return { editedAt: Math.floor(engine.parts.env.clock.now()), unanswered: [] as number[] };
}
