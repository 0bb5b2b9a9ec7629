/** Random worlds: whatever users do and whatever gets lost, all trees become one and no content is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seed } from '../property/seeded.ts';
import { drawScheme, type Failure, retell, shrink, tryScheme } from './model.ts';

const RUNS = 10_000;
const REPEATED = 150;

function tell(failure: Failure): string {
  const { scheme, message } = shrink(failure);
  const users = retell(scheme).story.filter((line) => line.startsWith('user'));
  return `PROPERTY_SEED=${failure.scheme.seed} (shrunk: ${scheme.seed})\n${message}\n${users.join('\n')}`;
}

test(`all devices come to the server's tree in ${RUNS} random worlds`, (t) => {
  t.diagnostic(`PROPERTY_SEED=${seed}`);
  const answers = new Map<string, number>();
  for (let at = 0; at < RUNS; at += 1) {
    const failure = tryScheme(drawScheme(seed + at), (world) => {
      for (const [kind, count] of world.server.counts) answers.set(kind, (answers.get(kind) ?? 0) + count);
    });
    assert.ok(failure === null, failure === null ? '' : tell(failure));
  }
  for (const kind of [
    'create renamed',
    'edit forked',
    'rearrange committed',
    'move dropped cycle',
    'delete dropped newer-head',
  ])
    assert.ok(answers.has(kind), `no world ever had "${kind}": they are too tame`);
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
