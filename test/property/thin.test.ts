import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, MONTH, RETENTION_DEFAULT, WEEK } from '../../server-stub/retention/policy.ts';
import { type Aged, thin } from '../../server-stub/retention/thin.ts';
import { holds } from './seeded.ts';

const START = 20_000 * DAY;
const SPAN = 500 * DAY;

/** Newest first, with growing numbers; clusters, as people work. */
const histories = fc
  .array(
    fc.oneof(
      fc.nat({ max: SPAN }),
      fc.nat({ max: SPAN / DAY }).map((day) => day * DAY + (day % 7) * 60_000),
    ),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((ages) =>
    ages
      .toSorted((a, b) => a - b)
      .map((age, i): Aged => ({ number: i + 1, at: START + age }))
      .reverse(),
  );

const keptOf = (versions: readonly Aged[], now: number): readonly Aged[] => {
  const gone = new Set(thin(versions, RETENTION_DEFAULT, now).map((each) => each.number));
  return versions.filter((each) => !gone.has(each.number));
};
const numbers = (versions: readonly Aged[]) => versions.map((each) => each.number);

/** The newest version of each span of time, as a set of numbers. */
function lastOfEach(versions: readonly Aged[], span: number): ReadonlySet<number> {
  const last = new Map<number, Aged>();
  for (const each of versions) {
    const slot = Math.floor(each.at / span);
    if ((last.get(slot)?.number ?? 0) < each.number) last.set(slot, each);
  }
  return new Set([...last.values()].map((each) => each.number));
}

test('the newest version stays, whatever its age', (t) => {
  holds(
    t,
    fc.property(histories, fc.nat({ max: 10 * SPAN }), (versions, later) => {
      assert.ok(numbers(keptOf(versions, START + SPAN + later)).includes(versions[0]!.number));
    }),
  );
});

test('what a version is let go for is told, and each span keeps the last of its days, weeks and months', (t) => {
  holds(
    t,
    fc.property(histories, fc.nat({ max: SPAN }), (versions, later) => {
      const now = START + SPAN + later;
      const kept = new Set(numbers(keptOf(versions, now)));
      const { allMs, dailyMs, weeklyMs, monthlyMs } = RETENTION_DEFAULT;
      const days = lastOfEach(versions, DAY);
      const weeks = lastOfEach(versions, WEEK);
      const months = lastOfEach(versions, MONTH);
      for (const { number, at } of versions.slice(1)) {
        const age = now - at;
        const stays =
          age <= allMs ||
          (age <= dailyMs ? days : age <= weeklyMs ? weeks : age <= monthlyMs ? months : new Set()).has(
            number,
          );
        assert.equal(kept.has(number), stays, `V${number} of age ${age}`);
      }
    }),
  );
});

test('thinning every day leaves what thinning once at the end leaves', (t) => {
  holds(
    t,
    fc.property(histories, (versions) => {
      let left: readonly Aged[] = [];
      for (let now = START; now <= START + SPAN + 30 * DAY; now += DAY) {
        const arrived = versions.filter((each) => each.at <= now && each.at > now - DAY);
        left = keptOf([...arrived, ...left], now);
      }
      assert.deepEqual(numbers(left), numbers(keptOf(versions, START + SPAN + 30 * DAY)));
    }),
  );
});

test('nothing goes while a namespace is held', (t) => {
  holds(
    t,
    fc.property(histories, (versions) => {
      assert.deepEqual(thin(versions, { ...RETENTION_DEFAULT, held: true }, START + 100 * SPAN), []);
    }),
  );
});
