/** Figures that are read from the store when somebody asks. */
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { gauge } from './registry.ts';

const LAGS = [0, 10, 100, 1000, 10_000, null] as const;

export async function storeFigures(store: MetadataStore): Promise<string> {
  const { figures, scrub, hours, tiers } = await store.read(async (tx) => ({
    figures: await tx.figures(),
    tiers: await tx.tierFigures(),
    hours: (await tx.livedHours())?.hours ?? 0,
    scrub: await tx.scrub(),
  }));
  const { storedBytes, quarantinedBytes, largestLag, openConflicts, openSessions, rounds } = figures;
  const ended = rounds.flatMap(({ job, endedAt }) =>
    endedAt === null ? [] : [{ labels: { job }, value: endedAt / 1000 }],
  );
  return [
    gauge('tidemark_chunk_bytes', 'Bytes of chunks, as files have them, by where they are.', [
      { labels: { tier: 'hot' }, value: storedBytes - quarantinedBytes - tiers.coldBytes },
      { labels: { tier: 'cold' }, value: tiers.coldBytes },
      { labels: { tier: 'quarantined' }, value: quarantinedBytes },
    ]),
    gauge('tidemark_journal_lag_max', 'Changes that the device furthest behind has not acknowledged.', [
      { value: largestLag },
    ]),
    gauge(
      'tidemark_cursor_lag_devices',
      'Devices by how many changes they have not acknowledged: at most so many, and more than the step below.',
      LAGS.map((atMost) => ({
        labels: { behind: atMost === null ? 'more' : String(atMost) },
        value: figures.lags.find((each) => each.atMost === atMost)?.devices ?? 0,
      })),
    ),
    gauge(
      'tidemark_orphan_age_hours',
      'How long the oldest one waits for its erasure: a chunk that nothing needs, a copy that no row names.',
      [
        { labels: { what: 'chunk' }, value: figures.idleSince === null ? 0 : hours - figures.idleSince },
        { labels: { what: 'copy' }, value: figures.orphanSince === null ? 0 : hours - figures.orphanSince },
      ],
    ),
    gauge(
      'tidemark_conflicts_open',
      'Conflicts that nobody settled, by cause.',
      openConflicts.map(({ cause, count }) => ({ labels: { cause }, value: count })),
    ),
    gauge('tidemark_upload_sessions_open', 'Uploads that were begun and whose claims are not decided.', [
      { value: openSessions },
    ]),
    gauge(
      'tidemark_job_last_end_seconds',
      'When the last round of a job ended, in seconds since 1970.',
      ended,
    ),
    gauge(
      'tidemark_job_running',
      'Whether a round of a job is under way.',
      rounds.map(({ job, endedAt }) => ({ labels: { job }, value: endedAt === null ? 1 : 0 })),
    ),
    gauge('tidemark_scrub_verified', 'Copies of chunks that were verified, of all rounds.', [
      { value: scrub.verified },
    ]),
    gauge('tidemark_scrub_damaged', 'Copies that were found damaged, of all rounds.', [
      { value: scrub.damaged },
    ]),
  ].join('');
}
