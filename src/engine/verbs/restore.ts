/** An old version put back: on top as a new version, or as a new file beside. No bytes move for either. */
import { checkName } from '../../core/names/valid-name.ts';
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { parseNodeId, parseVersionId, uuidV7 } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import type { Engine } from '../engine.ts';
import { claimBase, claimNow } from './claims.ts';
import { pathNow } from './conflict-sides.ts';
import { versionNamed } from './history.ts';

export async function restore(engine: Engine, params: Params<'restore'>): Promise<Answer<Result<'restore'>>> {
  const { asCopy } = params;
  const name = asCopy === undefined ? null : checkName(asCopy);
  if (name?.kind === 'refused') return refused('bad-name', { file: asCopy ?? '', detail: name.sentence });
  const named = await versionNamed(engine, params);
  if (named.kind === 'refused') return named;
  const { path, ...chosen } = named.value;
  const { event } = chosen.node;
  const answer = await claimNow(engine, (key) => ({
    op: 'restore',
    key,
    node: event.node,
    ...claimBase(engine, event.node),
    base: (params.seen === undefined ? null : parseVersionId(params.seen)) ?? event.head?.version ?? null,
    version: chosen.head.version,
    ...(asCopy === undefined ? {} : { copy: { node: freshNode(engine), name: asCopy } }),
  }));
  if (answer.kind === 'refused') return answer;
  const outcome = answer.value;
  const head = headIn(outcome) ?? event.head;
  if (outcome.kind === 'dropped' || !head)
    return refused('unprocessable', {
      detail: `${engine.shown(path)} was changed meanwhile; look at its history again`,
    });
  const where = pathNow(engine, outcome.node) || path;
  const then = `V${chosen.head.number}`;
  return ok({
    path: where,
    node: outcome.node,
    version: head.version,
    number: head.number,
    restored: chosen.head.number,
    sentence:
      asCopy === undefined
        ? `${engine.shown(where)} has the content of ${then} again, as V${head.number}.`
        : `${engine.shown(where)} is a new file with the content of ${then} of ${engine.shown(path)}.`,
  });
}

function headIn(outcome: Outcome) {
  return outcome.events.findLast((each) => each.node === outcome.node)?.head ?? null;
}

function freshNode({ parts }: Engine) {
  return parseNodeId(uuidV7(parts.env.clock.now(), parts.env.random.bytes(10)));
}
