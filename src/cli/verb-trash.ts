/** Verbs about what was deleted. */
import { EXIT } from '../ipc/exit.ts';
import type { TrashRow } from '../ipc/history.ts';
import { allPages, ask, askOnce, withEngine } from './ask-engine.ts';
import { bytes, plural, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import type { VerbRun } from './verbs.ts';

function what(row: TrashRow): string {
  if (row.kind === 'folder') return row.below === 0 ? 'folder' : `folder with ${plural(row.below, 'thing')}`;
  return row.size === null ? row.kind : bytes(row.size);
}

function cells(row: TrashRow): string[] {
  const where = row.where === 'here' ? ', kept on this computer only' : '';
  const batch = row.batch === null ? '' : `batch ${row.batch}`;
  return [row.id, when(row.deletedAt), what(row), batch, row.path, `by ${row.user} on ${row.device}${where}`];
}

export const listTrash: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const all = await allPages<TrashRow>(async (after) => {
      const asked = await ask(input.out, client, 'trash.list', after === undefined ? {} : { after });
      if (asked.kind === 'told') return asked;
      return { kind: 'ok', value: { rows: asked.value.items, next: asked.value.next } };
    });
    if (all.kind === 'told') return all.exit;
    input.out.result({ items: all.value, next: null });
    input.out.say(...(all.value.length === 0 ? ['The trash is empty.'] : table(all.value.map(cells))));
    return EXIT.ok;
  });

export const restoreTrash: VerbRun = (input) => {
  const { batch } = input.options;
  const id = input.positionals[0];
  if ((batch === undefined) === (id === undefined))
    throw new UsageError('"tidemark trash restore" takes an ID or --batch B, one of both.');
  const params = batch === undefined ? { id: id ?? '' } : { batch };
  return askOnce(input, 'trash.restore', params, (result) => input.out.say(result.sentence));
};
