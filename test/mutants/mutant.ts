/** A deliberate bug as data: which rule it breaks, the text that is replaced for it, and who has to notice. */
import type { RunOptions } from '../simulation/seeded-run.ts';

/** Seeds of the simulation, one after the other from 1, until one fails. */
export interface SeedHunt {
  readonly by: 'seeds';
  /** Not found within so many seeds: the mutant has survived. */
  readonly most: number;
  readonly run?: Partial<Omit<RunOptions, 'seed'>>;
}

/** Seeds of runs in which computers lose their power again and again. */
export interface PowerHunt {
  readonly by: 'power cuts';
  readonly most: number;
}

/** One scenario of `test/scenarios`, in all its variants, on simulated machines. */
export interface ScenarioHunt {
  readonly by: 'scenario';
  readonly name: string;
}

/** Worlds of the planner's model, without disk or network. */
export interface PlannerHunt {
  readonly by: 'planner';
  readonly most: number;
}

/** A test of the project, where what goes wrong is too rare, or cannot be seen, in simulated runs. */
export interface TestHunt {
  readonly by: 'test';
  /** Below the repository. */
  readonly file: string;
  /** The beginning of its name, up to where others begin otherwise. */
  readonly name: string;
}

export type Hunt = SeedHunt | PowerHunt | ScenarioHunt | PlannerHunt | TestHunt;

export interface Replacement {
  /** Below the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant extends Replacement {
  /** Kebab-case, says what was done to the product. */
  readonly id: string;
  /** `RULES 5`, `DESIGN 4`, `FAILURES 3.3`, `F028`, `I7`: what the text that is replaced stands for. */
  readonly rules: readonly string[];
  /** What the product does wrong now. */
  readonly breaks: string;
  /** Where the product asks the same question twice, both askings are broken together. */
  readonly also?: readonly Replacement[];
  readonly hunt: Hunt;
}

/** Keeps literal types while checking the form. */
export function mutants(...list: readonly Mutant[]): readonly Mutant[] {
  return list;
}
