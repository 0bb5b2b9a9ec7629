import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { THEMES } from '../scenarios/all-scenarios.ts';
import { RealStage } from '../scenarios/real-stage.ts';
import { play } from '../scenarios/runner.ts';
import { Fleet } from '../support/devices.ts';

const REAL = Object.values(THEMES)
  .flat()
  .filter((scenario) => scenario.real === true);

let fleet: Fleet;
before(
  async () => {
    fleet = await Fleet.open('A', 'B');
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

for (const [index, scenario] of REAL.entries()) {
  test(`with real processes: ${scenario.name}`, { timeout: 90_000 }, async () => {
    const stage = new RealStage(fleet, `scenario ${index + 1}`);
    try {
      const wrong = await play(scenario, { swapped: false, reversed: false }, stage);
      if (wrong.length > 0) assert.fail(`${wrong.join('\n')}\n${stage.report()}`);
    } finally {
      await stage.close();
    }
  });
}
