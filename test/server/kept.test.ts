/** What the history says of its versions: labels, why each is kept, and until when. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setLabel } from '../../server-stub/retention/labels.ts';
import { DAY, RETENTION_DEFAULT } from '../../server-stub/retention/policy.ts';
import { keptUntil, thin } from '../../server-stub/retention/thin.ts';
import type { VersionId } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { holds } from '../property/seeded.ts';
import { HOUR, Keeper, RELEASE_GRACE_HOURS, written } from './keeper.ts';
import { eventOf, type Hand } from './metadata-world.ts';

async function told(keeper: Keeper, hand: Hand, { node }: JournalEvent) {
  const answer = await keeper.world.metadata.history(hand.caller, node);
  assert.ok(answer);
  const { versions, keeping = [] } = answer;
  assert.equal(keeping.length, versions.length);
  return versions.map((each, i) => ({ number: each.number, version: each.version, ...keeping[i]! }));
}

function label(keeper: Keeper, { caller }: Hand, version: VersionId, name: string | null) {
  return keeper.world.db.write((tx) => setLabel(tx, caller, { version, name }, keeper.world.clock.now));
}

test('the moment until which a version is kept is the last at which thinning keeps it', (t) => {
  const span = fc.integer({ min: 1, max: 400 * DAY });
  holds(
    t,
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 * DAY }), { minLength: 2, maxLength: 12 }),
      fc.array(span, { minLength: 4, maxLength: 4 }),
      (moments, spans) => {
        const [allMs = 1, dailyMs = 1, weeklyMs = 1, monthlyMs = 1] = spans.toSorted((a, b) => a - b);
        const policy = { allMs, dailyMs, weeklyMs, monthlyMs, trashMs: DAY, held: false };
        const versions = moments
          .toSorted((a, b) => a - b)
          .map((at, i) => ({ number: i + 1, at }))
          .reverse();
        const goes = (number: number, now: number) =>
          thin(versions, policy, now).some((each) => each.number === number);
        for (const [i, version] of versions.entries()) {
          const until = keptUntil(version, versions[i - 1] ?? null, policy);
          assert.equal(until === null, i === 0);
          if (until === null) continue;
          assert.equal(goes(version.number, until), false);
          assert.equal(goes(version.number, until + 1), true);
        }
      },
    ),
    300,
  );
});

test('every version says why it is kept and until when; what was let go is not told any more', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 3);
  const fresh = await told(keeper, laptop, event);
  assert.deepEqual(
    fresh.map(({ number, why, until }) => [number, why, until === null]),
    [
      [3, 'current', true],
      [2, 'policy', false],
      [1, 'policy', false],
    ],
  );
  assert.equal((fresh[2]?.until ?? 0) - (fresh[1]?.until ?? 0), -HOUR, 'a day after each was saved');
  await keeper.live(28);
  const leaving = await told(keeper, laptop, event);
  assert.deepEqual(
    leaving.map((each) => each.why),
    ['current', 'leaving', 'leaving'],
  );
  assert.ok((leaving[2]?.until ?? 0) > keeper.world.clock.now);
  await keeper.live(RELEASE_GRACE_HOURS + 1);
  assert.deepEqual(
    (await told(keeper, laptop, event)).map((each) => each.number),
    [3],
  );
  await keeper.world.close();
});

test('a label says who gave it, keeps its version through everything, and lets go of it when it goes', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 3);
  const first = (await told(keeper, laptop, event)).at(-1)!;
  assert.equal(await label(keeper, laptop, first.version, '  sent to the printer '), null);
  await keeper.live(100);
  const kept = (await told(keeper, laptop, event)).at(-1)!;
  assert.deepEqual([kept.number, kept.why, kept.until], [1, 'labelled', null]);
  assert.deepEqual([kept.label?.name, kept.label?.device], ['sent to the printer', 'laptop']);
  await laptop.one(laptop.remove(event));
  keeper.skip(40 * DAY);
  await keeper.live(60);
  assert.deepEqual(
    (await told(keeper, laptop, event)).map((each) => [each.number, each.why]),
    [[1, 'labelled']],
  );
  const other = await laptop.make('other', 'of another file');
  assert.equal(await label(keeper, laptop, other.head!.version, 'kept too'), null);
  const base = event.head!.version;
  const stranger = laptop.restore({ node: event.node, base, version: other.head!.version });
  assert.equal((await laptop.one(stranger)).kind, 'refused', 'the label of another file brings nothing back');
  const back = await laptop.one(laptop.restore({ node: event.node, base, version: first.version }));
  assert.equal(back.kind, 'committed', 'its bytes are there, long after the trash let go of the file');
  assert.equal(await label(keeper, laptop, first.version, null), null);
  assert.equal((await told(keeper, laptop, eventOf(back))).at(-1)?.label, null);
  keeper.skip(400 * DAY);
  await keeper.live(60);
  assert.deepEqual(
    (await told(keeper, laptop, event)).map((each) => each.why),
    ['current'],
  );
  await keeper.world.close();
});

test('what is not kept any more cannot be labelled, nor what never was, nor with nothing', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 3);
  const first = (await told(keeper, laptop, event)).at(-1)!;
  await keeper.live(60);
  assert.equal((await label(keeper, laptop, first.version, 'late'))?.code, 'unknown-version');
  assert.equal((await label(keeper, laptop, event.head!.version, ' \n '))?.code, 'bad-request');
  assert.equal((await label(keeper, laptop, event.head!.version, 'two\nlines'))?.code, 'bad-request');
  const other = await keeper.world.device('of somebody else', 'eve');
  assert.equal((await label(keeper, other, event.head!.version, 'mine'))?.code, 'not-found');
  await keeper.world.close();
});

test('the trash, a hold and an open conflict say so', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const phone = await keeper.world.device('phone');
  const event = await written(keeper, laptop, 3);
  const second = (await keeper.world.journal(laptop)).find((each) => each.head?.number === 2)!;
  await phone.write(second, 'from the phone');
  assert.deepEqual(
    (await told(keeper, laptop, event)).map((each) => each.why),
    ['current', 'conflict', 'policy'],
  );
  const gone = await laptop.make('gone.txt', 'was here');
  const dead = eventOf(await laptop.one(laptop.remove(gone)));
  const [buried] = await told(keeper, laptop, dead);
  assert.deepEqual([buried?.why, buried?.until], ['trash', dead.at + RETENTION_DEFAULT.trashMs]);
  await keeper.world.db.write(async (tx) =>
    tx.setRetentionPolicy(laptop.caller.namespace, { ...RETENTION_DEFAULT, held: true }, 'a lawyer', 1),
  );
  assert.deepEqual(
    (await told(keeper, laptop, dead)).map((each) => each.why),
    ['held'],
  );
  await keeper.world.close();
});

test('F140: a version whose time comes while it is restored is whole on top, whatever becomes of the old one', async () => {
  const keeper = new Keeper();
  const laptop = await keeper.world.device('laptop');
  const event = await written(keeper, laptop, 3);
  await keeper.live(28);
  const rows = await told(keeper, laptop, event);
  assert.deepEqual(
    rows.map((each) => each.why),
    ['current', 'leaving', 'leaving'],
  );
  const restore = (row: (typeof rows)[number], base: VersionId) =>
    laptop.one(laptop.restore({ node: event.node, base, version: row.version }));
  const first = eventOf(await restore(rows[2]!, event.head!.version));
  await keeper.live(RELEASE_GRACE_HOURS + 1);
  assert.deepEqual(
    (await told(keeper, laptop, event)).map((each) => each.number),
    [4, 3],
  );
  const kept = await keeper.world.db.read(async (tx) => tx.keptManifests(null, 99));
  const content = first.head?.content;
  assert.ok(content?.kind === 'file' && kept.some(({ id }) => id === content.manifest));
  // Let go, and its bytes not collected yet: what was seen a moment ago can still be had.
  const late = await restore(rows[1]!, first.head!.version);
  assert.equal(late.kind, 'committed');
  await keeper.world.close();
});
