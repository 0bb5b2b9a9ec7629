/** Running a scheme, and of one that fails a smaller one that fails as well. */
import { type Manner, World } from './model.ts';
import type { Scheme } from './model-scheme.ts';
import type { UserAction } from './model-user.ts';

export interface Failure {
  readonly scheme: Scheme;
  readonly message: string;
}

/** `null` when all went well. */
export function tryScheme(
  scheme: Scheme,
  well: (world: World) => void = () => undefined,
  manner: Manner = {},
): Failure | null {
  const world = new World(scheme, manner);
  try {
    world.run();
    well(world);
    return null;
  } catch (error) {
    return { scheme, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs it once more, to be told about. */
export function retell(scheme: Scheme, manner: Manner = {}): World {
  const world = new World(scheme, { ...manner, told: true });
  try {
    world.run();
  } catch {
    // That it fails is known; what led there is in the story.
  }
  return world;
}

/** Other schedules are tried as well: a smaller workload seldom fails in exactly the same one. */
const SCHEDULES = 12;

/** A smaller scheme that fails: fewer actions, fewer devices, kinder weather, smaller choices. */
export function shrink(failure: Failure, manner: Manner = {}): Failure {
  const fails = (scheme: Scheme): Failure | null => {
    for (let seed = 0; seed < SCHEDULES; seed += 1) {
      const smaller = tryScheme({ ...scheme, seed: seed === 0 ? scheme.seed : seed }, undefined, manner);
      if (smaller) return smaller;
    }
    return null;
  };
  let best = failure;
  for (let size = Number.POSITIVE_INFINITY; sizeOf(best.scheme) < size; ) {
    size = sizeOf(best.scheme);
    for (const list of ['actions', 'start'] as const) best = shrinkList(best, list, fails);
    for (const simpler of SIMPLER) best = fails({ ...best.scheme, ...simpler(best.scheme) }) ?? best;
    for (const list of ['actions', 'start'] as const) best = shrinkChoices(best, list, fails);
  }
  return best;
}

type Fails = (scheme: Scheme) => Failure | null;

/** Each makes a world simpler, or leaves it as it is. */
const SIMPLER: readonly ((scheme: Scheme) => Partial<Scheme>)[] = [
  ({ devices, actions }) => ({
    devices: Math.min(devices, Math.max(2, ...actions.map((each) => each.device + 1))),
  }),
  () => ({ bad: false }),
  () => ({ disorderly: false }),
  () => ({ folding: false }),
  () => ({ names: 'plain' }),
  () => ({ eager: 0 }),
];

function sizeOf({ start, actions, devices, bad, disorderly, folding, names, eager }: Scheme): number {
  const traits = [bad, disorderly, folding, names !== 'plain', eager > 0].filter(Boolean).length;
  const choices = [...start, ...actions].reduce((sum, { a, b, c }) => sum + a + b + c, 0);
  return (start.length + actions.length) * 1e9 + (devices + traits) * 1e7 + choices;
}

function shrinkList(failure: Failure, list: 'actions' | 'start', fails: Fails): Failure {
  let best = failure;
  for (let size = Math.ceil(best.scheme[list].length / 2); size >= 1; ) {
    const smaller = withoutSome(best, list, size, fails);
    if (smaller) best = smaller;
    else size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}

function withoutSome(
  { scheme }: Failure,
  list: 'actions' | 'start',
  size: number,
  fails: Fails,
): Failure | null {
  for (let at = 0; at < scheme[list].length; at += size) {
    const left = scheme[list].filter((_, index) => index < at || index >= at + size);
    const smaller = fails({ ...scheme, [list]: left });
    if (smaller) return smaller;
  }
  return null;
}

/** The numbers are read modulo what there is: small ones say the same. */
function shrinkChoices(failure: Failure, list: 'actions' | 'start', fails: Fails): Failure {
  let best = failure;
  for (let at = 0; at < best.scheme[list].length; at += 1)
    for (const choice of ['a', 'b', 'c'] as const) {
      const old = best.scheme[list][at]!;
      for (let value = 0; value < Math.min(old[choice], 8); value += 1) {
        const smaller = fails({
          ...best.scheme,
          [list]: withChoice(best.scheme[list], at, { [choice]: value }),
        });
        if (!smaller) continue;
        best = smaller;
        break;
      }
    }
  return best;
}

function withChoice(
  actions: readonly UserAction[],
  at: number,
  choice: Partial<UserAction>,
): readonly UserAction[] {
  return actions.map((action, index) => (index === at ? { ...action, ...choice } : action));
}
