import type { ServerAnswer } from '../exchange.ts';
import type { ConflictLine } from '../explain/answer.ts';
import { conflictTable } from '../explain/parts.ts';
import { LineReader } from '../explain/reader.ts';
import type { Visit } from './console.ts';
import { conflictDaysHtml } from './draw-days.ts';
import { sectionHtml } from './draw-page.ts';
import { page } from './frame.ts';
import { href, html } from './html.ts';

const SHOWN = 100;
export const DAYS = 30;
const DAY_MS = 86_400_000;

/** By cause over time, and the newest one by one. */
export async function conflictsPage({ parts, query, session, switchedOn }: Visit): Promise<ServerAnswer> {
  const given = query.get('before') ?? '';
  const before = /^\d{1,15}$/.test(given) ? Number(given) : null;
  const now = parts.clock.now();
  const today = Math.floor(now / DAY_MS);
  const rules = { ...parts.limits, now };
  const { lines, days } = await parts.reader.read(async (tx) => {
    const reader = new LineReader({ tx, rules, wakes: parts.wakes });
    const lines: ConflictLine[] = [];
    for (const { namespace, id } of await tx.conflictsBefore(before, SHOWN)) {
      const line = await reader.conflictLine(namespace, id);
      if (line !== null) lines.push(line);
    }
    return { lines, days: await tx.conflictDays((today - DAYS + 1) * DAY_MS) };
  });
  const last = lines.at(-1);
  const body = html`<h1>Conflicts</h1>
<section><h2>By cause, in the last ${DAYS} days</h2>${conflictDaysHtml(days, today, DAYS)}
<p class="quiet">Lag is ours: a device edited what it had not been told is old. Offline and concurrent are people’s.</p></section>
${sectionHtml({ heading: 'The newest', blocks: [conflictTable(lines, 'None.')] })}
${lines.length < SHOWN || last === undefined ? html`` : html`<p><a class="more" href="${href('/conflicts', { before: String(last.at) })}">Earlier ones</a></p>`}`;
  return page(200, { title: 'Conflicts', way: '/conflicts', session, switchedOn, body });
}
