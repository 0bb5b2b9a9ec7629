/**
 * The child: `hunt.ts MUTANT [FIRST [MOST]]` goes through what the mutant's hunt names until something fails, and says so
 * as one line of JSON. The bug itself is only there with `--import ./mutate.ts` and `TIDEMARK_MUTANT`.
 * `hunt.ts scenarios` plays all scenarios and tells which ones fail.
 */
import { THEMES } from '../scenarios/all-scenarios.ts';
import { nameOfVariant, play, variantsOf } from '../scenarios/runner.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { SimulatedStage } from '../scenarios/simulated-stage.ts';
import { mutantOf } from './all-mutants.ts';
import type { Catch } from './catch.ts';
import type { Hunt } from './mutant.ts';

const STAGE_SEED = 1;
const ALL: readonly Scenario[] = Object.values(THEMES).flat();

interface Range {
  readonly first: number;
  readonly most: number;
}

async function huntBySeeds({ first, most }: Range, run: object): Promise<Catch | null> {
  const { seededRun } = await import('../simulation/seeded-run.ts');
  for (let seed = first; seed < first + most; seed += 1) {
    const { wrong } = await seededRun({ seed, devices: 2, profile: 'hostile', actions: 40, ...run });
    const [sentence] = wrong;
    if (sentence !== undefined) return { seed, sentence };
  }
  return null;
}

async function huntByPowerCuts({ first, most }: Range): Promise<Catch | null> {
  const { powerRun } = await import('../simulation/power-run.ts');
  for (let seed = first; seed < first + most; seed += 1) {
    const [sentence] = (await powerRun(seed, 40)).wrong;
    if (sentence !== undefined) return { seed, sentence };
  }
  return null;
}

async function huntByPlanner({ first, most }: Range): Promise<Catch | null> {
  const { drawScheme } = await import('../planner/model-scheme.ts');
  const { tryScheme } = await import('../planner/model-shrink.ts');
  for (let seed = first; seed < first + most; seed += 1) {
    const failure = tryScheme(drawScheme(seed));
    if (failure !== null) return { seed, sentence: failure.message };
  }
  return null;
}

async function playAll(scenario: Scenario): Promise<Catch | null> {
  for (const variant of variantsOf(scenario)) {
    const stage = new SimulatedStage(STAGE_SEED);
    try {
      const [sentence] = await play(scenario, variant, stage);
      if (sentence !== undefined)
        return { seed: null, sentence: `${nameOfVariant(scenario, variant)}: ${sentence}` };
    } catch (error) {
      return { seed: null, sentence: error instanceof Error ? error.message : String(error) };
    } finally {
      await stage.close();
    }
  }
  return null;
}

async function tellScenarios(): Promise<void> {
  for (const scenario of ALL) {
    const found = await playAll(scenario);
    if (found !== null) console.log(`${scenario.name}: ${found.sentence.slice(0, 300)}`);
  }
}

function carryOut(hunt: Hunt, range: Range): Promise<Catch | null> {
  switch (hunt.by) {
    case 'seeds':
      return huntBySeeds(range, hunt.run ?? {});
    case 'power cuts':
      return huntByPowerCuts(range);
    case 'planner':
      return huntByPlanner(range);
    case 'test':
      throw new Error('tests are run by the one who starts this process');
    case 'scenario': {
      const scenario = ALL.find((each) => each.name === hunt.name);
      if (scenario === undefined) throw new Error(`there is no scenario "${hunt.name}"`);
      return playAll(scenario);
    }
  }
}

async function main([what = '', first, most]: readonly string[]): Promise<void> {
  if (what === 'scenarios') await tellScenarios();
  else {
    const { hunt } = mutantOf(what);
    const limit = 'most' in hunt ? hunt.most : 1;
    const found = await carryOut(hunt, { first: Number(first ?? 1), most: Number(most ?? limit) });
    // Some sentences quote whole files.
    console.log(JSON.stringify(found && { ...found, sentence: found.sentence.slice(0, 500) }));
  }
}

await main(process.argv.slice(2));
process.exit();
