/** A sample of what `npm run fault-points` does in full: calls that fail, once or until they are healed. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { StageKeeper } from './crash-run.ts';
import { DeviceStage } from './device-stage.ts';
import { FAULTS, faultRun } from './fault-run.ts';
import { OPERATIONS } from './operations.ts';
import { buildShim } from './point-shim.ts';
import { deepPoint } from './recovery-run.ts';

/** Which call of which operation, under which fault; "deep": the one after the last rename in the user's folder. */
const SAMPLE: readonly (readonly [operation: string, fault: string, at: number | 'deep'])[] = [
  ['swap there', 'ENOSPC once', 'deep'],
  ['upload, edit', 'ENOSPC once', 3],
  ['upload, edit', 'EIO from there on', 2],
  ['download, replacing', 'ENOSPC from there on', 5],
  ['download, replacing', 'EIO once', 40],
  ['download, replacing', 'short writes once', 4],
  ['swap there', 'EACCES from there on', 12],
  ['delete there', 'EMFILE from there on', 4],
  ['conflict', 'short writes from there on', 6],
  ['restore', 'EMFILE once', 3],
  // In the middle of writing down the answer of a claim that the server has committed.
  ['restore', 'ENOSPC once', 15],
];

const keeper = new StageKeeper(DeviceStage.open);
after(() => keeper.close());

const shim = buildShim();

for (const [name, faultName, at] of SAMPLE)
  test(`${faultName}, from call ${at} of "${name}": nothing is lost, and all comes into step once it is over`, async (t) => {
    if ('why' in shim) {
      t.diagnostic(`not run: ${shim.why}`);
      return;
    }
    const operation = OPERATIONS.find((each) => each.name === name);
    const fault = FAULTS.find((each) => each.name === faultName);
    assert.ok(operation && fault);
    const strikeAt = (call: number) => keeper.run((stage) => faultRun(stage, operation, fault, call));
    const done = await strikeAt(at === 'deep' ? deepPoint((await strikeAt(0)).points) : at);
    assert.deepEqual(done.troubles, []);
    assert.notEqual(done.struck, null, 'the call was made');
  });
