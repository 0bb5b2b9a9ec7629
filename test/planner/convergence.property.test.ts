/** Random worlds: whatever users do and whatever gets lost, all trees become one and no content is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seed } from '../property/seeded.ts';
import { drawScheme } from './model-scheme.ts';
import { type Failure, retell, shrink, tryScheme } from './model-shrink.ts';
import { scenarioOf } from './scenario.ts';

const RUNS = 20_000;
const REPEATED = 150;

function tell(failure: Failure): string {
  return `PROPERTY_SEED=${failure.scheme.seed}\n${failure.message}\n${scenarioOf(shrink(failure))}`;
}

test(`all devices come to the server's tree in ${RUNS} random worlds`, (t) => {
  t.diagnostic(`PROPERTY_SEED=${seed}`);
  const met = new Set<string>();
  let rounds = 0;
  for (let at = 0; at < RUNS; at += 1) {
    const failure = tryScheme(drawScheme(seed + at), (world) => {
      for (const kind of world.server.counts.keys()) met.add(kind);
      for (const { name } of world.server.nodes.all()) if (name.includes('!!')) met.add('copy of a copy');
      for (const { tally } of world.devices) for (const what of tally.keys()) met.add(what);
      rounds = Math.max(rounds, world.rounds);
    });
    assert.ok(failure === null, failure === null ? '' : tell(failure));
  }
  t.diagnostic(`at most ${rounds} rounds to come to rest`);
  for (const what of [
    'create renamed',
    'create adopted',
    'edit forked',
    'edit adopted',
    'copy of a copy',
    'rearrange committed',
    'rearrange dropped steps-stale',
    'move dropped cycle',
    'move renamed',
    'delete dropped newer-head',
    'claim create aside',
    'park',
    'unpark',
    'leave over',
    'keep unknown',
    'throw unknown away',
  ])
    assert.ok(met.has(what), `no world ever had "${what}": they are too tame`);
});

test('the same seed gives the same plans', () => {
  for (let at = 0; at < REPEATED; at += 1) {
    const [one, other] = [seed + at, seed + at].map((each) => {
      const world = retell(drawScheme(each));
      return world.devices.map((device) => device.log.join('\n')).join('\n---\n');
    });
    assert.equal(one, other);
  }
});
