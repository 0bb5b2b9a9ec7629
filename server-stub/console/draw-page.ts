/** Pages about something, as HTML: the same that the command line draws as text. */
import { assertNever } from '../../src/protocol/assert-never.ts';
import type { Block, Cell, Page, Section } from '../explain/page.ts';
import { lineageHtml } from './draw-lineage.ts';
import { type Html, href, html, nameHtml, timeHtml } from './html.ts';

export function pageHtml({ title, sort, sections }: Page, user: string | null = null): Html {
  return html`<p class="sort">${sort}</p>
<h1>${cellsHtml(title)}</h1>
${sections.map((section) => sectionHtml(section, user))}`;
}

export function sectionHtml({ heading, blocks }: Section, user: string | null = null): Html {
  return html`<section>
<h2>${heading}</h2>
${blocks.map((block) => blockHtml(block, heading, user))}
</section>`;
}

function blockHtml(block: Block, heading: string, user: string | null): Html {
  switch (block.kind) {
    case 'facts':
      return html`<dl class="facts">${block.facts.map(
        ({ label, cells }) => html`<div><dt>${label}</dt><dd>${cellsHtml(cells)}</dd></div>`,
      )}</dl>`;
    case 'table':
      return tableHtml(block, heading);
    case 'words':
      return html`<p>${block.words}</p>`;
    case 'lineage':
      return lineageHtml(block.graph);
    case 'commands':
      return html`<ul class="commands">${block.actions.map(
        ({ title, command, changes }) =>
          html`<li><p>${title} ${changes ? html`<span class="mark careful">changes something</span>` : html`<span class="mark good">only looks</span>`}</p><code>${command}</code></li>`,
      )}</ul>`;
    case 'more':
      return html`<p><a class="more" href="${href('/find', { about: block.about, user, after: block.after })}">${block.words}</a></p>`;
    default:
      return assertNever(block, 'block');
  }
}

type Table = Extract<Block, { kind: 'table' }>;

/** Scrolls by itself where it is wider than the page, also by keyboard. */
function tableHtml({ columns, rows, empty }: Table, heading: string): Html {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  return html`<div class="wide" role="region" aria-label="${heading}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cellHtml(cell)}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

export function cellsHtml(cells: readonly Cell[]): Html {
  return html`${cells.map((cell, i) => html`${i === 0 ? '' : ' '}${cellHtml(cell)}`)}`;
}

function linked(inner: Html, about: string | null): Html {
  return about === null ? inner : html`<a href="${href('/find', { about })}">${inner}</a>`;
}

export function cellHtml(cell: Cell): Html {
  switch (cell.kind) {
    case 'text':
      return html`${cell.text}`;
    case 'name':
      return linked(nameHtml(cell.text), cell.about);
    case 'id':
      return linked(html`<span class="id">${cell.text}</span>`, cell.about);
    case 'time':
      return timeHtml(cell.at);
    case 'mark':
      return html`<span class="mark ${cell.tone}">${cell.text}</span>`;
    default:
      return assertNever(cell, 'cell');
  }
}
