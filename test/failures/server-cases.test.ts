/** Catalogued failures of the server that no other test plays through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { FinalizeAnswer } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { Person, textOf } from '../attacks/person.ts';
import { jsonOf, TenantWorld } from '../attacks/tenant-world.ts';

const parse = parserOf(FinalizeAnswer);

test('F071: a claim and its retries under way at the same moment: one version, one answer', async () => {
  const world = await TenantWorld.open();
  await world.addUser('owner', 'olga');
  const me = new Person(world, 'owner', 'olga', await world.link('owner', 'olga', 'desk'));
  const file = textOf(me);
  const fresh = { node: me.newNode(), parent: ROOT_NODE, name: 'once.txt', content: file.content };
  const claim = { op: 'create', ...me.base(), ...fresh, mtimeNs: '1', checkZombie: false };
  const asked = { json: { claims: [claim], settledBelow: 0, cursor: null }, frames: file.frames };
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => me.ask({ route: at % 2 === 0 ? 'commit' : 'finalize', ...asked })),
  );
  const outcomes = answers.flatMap((answer) => {
    const read = parse(jsonOf(answer));
    assert(read.kind === 'ok', JSON.stringify(read));
    return read.value.outcomes;
  });
  const done = outcomes.filter(({ kind }) => kind === 'committed');
  // What came before the chunk did was told to send it: nothing else is another answer.
  assert.deepEqual(
    outcomes.filter(({ kind }) => kind !== 'committed' && kind !== 'missing-chunks'),
    [],
  );
  assert.ok(done.length >= 4);
  for (const each of done) assert.deepEqual(each, done[0]);
  assert.equal((await me.cursor()).seq, 1);
  assert.deepEqual(world.faults, []);
  await world.close();
});
