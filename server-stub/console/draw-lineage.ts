/** The picture of a lineage: the line of the file itself on the left, copies that lost a race beside it. */
import type { LineageDot, LineageGraph } from '../explain/lineage.ts';
import { type Html, href, html, nameHtml } from './html.ts';

const ROW = 34;
const LANE = 26;
const TOP = 18;
const LEFT = 18;
const RADIUS = 6.5;

const xOf = ({ lane }: LineageDot) => LEFT + lane * LANE;
const yOf = ({ row }: LineageDot) => TOP + row * ROW;

/** The picture is for eyes; what it says stands beside it, as a list. */
export function lineageHtml(graph: LineageGraph): Html {
  const { dots, lines, earlier } = graph;
  if (dots.length === 0) return html`<p class="quiet">No version.</p>`;
  const height = TOP * 2 + (dots.length - 1) * ROW;
  const paths = lines.flatMap(({ from, to, kind }) => {
    const [a, b] = [dots[from], dots[to]];
    return a === undefined || b === undefined ? [] : [pathHtml(a, b, kind)];
  });
  return html`<div class="lineage">
<svg class="lanes" width="${LEFT * 2 + LANE}" height="${height}" viewBox="0 0 ${LEFT * 2 + LANE} ${height}" aria-hidden="true" focusable="false">
${paths}${dots.map(dotHtml)}
</svg>
<ol>${dots.map(
    (dot) =>
      html`<li><a href="${href('/find', { about: dot.version })}">${dot.label}</a> <span class="mark ${toneOf(dot)}">${dot.says}</span> <span class="quiet">by</span> ${nameHtml(dot.by)}</li>`,
  )}</ol>
</div>
${earlier > 0 ? html`<p class="quiet">${earlier === 1 ? 'One version' : `${earlier} versions`} before these.</p>` : html``}`;
}

function pathHtml(a: LineageDot, b: LineageDot, kind: 'base' | 'fork'): Html {
  const [x1, y1, x2, y2] = [xOf(a), yOf(a), xOf(b), yOf(b)];
  const middle = (y1 + y2) / 2;
  return html`<path class="line ${kind}" d="M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}"/>`;
}

/** A shape for each state, so that none is told by its colour alone. */
function dotHtml(dot: LineageDot): Html {
  const [x, y] = [xOf(dot), yOf(dot)];
  switch (dot.state) {
    case 'head':
      return html`<circle class="dot head" cx="${x}" cy="${y}" r="${RADIUS}"/>`;
    case 'copy':
      return html`<rect class="dot copy" x="${x - 5.5}" y="${y - 5.5}" width="11" height="11" transform="rotate(45 ${x} ${y})"/>`;
    case 'dead':
      return html`<path class="dot dead" d="M${x - 5} ${y - 5} L${x + 5} ${y + 5} M${x + 5} ${y - 5} L${x - 5} ${y + 5}"/>`;
    case 'let-go':
      return html`<circle class="dot let-go" cx="${x}" cy="${y}" r="${RADIUS - 1}"/>`;
    default:
      return html`<circle class="dot kept" cx="${x}" cy="${y}" r="${RADIUS - 1}"/>`;
  }
}

function toneOf({ state }: LineageDot): string {
  return state === 'head'
    ? 'good'
    : state === 'copy' || state === 'dead' || state === 'let-go'
      ? 'careful'
      : 'plain';
}
