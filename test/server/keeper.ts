/** A server that lives hour by hour, on real SQLite, with its retention job and a clock set by hand. */
import assert from 'node:assert/strict';
import { forgettingJob } from '../../server-stub/jobs/forgetting-job.ts';
import type { Job } from '../../server-stub/jobs/job.ts';
import { JobRunner } from '../../server-stub/jobs/job-runner.ts';
import { livedHoursJob } from '../../server-stub/jobs/lived-hours-job.ts';
import { retentionJob } from '../../server-stub/jobs/retention-job.ts';
import { DAY } from '../../server-stub/retention/policy.ts';
import { SERVER_LIMITS, type ServerLimits } from '../../server-stub/server-limits.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { eventOf, type Hand, World } from './metadata-world.ts';

export const HOUR = 3_600_000;
export const RELEASE_GRACE_HOURS = SERVER_LIMITS.waits.releaseHours;

export class Keeper {
  readonly world = new World();
  readonly #runner: JobRunner;

  constructor(limits: Pick<ServerLimits, 'waits' | 'retention'> = SERVER_LIMITS) {
    const { world } = this;
    const clock = { now: () => world.clock.now, monotonic: () => world.clock.now, sleep: async () => {} };
    const random = { bytes: (count: number) => world.bytes(count), fraction: () => world.random() };
    const jobs: readonly Job[] = [
      livedHoursJob(clock.monotonic, limits.waits),
      retentionJob(limits),
      forgettingJob(limits),
    ];
    const log = (_: string, message: string, facts?: object) =>
      assert.fail(`${message} ${JSON.stringify(facts)}`);
    this.#runner = new JobRunner({ store: world.db, clock, random, log }, jobs);
  }

  /** The server runs on for so many hours. */
  async live(hours: number): Promise<void> {
    for (let hour = 0; hour < hours; hour += 1) {
      this.world.clock.now += HOUR;
      await this.#runner.runDue();
    }
  }

  /** Nobody was there: the clock goes on, no hour is lived. */
  skip(ms: number): void {
    this.world.clock.now += ms;
  }

  async kept({ caller }: Hand, { node }: JournalEvent): Promise<readonly number[]> {
    const rows = await this.world.db.read(async (tx) => tx.keptVersions(caller.namespace, node));
    return rows.map((each) => each.number);
  }

  async due({ caller }: Hand, { node }: JournalEvent): Promise<readonly number[]> {
    const rows = await this.world.db.read(async (tx) => tx.keptVersions(caller.namespace, node));
    return rows.filter((each) => each.dueHour !== null).map((each) => each.number);
  }
}

/** A file with versions an hour apart, the first at noon. */
export async function written(keeper: Keeper, hand: Hand, versions: number): Promise<JournalEvent> {
  keeper.world.clock.now = Math.ceil(keeper.world.clock.now / DAY) * DAY + 6 * HOUR;
  let event = await hand.make('plan.txt', 'text 1');
  for (let number = 2; number <= versions; number += 1) {
    keeper.world.clock.now += HOUR;
    event = eventOf(await hand.write(event, `text ${number}`));
  }
  return event;
}
