/** Plays a scenario on a stage and says what came out otherwise than expected. */
import type { UserAction } from './actions.ts';
import type { Expectation, MachineAction, Scenario, Side, Step } from './scenario.ts';
import type { Stage } from './stage.ts';
import { differences, pathPattern, printTree, type TreeSpec, unequal } from './tree.ts';

/** A and B change parts; devices go online in the reverse order. */
export interface Variant {
  readonly swapped: boolean;
  readonly reversed: boolean;
}

export function variantsOf(scenario: Scenario): readonly Variant[] {
  const orders = scenario.steps.some((step) => step.do === 'reconnect') ? [false, true] : [false];
  const sides = scenario.fixedSides === true ? [false] : [false, true];
  return sides.flatMap((swapped) => orders.map((reversed) => ({ swapped, reversed })));
}

export function nameOfVariant(scenario: Scenario, { swapped, reversed }: Variant): string {
  const notes = [swapped ? 'sides swapped' : '', reversed ? 'other order' : ''].filter((note) => note !== '');
  return notes.length === 0 ? scenario.name : `${scenario.name} (${notes.join(', ')})`;
}

/** All that came out wrong, in words; empty when the scenario holds. */
export async function play(scenario: Scenario, variant: Variant, stage: Stage): Promise<string[]> {
  const performance = new Performance(variant, stage);
  await stage.begin(variant.swapped ? swapDisks(scenario) : scenario);
  const wrong: string[] = [];
  for (const step of scenario.steps) wrong.push(...(await performance.step(step)));
  await stage.sync();
  wrong.push(...(await performance.compare(performance.expectationOf(scenario))));
  return wrong;
}

function swapDisks(scenario: Scenario): Scenario {
  if (scenario.foldingDisks === undefined) return scenario;
  return { ...scenario, foldingDisks: scenario.foldingDisks.map((side) => partner(side)) };
}

function partner(side: Side): Side {
  return side === 'A' ? 'B' : side === 'B' ? 'A' : side;
}

class Performance {
  readonly #variant: Variant;
  readonly #stage: Stage;
  /** Who of A and B, as the scenario names them, went online first. */
  #first: 'A' | 'B' = 'A';

  constructor(variant: Variant, stage: Stage) {
    this.#variant = variant;
    this.#stage = stage;
  }

  async step(step: Step): Promise<string[]> {
    const stage = this.#stage;
    switch (step.do) {
      case 'sync':
        await stage.sync();
        return [];
      case 'pass':
        await stage.pass(step.seconds);
        return [];
      case 'restart-server':
        await stage.restartServer();
        return [];
      case 'reconnect':
        await this.#reconnect(step.order);
        return [];
      case 'see': {
        const tree = await stage.tree(this.#cast(step.on));
        return differences(tree, step.tree).map((each) => `seen on ${step.on} meanwhile: ${each}`);
      }
      case 'see-other': {
        const tree = await stage.tree(this.#cast(step.on));
        return differences(tree, step.tree).length > 0 ? [] : [`${step.on} shows nothing new meanwhile`];
      }
      default:
        await this.#do(this.#cast(step.on), step);
        return [];
    }
  }

  expectationOf(scenario: Scenario): Expectation {
    return 'first' in scenario.expect ? scenario.expect.first[this.#first] : scenario.expect;
  }

  async compare(expected: Expectation): Promise<string[]> {
    const exceptions = new Map<Side, TreeSpec>(
      Object.entries(expected.except ?? {}).map(([side, tree]) => [this.#cast(side as Side), tree]),
    );
    return [
      ...(await this.#compareTrees(expected, exceptions)),
      ...(await this.#compareFacts(expected)),
      ...(await this.#stage.invariants(new Set(exceptions.keys()))),
    ];
  }

  #cast(side: Side): Side {
    return this.#variant.swapped ? partner(side) : side;
  }

  async #reconnect(order: readonly [Side, Side]): Promise<void> {
    const [one, other] = order;
    const actual = this.#variant.reversed ? [other, one] : [one, other];
    this.#first = actual[0] === 'B' ? 'B' : 'A';
    for (const side of actual) {
      await this.#stage.machine(this.#cast(side), { do: 'online' });
      await this.#stage.sync();
    }
  }

  async #do(side: Side, step: (UserAction | MachineAction) & { readonly on: Side }): Promise<void> {
    const { on: _, ...action } = step;
    if (isUserAction(action)) await this.#stage.act(side, await this.#withRealPaths(side, action));
    else await this.#stage.machine(side, action);
  }

  /** A `*` in a path stands for what a server put into a name. */
  async #withRealPaths(side: Side, action: UserAction): Promise<UserAction> {
    const real = async (path: string): Promise<string> => {
      if (!path.includes('*')) return path;
      const tree = await this.#stage.tree(side);
      const found = [...tree.keys()].filter((candidate) => pathPattern(path).test(candidate));
      if (found.length !== 1) throw new Error(`${found.length} files fit ${path}:\n${printTree(tree)}`);
      return found[0]!;
    };
    if (action.do === 'move') return { ...action, from: await real(action.from), to: await real(action.to) };
    return 'path' in action ? { ...action, path: await real(action.path) } : action;
  }

  async #compareTrees(expected: Expectation, exceptions: ReadonlyMap<Side, TreeSpec>): Promise<string[]> {
    const wrong: string[] = [];
    const sides = this.#stage.sides().filter((side) => !exceptions.has(side));
    for (const [side, spec] of exceptions) {
      wrong.push(...differences(await this.#stage.tree(side), spec).map((each) => `on ${side}: ${each}`));
    }
    const trees = await Promise.all(sides.map((side) => this.#stage.tree(side)));
    const [first, ...others] = trees;
    if (first === undefined) return wrong;
    others.forEach((tree, index) => {
      wrong.push(
        ...unequal(first, tree).map((each) => `${sides[0]} and ${sides[index + 1]} differ: ${each}`),
      );
    });
    if (expected.tree !== undefined) {
      wrong.push(...differences(first, expected.tree).map((each) => `on ${sides[0]}: ${each}`));
    }
    if (expected.oneOf?.every((tree) => differences(first, tree).length > 0)) {
      wrong.push(`on ${sides[0]}: none of the expected trees, but\n${printTree(first)}`);
    }
    return wrong;
  }

  async #compareFacts(expected: Expectation): Promise<string[]> {
    const stage = this.#stage;
    const wrong: string[] = [];
    const equal = (what: string, actual: unknown, wanted: unknown): void => {
      const [is, should] = [JSON.stringify(actual), JSON.stringify(wanted)];
      if (is !== should) wrong.push(`${what} is ${is}, expected ${should}`);
    };
    if (expected.conflicts !== undefined) {
      equal('the number of open conflicts', await stage.openConflicts(), expected.conflicts);
    }
    for (const [path, texts] of Object.entries(expected.history ?? {})) {
      equal(`the history of ${path}`, await stage.history(path), texts);
    }
    const uploaded = await stage.uploaded();
    if (expected.uploadedBelow !== undefined && uploaded !== null && uploaded >= expected.uploadedBelow) {
      wrong.push(`${uploaded} content bytes were sent, expected less than ${expected.uploadedBelow}`);
    }
    for (const written of ['A', 'B', 'C'] as const) {
      const side = this.#cast(written);
      if (!stage.sides().includes(side)) continue;
      const trash = await stage.trash(side);
      for (const text of expected.trash?.[written] ?? []) {
        if (!trash.includes(text)) wrong.push(`the trash of ${written} lacks ${JSON.stringify(text)}`);
      }
      equal(`the problems of ${written}`, await stage.problems(side), expected.problems?.[written] ?? []);
      equal(`the held batches of ${written}`, await stage.heldBatches(side), expected.review?.[written] ?? 0);
      wrong.push(...this.#compareState(written, await stage.state(side), expected));
    }
    return wrong;
  }

  /** An open conflict may ask for a look; it hinders nothing. */
  #compareState(side: Side, state: string, expected: Expectation): string[] {
    const wanted = expected.state?.[side] ?? 'up-to-date';
    if (state === wanted) return [];
    if (wanted === 'up-to-date' && state === 'needs-you' && expected.conflicts !== 0) return [];
    return [`the state of ${side} is "${state}", expected "${wanted}"`];
  }
}

const MACHINE_ACTIONS: ReadonlySet<string> = new Set<MachineAction['do']>([
  'offline',
  'online',
  'kill',
  'stop',
  'start',
  'pause',
  'resume',
  'rescan',
  'join',
  'lose-state',
  'lose',
  'kill-after-commit',
  'deaf',
  'hearing',
  'fill-disk',
  'free-disk',
  'make-read-only',
  'make-writable',
  'unplug',
  'plug-in',
  'mount-over',
  'unmount-over',
  'resolve',
  'restore',
  'undelete',
  'review',
]);

function isUserAction(action: UserAction | MachineAction): action is UserAction {
  return !MACHINE_ACTIONS.has(action.do);
}
