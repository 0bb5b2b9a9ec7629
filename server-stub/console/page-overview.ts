/** How it goes: readiness, what is switched, live figures, conflicts, jobs and what they decided last. */
import type { ServerAnswer } from '../exchange.ts';
import { decisionTable } from '../explain/parts.ts';
import type { Visit } from './console.ts';
import { conflictDaysHtml } from './draw-days.ts';
import { sectionHtml } from './draw-page.ts';
import { page } from './frame.ts';
import { type Html, html, timeHtml } from './html.ts';
import { roundSection, roundsOf } from './page-jobs.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
const DECISIONS = 8;

interface Chart {
  readonly id: string;
  readonly title: string;
  /** The figure, whose values by `by` are lines of their own. */
  readonly figure: string;
  readonly by: string | null;
  /** Per second, or as it is. */
  readonly how: 'rate' | 'value' | 'bytes';
  readonly worry: string;
}

const CHARTS: readonly Chart[] = [
  {
    id: 'claims',
    title: 'Claims decided, per second',
    figure: 'tidemark_claims_total',
    by: 'outcome',
    how: 'rate',
    worry: 'Refused growing faster than committed.',
  },
  {
    id: 'requests',
    title: 'Requests, per second',
    figure: 'tidemark_request_duration_seconds_count',
    by: null,
    how: 'rate',
    worry: 'Falls to nothing while people work.',
  },
  {
    id: 'lag',
    title: 'Changes that the slowest device has not acknowledged',
    figure: 'tidemark_journal_lag_max',
    by: null,
    how: 'value',
    worry: 'Grows while that device is online.',
  },
  {
    id: 'polls',
    title: 'Devices that wait for news',
    figure: 'tidemark_parked_polls',
    by: null,
    how: 'value',
    worry: 'Falls to 0 while people work: nobody is woken.',
  },
  {
    id: 'conflicts',
    title: 'Open conflicts, by cause',
    figure: 'tidemark_conflicts_open',
    by: 'cause',
    how: 'value',
    worry: 'Lag is ours. Growth for days: people do not see them.',
  },
  {
    id: 'bytes',
    title: 'Bytes of chunks',
    figure: 'tidemark_chunk_bytes',
    by: 'tier',
    how: 'bytes',
    worry: 'Quarantined jumps: stop the collection, then look.',
  },
];

export async function overviewPage({ parts, session, switchedOn }: Visit): Promise<ServerAnswer> {
  const now = parts.clock.now();
  const today = Math.floor(now / DAY_MS);
  const trouble = await parts.readiness().catch(() => 'it could not be tried');
  const found = await parts.reader.read(async (tx) => ({
    days: await tx.conflictDays((today - DAYS + 1) * DAY_MS),
    rounds: await roundsOf(tx),
    decisions: await tx.decisions({}, null, DECISIONS),
    figures: await tx.figures(),
  }));
  const { largestLag, openConflicts } = found.figures;
  const open = openConflicts.reduce((sum, { count }) => sum + count, 0);
  const body = html`<h1>Overview</h1>
<ul class="tiles">
${tile('Server', trouble === null ? 'Ready' : 'Not ready', trouble ?? 'takes and keeps changes', trouble === null ? 'good' : 'bad')}
${tile('Largest lag', String(largestLag), largestLag === 1 ? 'change' : 'changes', largestLag > 1000 ? 'careful' : 'plain')}
${tile('Open conflicts', String(open), openConflicts.map(({ cause, count }) => `${count} ${cause}`).join(', ') || 'none', open > 0 ? 'careful' : 'good')}
${tile('Switches', switchedOn.length === 0 ? 'All off' : `${switchedOn.length} on`, switchedOn.join(', ') || 'as in everyday life', switchedOn.length === 0 ? 'good' : 'careful')}
</ul>
<form class="find" method="get" action="/find" role="search">
<div><label for="about">What was reported?</label>
<input id="about" name="about" placeholder="Path, name or id" maxlength="2000" required></div>
<button type="submit" class="primary">Find</button>
</form>
<section><h2>Live</h2>
<div class="charts" id="charts">${CHARTS.map(chartHtml)}</div>
<p class="quiet" id="live-state">The charts need scripts of this page; <a href="/live">the figures</a> do not.</p></section>
<section><h2>Conflicts by cause, in the last ${DAYS} days</h2>${conflictDaysHtml(found.days, today, DAYS)}</section>
${sectionHtml({ ...roundSection(found.rounds), heading: 'Jobs' })}
${sectionHtml({ heading: 'Decided last', blocks: [decisionTable(found.decisions)] })}
<p class="quiet">Server ${parts.serverId}, version ${parts.version}. Times are in UTC; it is ${timeHtml(now)}.</p>`;
  return page(200, { title: 'Overview', way: '/', session, switchedOn, body });
}

function tile(label: string, value: string, says: string, tone: string): Html {
  return html`<li class="tile ${tone}"><p class="label">${label}</p><p class="value">${value}</p><p class="quiet">${says}</p></li>`;
}

function chartHtml({ id, title, figure, by, how, worry }: Chart): Html {
  return html`<figure class="card chart" data-figure="${figure}" data-by="${by ?? ''}" data-how="${how}">
<figcaption id="chart-${id}">${title}</figcaption>
<svg viewBox="0 0 320 96" role="img" aria-labelledby="chart-${id}" preserveAspectRatio="none"></svg>
<ul class="legend"></ul>
<p class="worry"><span class="quiet">Worry when:</span> ${worry}</p>
</figure>`;
}
