/** `npm run sim:planner:exhaustive [-- --nodes N --operations N]`: all of a bounded space; prints its exact count. */
import { parseArgs } from 'node:util';
import { type Bounds, exhaust, type Tally } from './exhaustive.ts';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '4' }, operations: { type: 'string', default: '3' } },
});
const nodes = Number(values.nodes);
const operations = Number(values.operations);

function tell(about: string, tally: Tally): void {
  const { starts, sequences, pairs, workloads, runs } = tally;
  console.log(
    `${about}: ${starts} starts, ${sequences} sequences, ${pairs} pairs of trees, ${workloads} workloads, ${runs} runs`,
  );
}

function exhaustAll(bounds: Bounds): void {
  const about = `at most ${bounds.nodes} nodes and ${bounds.operations} operations${bounds.stops ? ', every stop' : ''}`;
  tell(
    `${about}, all well`,
    exhaust(bounds, {}, (tally) => tell('  so far', tally)),
  );
}

// With every stop for one operation less: the space of schedules grows with the steps that there are to stop after.
if (operations > 1) exhaustAll({ nodes, operations: operations - 1, stops: true });
exhaustAll({ nodes, operations, stops: false });
