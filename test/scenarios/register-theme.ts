/** Turns the scenarios of a theme into tests on simulated machines. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { THEMES } from './all-scenarios.ts';
import { nameOfVariant, play, type Variant, variantsOf } from './runner.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedStage } from './simulated-stage.ts';

const SEED = 1;

async function playOnce(scenario: Scenario, variant: Variant): Promise<void> {
  const stage = new SimulatedStage(SEED);
  try {
    const wrong = await play(scenario, variant, stage);
    if (wrong.length > 0) assert.fail(`${wrong.join('\n')}\n${stage.report()}`);
  } finally {
    await stage.close();
  }
}

export function registerTheme(...names: readonly string[]): void {
  for (const name of names) {
    describe(name, () => {
      for (const scenario of THEMES[name] ?? []) {
        for (const variant of variantsOf(scenario)) {
          test(nameOfVariant(scenario, variant), () => playOnce(scenario, variant));
        }
      }
    });
  }
}
