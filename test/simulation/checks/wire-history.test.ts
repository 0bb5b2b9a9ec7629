/** From what went over the line to a history: an edit that was sent anew, because its answer was lost again, is one edit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claim } from '../../../src/protocol/claims.ts';
import { file, type Hand, World } from '../../server/metadata-world.ts';
import { ServerFold } from '../server-fold.ts';
import { checkHistory } from './history.ts';
import { historyOf } from './wire-history.ts';
import { WireLog } from './wire-log.ts';

/** A file whose name is taken, told of under two keys, and what each was answered: in the log the last names `unanswered`. */
async function toldTwice(world: World, laptop: Hand, unanswered: readonly number[]): Promise<WireLog> {
  const log = new WireLog();
  const tell = async (claim: Claim, logged: Claim): Promise<void> => {
    const outcome = await laptop.one(claim);
    const [invoked, answered] = [claim.key * 10, claim.key * 10 + 5];
    const call = { device: laptop.caller.device, claim: logged, invoked, answered, outcome, unknown: false };
    log.claims.set(String(claim.key), call);
  };
  for (const text of ['in its place', 'kept']) await world.store(text, laptop.caller);
  const other = laptop.create({ name: 'a.txt', content: file('in its place') });
  await tell(other, other);
  const said = { node: world.nodeId(), name: 'a.txt', content: file('kept') };
  const first = laptop.create(said);
  await tell(first, first);
  const again = laptop.create({ ...said, unanswered: [first.key] });
  await tell(again, { ...again, unanswered: [...unanswered] });
  return log;
}

async function faultsOf(unanswered: readonly number[]): Promise<readonly string[]> {
  const world = new World();
  const laptop = await world.device('laptop');
  const log = await toldTwice(world, laptop, unanswered);
  const fold = new ServerFold();
  for (const event of await world.journal(laptop)) fold.apply(event);
  const { epoch } = await world.metadata.head(laptop.caller.namespace);
  await world.close();
  return checkHistory(historyOf(log, fold, epoch));
}

test('who names the key of the same edit, and is told of its version again, made none', async () => {
  assert.deepEqual(await faultsOf([2]), []);
});

test('refused: two writes that know nothing of each other and are told of one version', async () => {
  const faults = await faultsOf([]);
  assert.match(faults.join('\n'), /I4 2 writes were told that they made/);
});
