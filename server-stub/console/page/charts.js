// @ts-check
/**
 * Draws the live charts: asks for the figures every two seconds while somebody looks, and keeps the last five minutes.
 * Lines differ by their dashes, too, and each says its value in words below.
 */

const EVERY_MS = 2000;
const KEPT = 150;
const WIDTH = 320;
const HEIGHT = 96;
const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {{ at: number, figures: Record<string, number> }} Sample */

/** @type {Sample[]} */
const samples = [];

/** @param {number} value @param {string} how */
const said = (value, how) => {
  if (how === 'rate') return `${value >= 10 ? Math.round(value) : value.toFixed(1)}/s`;
  if (how !== 'bytes') return String(Math.round(value));
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [unit, size] = [0, value];
  for (; size >= 1024 && unit < units.length - 1; unit += 1) size /= 1024;
  return `${unit === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
};

/**
 * The values of one figure by a label; without one, everything added up.
 * @param {Sample} sample @param {string} figure @param {string} by
 */
const valuesOf = (sample, figure, by) => {
  /** @type {Map<string, number>} */
  const values = new Map();
  for (const [name, value] of Object.entries(sample.figures)) {
    if (name !== figure && !name.startsWith(`${figure}{`)) continue;
    const label = by === '' ? '' : (new RegExp(`${by}="([^"]*)"`).exec(name)?.[1] ?? '');
    values.set(label, (values.get(label) ?? 0) + value);
  }
  return values;
};

/** @param {string} figure @param {string} by @param {string} how */
const linesOf = (figure, by, how) => {
  const all = samples.map((sample) => ({ at: sample.at, values: valuesOf(sample, figure, by) }));
  const labels = new Set(all.flatMap(({ values }) => [...values.keys()]));
  if (labels.size === 0) labels.add('');
  return [...labels].sort().map((label) => ({
    label,
    points: all.flatMap(({ at, values }, i) => {
      const value = values.get(label) ?? 0;
      if (how !== 'rate') return [value];
      const before = all[i - 1];
      if (before === undefined) return [];
      // A server that began anew counts from nothing.
      const grown = Math.max(0, value - (before.values.get(label) ?? 0));
      return [grown / Math.max(0.5, (at - before.at) / 1000)];
    }),
  }));
};

/** @param {Element} chart */
const draw = (chart) => {
  if (!(chart instanceof HTMLElement)) return;
  const { figure = '', by = '', how = 'value' } = chart.dataset;
  const svg = chart.querySelector('svg');
  const legend = chart.querySelector('.legend');
  if (svg === null || legend === null) return;
  const lines = linesOf(figure, by, how).slice(0, 6);
  const most = Math.max(1, ...lines.flatMap(({ points }) => points));
  svg.replaceChildren(
    ...lines.map(({ points }, i) => {
      const line = document.createElementNS(SVG, 'polyline');
      line.setAttribute('class', `series s${i}`);
      // A minute at first; it grows with what there is to show.
      const step = WIDTH / (Math.max(30, points.length) - 1);
      const from = WIDTH - (points.length - 1) * step;
      const places = points.map(
        (value, at) =>
          `${(from + at * step).toFixed(1)},${(HEIGHT - 4 - (value / most) * (HEIGHT - 12)).toFixed(1)}`,
      );
      line.setAttribute('points', places.join(' '));
      return line;
    }),
  );
  legend.replaceChildren(
    ...lines.map(({ label, points }, i) => {
      const item = document.createElement('li');
      const swatch = document.createElementNS(SVG, 'svg');
      swatch.setAttribute('class', 'sample');
      swatch.setAttribute('viewBox', '0 0 24 8');
      swatch.setAttribute('aria-hidden', 'true');
      const line = document.createElementNS(SVG, 'polyline');
      line.setAttribute('class', `series s${i}`);
      line.setAttribute('points', '0,4 24,4');
      swatch.append(line);
      const value = said(points.at(-1) ?? 0, how);
      item.append(swatch, label === '' ? value : `${label}: ${value}`);
      return item;
    }),
  );
};

const state = document.getElementById('live-state');

/** @param {string} text */
const say = (text) => {
  if (state !== null) state.textContent = text;
};

const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch('/live', { credentials: 'same-origin' });
    if (answer.status === 401) {
      location.assign('/sign-in');
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    samples.push(await answer.json());
    if (samples.length > KEPT) samples.shift();
    for (const chart of document.querySelectorAll('.chart')) draw(chart);
    say('Looked at every two seconds while this page is in sight; the last five minutes.');
  } catch {
    say('The server does not answer; these are the figures from before.');
  }
};

if (document.getElementById('charts') !== null) {
  void look();
  setInterval(() => void look(), EVERY_MS);
}
