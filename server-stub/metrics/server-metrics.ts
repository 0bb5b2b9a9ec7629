/** What is counted while requests are served, and written down together with what the store says. */
import type { Claim } from '../../src/protocol/claims.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import type { ColdReading } from '../cold/cold-reading.ts';
import type { ServerClock } from '../exchange.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { NotifyHub } from '../notify/notify-hub.ts';
import type { WakeBook } from '../notify/wake-book.ts';
import type { Replicas } from '../replication/replicas.ts';
import { coldFigures } from './cold-figures.ts';
import { Counter, gauge, Histogram } from './registry.ts';
import { replicaFigures } from './replica-figures.ts';
import { storeFigures } from './store-figures.ts';

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

const UNHEEDED_MS = 60_000;

/** What is asked when somebody looks. */
export interface MetricParts {
  readonly store: MetadataStore;
  readonly hub: NotifyHub;
  readonly wakes: WakeBook;
  readonly replicas: Replicas | null;
  readonly cold: ColdReading | null;
  readonly clock: Pick<ServerClock, 'now'>;
}

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

  readonly #restores = new Counter(
    'tidemark_restores_total',
    'Older versions that were put on top again, by what became of it.',
  );
  readonly #settled = new Counter(
    'tidemark_conflicts_settled_total',
    'Conflicts that were settled, by whether a side was deleted with it.',
  );
  readonly #versions = new Counter('tidemark_versions_total', 'Versions that were committed.');
  readonly #uploaded = new Counter('tidemark_uploaded_bytes_total', 'Bytes of chunks that devices sent.');
  readonly #visible = new Histogram(
    'tidemark_visible_seconds',
    'From the commit of a change until another device has applied it, for each such device.',
    SECONDS,
  );

  /** Bytes as they came in, deltas as deltas. */
  uploaded(bytes: number): void {
    if (bytes > 0) this.#uploaded.add({}, bytes);
  }

  visible(ms: number): void {
    this.#visible.observe({}, ms / 1000);
  }

  /** What became of claims that put an older version on top. */
  restores(claims: readonly Claim[], outcomes: readonly Outcome[]): void {
    const keys = new Set(claims.filter(({ op }) => op === 'restore').map(({ key }) => key));
    for (const { key, kind } of outcomes) if (keys.has(key)) this.#restores.add({ outcome: kind });
  }

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
      for (const { cause, status, resolution } of conflicts.values()) {
        if (status === 'open') this.#conflicts.add({ cause });
        else this.#settled.add({ ends: resolution === 'both' ? 'both-kept' : 'a-side-deleted' });
      }
      const made = outcome.events.filter(({ seq, head }) => head?.version.endsWith(`.${seq}`)).length;
      if (made > 0 && outcome.kind !== 'adopted') this.#versions.add({}, made);
    }
  }

  resync(why: string): void {
    this.#resyncs.add({ why });
  }

  decided(job: string, decision: string): void {
    this.#decisions.add({ job, decision });
  }

  async text({ store, hub, wakes, replicas, cold, clock }: MetricParts): Promise<string> {
    const now = clock.now();
    const counted = [
      this.#requests,
      this.#refused,
      this.#claims,
      this.#lostBases,
      this.#repeated,
      this.#resyncs,
      this.#conflicts,
      this.#decisions,
      this.#restores,
      this.#settled,
      this.#versions,
      this.#uploaded,
      this.#visible,
    ];
    const parked = gauge('tidemark_parked_polls', 'Long polls that wait.', [{ value: hub.parked }]);
    const unheeded = gauge(
      'tidemark_woken_not_pulled',
      'Devices that were told of news over a minute ago and did not look since.',
      [{ value: wakes.unheeded(UNHEEDED_MS) }],
    );
    const stored = [
      await storeFigures(store),
      replicas === null ? '' : await replicaFigures(store, replicas, now),
      cold === null ? '' : await coldFigures(store, cold, now),
    ];
    return [...counted.map((each) => each.text()), parked, unheeded, ...stored].join('');
  }
}

/** What became of an edit that came too late for its base; null: this one did not. */
function lateness(outcome: Outcome): 'forked' | 'rejected' | 'held' | null {
  if (outcome.kind === 'forked') return 'forked';
  if (outcome.kind === 'dropped' && outcome.why === 'newer-head') return 'rejected';
  return outcome.kind === 'refused' && outcome.code === 'late-edit' ? 'held' : null;
}
