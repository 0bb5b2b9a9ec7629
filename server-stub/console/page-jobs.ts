/** Work behind requests, and what it decided about people's data. */
import type { ServerAnswer } from '../exchange.ts';
import { mark, type Section, text, time } from '../explain/page.ts';
import { decisionTable } from '../explain/parts.ts';
import type { JobName, JobRound } from '../metadata/job-rows.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { Visit } from './console.ts';
import { sectionHtml } from './draw-page.ts';
import { page } from './frame.ts';
import { href, html } from './html.ts';

const JOBS: readonly JobName[] = [
  'lived-hours',
  'sessions',
  'retention',
  'collection',
  'compaction',
  'orphans',
  'forgetting',
  'lineage',
  'scrub',
];
const SHOWN = 100;

export async function jobsPage({ parts, query, session, switchedOn }: Visit): Promise<ServerAnswer> {
  const wanted = query.get('job');
  const job = JOBS.find((each) => each === wanted) ?? null;
  const given = query.get('before') ?? '';
  const before = /^\d{1,15}$/.test(given) ? Number(given) : null;
  const { rounds, decisions } = await parts.reader.read(async (tx) => ({
    rounds: await roundsOf(tx),
    decisions: await tx.decisions(job === null ? {} : { job }, before, SHOWN),
  }));
  const choices = [null, ...JOBS].map((each) =>
    each === job
      ? html`<li><a href="${href('/jobs', { job: each })}" aria-current="true">${each ?? 'all'}</a></li>`
      : html`<li><a href="${href('/jobs', { job: each })}">${each ?? 'all'}</a></li>`,
  );
  const body = html`<h1>Jobs and decisions</h1>
${sectionHtml(roundSection(rounds))}
<section><h2>Decisions</h2>
<nav aria-label="Decisions of one job"><ul class="choices">${choices}</ul></nav></section>
${sectionHtml({ heading: job === null ? 'Of all jobs' : `Of ${job}`, blocks: [decisionTable(decisions)] })}
${decisions.length < SHOWN ? html`` : html`<p><a class="more" href="${href('/jobs', { job, before: String(decisions.at(-1)?.no ?? 0) })}">Earlier ones</a></p>`}`;
  return page(200, { title: 'Jobs and decisions', way: '/jobs', session, switchedOn, body });
}

export type Round = { readonly job: JobName; readonly round: JobRound | null };

export async function roundsOf(tx: ReadTx): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (const job of JOBS) rounds.push({ job, round: await tx.jobRound(job) });
  return rounds;
}

export function roundSection(rounds: readonly Round[]): Section {
  return {
    heading: 'Rounds',
    blocks: [
      {
        kind: 'table',
        columns: ['Job', 'Standing', 'Began', 'Last step', 'Ended', 'Said'],
        rows: rounds.map(({ job, round }) =>
          round === null
            ? [text(job), mark('not begun yet', 'plain'), time(null), time(null), time(null), text('')]
            : [
                text(job),
                round.endedAt === null ? mark('under way', 'good') : mark('waits for its time', 'plain'),
                time(round.beganAt),
                time(round.stepAt),
                time(round.endedAt),
                text(round.said),
              ],
        ),
        empty: 'None.',
      },
    ],
  };
}
