/** From what went over the line to a history: an edit that was sent anew, because its answer was lost again, is one edit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claim } from '../../../src/protocol/claims.ts';
import { file, type Hand, World } from '../../server/metadata-world.ts';
import { ServerFold } from '../server-fold.ts';
import { checkHistory } from './history.ts';
import { historyOf } from './wire-history.ts';
import { WireLog } from './wire-log.ts';

interface Told {
  /** Keys that the last claim names in the log. */
  readonly unanswered: readonly number[];
  /** Was the answer to the first one heard? */
  readonly heard: boolean;
}

/** A file whose name is taken, told of under two keys, and what each was answered. */
async function toldTwice(world: World, laptop: Hand, { unanswered, heard }: Told): Promise<WireLog> {
  const log = new WireLog();
  const tell = async (claim: Claim, logged: Claim, isHeard = true): Promise<void> => {
    const outcome = await laptop.one(claim);
    const [invoked, answered] = [claim.key * 10, claim.key * 10 + 5];
    const said = isHeard
      ? { answered, outcome, unknown: false }
      : { answered: null, outcome: null, unknown: true };
    log.claims.set(String(claim.key), { device: laptop.caller.device, claim: logged, invoked, ...said });
  };
  for (const text of ['in its place', 'kept']) await world.store(text, laptop.caller);
  const other = laptop.create({ name: 'a.txt', content: file('in its place') });
  await tell(other, other);
  const said = { node: world.nodeId(), name: 'a.txt', content: file('kept') };
  const first = laptop.create(said);
  await tell(first, first, heard);
  const page = await world.journal(laptop);
  const next = await world.metadata.head(laptop.caller.namespace);
  const read = { from: null, events: page, next, head: next.seq, invoked: 26, answered: 27 };
  log.pages.push({ device: laptop.caller.device, ...read });
  const again = laptop.create({ ...said, unanswered: [first.key] });
  await tell(again, { ...again, unanswered: [...unanswered] });
  return log;
}

async function faultsOf(told: Told): Promise<readonly string[]> {
  const world = new World();
  const laptop = await world.device('laptop');
  const log = await toldTwice(world, laptop, told);
  const fold = new ServerFold();
  for (const event of await world.journal(laptop)) fold.apply(event);
  const { epoch } = await world.metadata.head(laptop.caller.namespace);
  await world.close();
  return checkHistory(historyOf(log, fold, epoch));
}

test('who names the key of the same edit, and is told of its version again, made none', async () => {
  assert.deepEqual(await faultsOf({ unanswered: [2], heard: true }), []);
});

test('refused: two writes that know nothing of each other and are told of one version', async () => {
  const faults = await faultsOf({ unanswered: [], heard: true });
  assert.match(faults.join('\n'), /I4 2 writes were told that they made/);
});

test('who names a key whose answer was never heard is told of what was there since that was sent', async () => {
  assert.deepEqual(await faultsOf({ unanswered: [2], heard: false }), []);
});

test('refused: a version that others saw before anybody who was told of it had asked', async () => {
  const faults = await faultsOf({ unanswered: [], heard: false });
  assert.match(faults.join('\n'), /H order: row \d+ was seen at 27, and cannot have been there before 30/);
});
