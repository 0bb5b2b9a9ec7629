/** Verbs about files that were changed on two sides. */
import type { ConflictRow, ConflictShown, ConflictSide } from '../ipc/conflicts.ts';
import { Keep } from '../ipc/conflicts.ts';
import { EXIT } from '../ipc/exit.ts';
import { parserOf } from '../protocol/schema.ts';
import { allPages, ask, askOnce, withEngine } from './ask-engine.ts';
import { bytes, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import { versionCells } from './verb-history.ts';
import type { VerbRun } from './verbs.ts';

function sideCells(name: string, side: ConflictSide): string[] {
  const size = side.size === null ? 'deleted' : bytes(side.size);
  const number = side.number === null ? '' : `V${side.number}`;
  const where = side.path ?? 'nowhere now';
  return [name, number, when(side.editedAt), size, `${side.user} on ${side.device}`, where];
}

function rowLines(row: ConflictRow): string[] {
  return [
    `${row.id}  ${row.path}`,
    `  ${row.sentence}`,
    ...table([sideCells('mine', row.mine), sideCells('theirs', row.theirs)], '  '),
  ];
}

export const listConflicts: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const all = await allPages<ConflictRow>(async (after) => {
      const asked = await ask(input.out, client, 'conflicts.list', after === undefined ? {} : { after });
      if (asked.kind === 'told') return asked;
      return { kind: 'ok', value: { rows: asked.value.conflicts, next: asked.value.next } };
    });
    if (all.kind === 'told') return all.exit;
    input.out.result({ conflicts: all.value, next: null, total: all.value.length });
    if (all.value.length === 0) input.out.say('There are no conflicts.');
    else
      input.out.say(
        ...all.value.flatMap(rowLines),
        '',
        'Settle one with: tidemark conflicts resolve ID --keep both|mine|theirs',
      );
    return EXIT.ok;
  });

const SIDES = { both: 'both started here', mine: 'mine', theirs: 'theirs' } as const;

function shownLines(shown: ConflictShown): string[] {
  const lineage = shown.lineage.map(({ side, version }) => [...versionCells(version), SIDES[side]]);
  const state = shown.status === 'open' ? [] : ['It is settled.'];
  return [...rowLines(shown), ...state, '', 'How it came to this', ...table(lineage, '  ')];
}

export const showConflict: VerbRun = (input) =>
  askOnce(input, 'conflicts.show', { id: input.positionals[0] ?? '' }, (shown) =>
    input.out.say(...shownLines(shown)),
  );

export const resolveConflict: VerbRun = (input) => {
  const keep = parserOf(Keep)(input.options['keep']);
  if (keep.kind === 'invalid')
    throw new UsageError(`--keep takes both, mine or theirs, not "${input.options['keep']}".`);
  const id = input.positionals[0] ?? '';
  return askOnce(input, 'conflicts.resolve', { id, keep: keep.value }, (result) =>
    input.out.say(result.sentence),
  );
};
