/** The last lines of the log, kept in memory for a report to the makers. */
import type { Clock, Log, LogLevel } from './environment/environment.ts';

const MOST = 500;

export interface LogLine {
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export class RecentLog {
  private readonly kept: LogLine[] = [];
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The same log, with what it says kept here; what is only for debugging is not. */
  tee(log: Log): Log {
    return (level, message, facts = {}) => {
      log(level, message, facts);
      if (level === 'debug') return;
      this.kept.push({ at: Math.floor(this.clock.now()), level, message, facts });
      if (this.kept.length > MOST) this.kept.shift();
    };
  }

  /** The oldest first. */
  lines(): readonly LogLine[] {
    return this.kept;
  }
}
