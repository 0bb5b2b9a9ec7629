/** A page about something on the server, as lines of a terminal. */

import { lineageLines } from '../../server-stub/explain/lineage.ts';
import type { Block, Cell, Page } from '../../server-stub/explain/page.ts';
import { assertNever } from '../protocol/assert-never.ts';
import { printable, table, when, wrap } from './text.ts';

const COLUMNS = 100;

export function explainLines(page: Page): readonly string[] {
  const lines = [`${page.sort}: ${cells(page.title)}`];
  for (const { heading, blocks } of page.sections) {
    lines.push('', heading);
    for (const block of blocks) lines.push(...blockLines(block));
  }
  return lines;
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'facts':
      return table(
        block.facts.map(({ label, cells: said }) => [label, cells(said)]),
        '  ',
      );
    case 'table':
      if (block.rows.length === 0) return [`  ${block.empty}`];
      return table([block.columns, ...block.rows.map((row) => row.map(cell))], '  ');
    case 'words':
      return wrap(block.words, COLUMNS, '  ');
    case 'lineage':
      return lineageLines(block.graph).map((line) => `  ${oneLine(line)}`);
    case 'commands':
      return block.actions.flatMap(({ title, command, changes }) => [
        `  ${title}${changes ? ' (changes something)' : ''}:`,
        `    ${oneLine(command)}`,
      ]);
    case 'more':
      return [
        `  ${block.words}: tidemark admin explain ${oneLine(block.about)} --data DIR --after ${oneLine(block.after)}`,
      ];
    default:
      return assertNever(block, 'block');
  }
}

const oneLine = (text: string) => printable(text).replaceAll('\n', '\\u000a');
const cells = (all: readonly Cell[]) => all.map(cell).join(' ');

/** What can be asked about further is told with its id: a terminal has no links. */
function cell(each: Cell): string {
  switch (each.kind) {
    case 'text':
    case 'mark':
      return each.text;
    case 'name':
      return oneLine(each.text);
    case 'id':
      return each.about === null || each.about === each.text ? each.text : `${each.text} (${each.about})`;
    case 'time':
      return each.at === null ? 'never' : when(each.at);
    default:
      return assertNever(each, 'cell');
  }
}
