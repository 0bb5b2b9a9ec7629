/** Claims that the user makes by a verb rather than by an edit: restore, undelete, resolve. */
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import type { Claim } from '../../protocol/claims.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import type { Engine } from '../engine.ts';
import type { Context } from '../executor/context.ts';
import { readyToFold, settleOutcome } from '../executor/outcomes.ts';
import type { UploadSource } from '../remote/server.ts';
import { noServer, unanswered } from './no-server.ts';
import { refusedBy } from './refused-by.ts';

type MakeClaim = (key: number) => Claim;

/** Sends one claim now and folds its answer. The reply may be lost: the claim is durable and is asked for again later. */
export async function claimNow(
  engine: Engine,
  make: MakeClaim,
  source: Omit<UploadSource, 'key'> | null = null,
): Promise<Answer<Outcome>> {
  const answer = await claimTogether(engine, [make], source);
  if (answer.kind === 'refused') return answer;
  const outcome = answer.value[0];
  if (!outcome)
    return refused('bad-answer', { server: engine.parts.account.serverUrl, detail: 'no outcome' });
  if (outcome.kind === 'refused')
    return refused(outcome.code, { detail: outcome.detail, file: engine.state.nameOf(outcome.node) });
  if (outcome.kind === 'missing-chunks')
    return refused('unknown-version', { file: engine.state.nameOf(outcome.node) });
  return ok(outcome);
}

/**
 * Several in one batch; their outcomes in order of the claims, as far as there are any. `source`: the bytes behind the
 * first one.
 */
export async function claimTogether(
  engine: Engine,
  makes: readonly MakeClaim[],
  source: Omit<UploadSource, 'key'> | null = null,
): Promise<Answer<readonly Outcome[]>> {
  const cut = noServer(engine);
  if (cut) return cut;
  await engine.context.unflushed.flush();
  const claims = engine.state.claims.add((nextKey) => makes.map((make) => make(nextKey())), true);
  try {
    return await send(engine, claims, source);
  } catch (error) {
    // The answer may have come, and could not be written down. Only who comes online asks for it again.
    engine.connection.greetAgain();
    throw error;
  }
}

async function send(
  engine: Engine,
  claims: readonly Claim[],
  source: Omit<UploadSource, 'key'> | null,
): Promise<Answer<readonly Outcome[]>> {
  const { state, server, context } = engine;
  const items = claims.map((claim, i) => ({
    claim,
    source: source !== null && i === 0 ? { ...source, key: claim.key } : null,
  }));
  const sentAt = await context.toldCursor.flush();
  const sent = await server.upload(items, sentAt, state.claims.settledBelow());
  if (sent.kind === 'trouble') {
    engine.connection.onTrouble(sent);
    // Certainly not done: it must not be done later either, when nobody expects it any more.
    if (!sent.unknown) for (const claim of claims) state.claims.abandon(claim.key, claim.node);
    return refusedBy(engine, sent);
  }
  if (!(await readyToFold(context, sentAt, sent.value.outcomes))) {
    // Only who comes online asks again: without that the claims would wait for the line to break.
    engine.connection.greetAgain();
    return unanswered(engine);
  }
  const byKey = new Map(sent.value.outcomes.map((outcome) => [outcome.key, outcome]));
  state.transaction(() => {
    for (const claim of claims) {
      const outcome = byKey.get(claim.key);
      if (outcome) settle(context, claim, outcome);
    }
  });
  // This disk follows: nothing else may tell that there is something to do.
  engine.loop.progress();
  return ok(claims.flatMap((claim) => byKey.get(claim.key) ?? []));
}

/** Whoever asked hears of a refusal: it is no trouble of the file, which waits for nothing. */
function settle(context: Context, claim: Claim, outcome: Outcome): void {
  if (outcome.kind !== 'refused') {
    settleOutcome(context, { claim, stamp: '' }, outcome);
    return;
  }
  context.state.claims.settle(claim.key);
  context.state.claims.dropAbandoned(claim);
}

/** What every such claim says, keys of the node's claims without an answer included (RULES 5). */
export function claimBase(engine: Engine, node: NodeId) {
  return {
    editedAt: Math.floor(engine.parts.env.clock.now()),
    unanswered: engine.state.claims.abandonedKeys(node),
  };
}
