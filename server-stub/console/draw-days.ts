/** Conflicts of the last days by cause, as bars: each cause has a pattern of its own beside its colour. */
import type { ConflictDay } from '../metadata/explain-rows.ts';
import { type Html, html } from './html.ts';

const CAUSES = ['concurrent', 'offline', 'lag', 'name-clash', 'edit-delete'] as const;
const WIDTH = 640;
const HEIGHT = 120;
const FOOT = 18;
const DAY_MS = 86_400_000;

export const dayName = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** `today` and the days before it, as many as asked for. */
export function conflictDaysHtml(rows: readonly ConflictDay[], today: number, days: number): Html {
  const first = today - days + 1;
  const counts = new Map(rows.map(({ day, cause, count }) => [`${day} ${cause}`, count]));
  const sums = new Map<number, number>();
  for (const { day, count } of rows) sums.set(day, (sums.get(day) ?? 0) + count);
  const most = Math.max(1, ...sums.values());
  const step = WIDTH / days;
  const bars: Html[] = [];
  for (let day = first; day <= today; day += 1) {
    let below = HEIGHT;
    for (const cause of CAUSES) {
      const count = counts.get(`${day} ${cause}`) ?? 0;
      if (count === 0) continue;
      const height = (count / most) * (HEIGHT - 8);
      below -= height;
      const x = ((day - first) * step + 1.5).toFixed(1);
      bars.push(
        html`<rect class="bar ${cause}" x="${x}" y="${below.toFixed(1)}" width="${(step - 3).toFixed(1)}" height="${height.toFixed(1)}"><title>${dayName(day)}: ${count} ${cause}</title></rect>`,
      );
    }
  }
  const told = CAUSES.map((cause) => ({
    cause,
    count: rows.reduce((sum, row) => sum + (row.cause === cause ? row.count : 0), 0),
  }));
  return html`<figure class="days">
<svg viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}" role="img" aria-label="Conflicts per day, from ${dayName(first)} to ${dayName(today)}; at most ${most} on one day">
<line class="axis" x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}"/>${bars}
<text class="tick" x="0" y="${HEIGHT + 14}">${dayName(first)}</text><text class="tick end" x="${WIDTH}" y="${HEIGHT + 14}">${dayName(today)}</text>
</svg>
<figcaption><ul class="legend">${told.map(({ cause, count }) => html`<li><span class="swatch ${cause}" aria-hidden="true"></span>${cause}: ${count}</li>`)}</ul></figcaption>
</figure>`;
}
