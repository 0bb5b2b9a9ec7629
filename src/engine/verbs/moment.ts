/** A folder as it was at a moment: what it takes, and doing it, as ordinary claims that can be undone one by one. */
import { type MomentSteps, planMoment as planSteps } from '../../core/moment/plan-moment.ts';
import { type Answer, ok, type Params, type Result } from '../../ipc/contract.ts';
import type { MomentStep } from '../../ipc/moment.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { pathNow } from './conflict-sides.ts';
import { carryOut } from './moment-act.ts';
import { type Gathered, gatherMoment } from './moment-trees.ts';
import { momentWords, plural } from './words.ts';

/** Steps that an answer names; the others are counted. */
const NAMED = 1000;

export async function planMoment(
  engine: Engine,
  params: Params<'moment.plan'>,
): Promise<Answer<Result<'moment.plan'>>> {
  const found = await gatherMoment(engine, params);
  if (found.kind === 'refused') return found;
  const plan = planSteps(found.value.trees);
  const steps = stepsOf(engine, found.value, plan, params.removeNewer);
  return ok({
    folder: found.value.path,
    at: params.at,
    steps: steps.slice(0, NAMED),
    total: steps.length,
    unchanged: plan.unchanged,
    newer: params.removeNewer ? 0 : plan.newer,
    lost: plan.lost,
  });
}

function stepsOf(
  engine: Engine,
  { pathThen }: Gathered,
  plan: MomentSteps,
  removeNewer: boolean,
): readonly MomentStep[] {
  const step = (kind: MomentStep['kind'], node: NodeId, to: string, number: number | null): MomentStep => ({
    kind,
    node,
    path: pathNow(engine, node),
    to,
    number,
  });
  return [
    ...plan.returns.map(({ node }) => step('return', node, pathThen(node), null)),
    ...plan.places.map(({ node }) => step('place', node, pathThen(node), null)),
    ...plan.contents.map(({ then }) =>
      step('content', then.node, pathThen(then.node), then.head?.number ?? null),
    ),
    ...(removeNewer ? plan.removes : []).map(({ node }) => step('remove', node, pathNow(engine, node), null)),
  ];
}

export async function restoreMoment(
  engine: Engine,
  params: Params<'moment.restore'>,
): Promise<Answer<Result<'moment.restore'>>> {
  const found = await gatherMoment(engine, params);
  if (found.kind === 'refused') return found;
  const plan = planSteps(found.value.trees);
  const acted = await carryOut(engine, found.value, plan, params.removeNewer);
  if (acted.kind === 'refused') return acted;
  const { done, skipped, cutShort } = acted.value;
  const folder = found.value.path;
  const when = momentWords(params.at, engine.parts.env.clock.now());
  const name = engine.shown(folder) || 'Everything';
  const left =
    skipped === 0
      ? ''
      : ` ${plural(skipped, 'thing')} could not be put back or changed meanwhile, and stayed.`;
  if (cutShort)
    return ok({
      folder,
      done,
      skipped,
      sentence: `The connection went: ${plural(done, 'change')} of ${done + skipped} made. Ask for it again to go on.`,
    });
  const sentence =
    done === 0 && skipped === 0
      ? `${name} is as it was at ${when} already.`
      : `${name} is as it was at ${when}: ${plural(done, 'change')}.${left}`;
  return ok({ folder, done, skipped, sentence });
}
