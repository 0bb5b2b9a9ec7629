/** A sample of what `npm run crash-points` does in full: a few calls of each operation, the same ones every time. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { crashRun, type Run, StageKeeper } from './crash-run.ts';
import { DeviceStage } from './device-stage.ts';
import { spread } from './enumerate.ts';
import { OPERATIONS } from './operations.ts';
import { buildShim } from './point-shim.ts';
import { ServerStage } from './server-stage.ts';
import type { Stage } from './stage.ts';

const PARTIES = {
  engine: {
    keeper: new StageKeeper(() => distinctly(DeviceStage.open())),
    operations: [
      'upload, edit',
      'download, new file',
      'download, replacing',
      'rename there',
      'swap there',
    ].concat(['delete there', 'conflict', 'restore']),
  },
  server: {
    keeper: new StageKeeper(() => distinctly(ServerStage.open())),
    operations: ['upload, edit', 'upload, large file'],
  },
} as const;
const POINTS = 4;

after(async () => {
  for (const { keeper } of Object.values(PARTIES)) await keeper.close();
});

/** Writes to the log of the database that end no transaction are struck once each row. */
async function distinctly(opening: Promise<Stage>): Promise<Stage> {
  const stage = await opening;
  stage.points.distinct = true;
  return stage;
}

const shim = buildShim();

for (const [party, { keeper, operations }] of Object.entries(PARTIES))
  for (const name of operations)
    test(`the ${party} is killed during "${name}" and goes on as if nothing had been`, async (t) => {
      if ('why' in shim) {
        t.diagnostic(`not run: ${shim.why}`);
        return;
      }
      const operation = OPERATIONS.find((each) => each.name === name);
      assert.ok(operation);
      const run = (at: number): Promise<Run> => keeper.run((stage) => crashRun(stage, operation, at));
      const counted = await run(0);
      assert.deepEqual(counted.troubles, []);
      for (const at of spread(counted.points.length, POINTS)) {
        const done = await run(at);
        const where = `at call ${at}: ${done.struck?.call} ${done.struck?.path}`;
        assert.deepEqual(done.troubles, [], where);
      }
    });
