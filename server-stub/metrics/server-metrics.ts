/** What is counted while requests are served, and written down together with what the store says. */
import type { Outcome } from '../../src/protocol/outcomes.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { NotifyHub } from '../notify/notify-hub.ts';
import type { Replicas } from '../replication/replicas.ts';
import { Counter, gauge, Histogram } from './registry.ts';
import { replicaFigures } from './replica-figures.ts';
import { storeFigures } from './store-figures.ts';

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export class ServerMetrics {
  readonly #requests = new Histogram(
    'tidemark_request_duration_seconds',
    'Time from request to answer; long polls wait on purpose.',
    SECONDS,
  );
  readonly #refused = new Counter(
    'tidemark_requests_refused_total',
    'Requests answered with an error, by status.',
  );
  readonly #claims = new Counter('tidemark_claims_total', 'Claims decided, by what became of them.');
  readonly #conflicts = new Counter('tidemark_conflicts_total', 'Conflicts that came about, by cause.');
  readonly #lostBases = new Counter(
    'tidemark_stale_bases_total',
    'Edits whose base was not the head any more.',
  );
  readonly #repeated = new Counter(
    'tidemark_repeated_claims_total',
    'Claims that were decided before: their devices did not hear the answer.',
  );
  readonly #resyncs = new Counter(
    'tidemark_resyncs_total',
    'Devices sent to a snapshot instead of the journal, by why.',
  );
  readonly #decisions = new Counter('tidemark_job_decisions_total', 'Decisions of jobs about data, by kind.');

  request(route: string, status: number, ms: number): void {
    this.#requests.observe({ route }, ms / 1000);
    if (status >= 400) this.#refused.add({ route, status: String(status) });
  }

  /** `again`: so many more were decided before and are not counted twice. */
  claims(outcomes: readonly Outcome[], again: number): void {
    if (again > 0) this.#repeated.add({}, again);
    for (const outcome of outcomes) {
      this.#claims.add({ outcome: outcome.kind });
      const late = lateness(outcome);
      if (late !== null) this.#lostBases.add({ outcome: late });
      const conflicts = new Map(
        outcome.events.flatMap(({ conflict }) => (conflict ? [[conflict.id, conflict]] : [])),
      );
      for (const { cause, status } of conflicts.values())
        if (status === 'open') this.#conflicts.add({ cause });
    }
  }

  resync(why: string): void {
    this.#resyncs.add({ why });
  }

  decided(job: string, decision: string): void {
    this.#decisions.add({ job, decision });
  }

  async text(store: MetadataStore, hub: NotifyHub, replicas: Replicas | null, now: number): Promise<string> {
    const counted = [
      this.#requests,
      this.#refused,
      this.#claims,
      this.#lostBases,
      this.#repeated,
      this.#resyncs,
      this.#conflicts,
      this.#decisions,
    ];
    const parked = gauge('tidemark_parked_polls', 'Long polls that wait.', [{ value: hub.parked }]);
    const stored = [
      await storeFigures(store),
      replicas === null ? '' : await replicaFigures(store, replicas, now),
    ];
    return [...counted.map((each) => each.text()), parked, ...stored].join('');
  }
}

/** What became of an edit that came too late for its base; null: this one did not. */
function lateness(outcome: Outcome): 'forked' | 'rejected' | 'held' | null {
  if (outcome.kind === 'forked') return 'forked';
  if (outcome.kind === 'dropped' && outcome.why === 'newer-head') return 'rejected';
  return outcome.kind === 'refused' && outcome.code === 'late-edit' ? 'held' : null;
}
