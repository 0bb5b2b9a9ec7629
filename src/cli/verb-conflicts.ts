/** Verbs about files that were changed on two sides. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConflictRow, ConflictShown, ConflictSide } from '../ipc/conflicts.ts';
import { Keep, MERGED_BYTES } from '../ipc/conflicts.ts';
import { EXIT } from '../ipc/exit.ts';
import { parserOf } from '../protocol/schema.ts';
import { allPages, ask, askOnce, withEngine } from './ask-engine.ts';
import { bytes, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import { versionCells } from './verb-history.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

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
    ...(row.resolution === null ? [] : [`  ${settledLine(row.resolution)}`]),
  ];
}

const KEPT: Readonly<Record<string, string>> = {
  both: 'both kept',
  mine: 'mine kept',
  theirs: 'theirs kept',
  merged: 'merged',
};

function settledLine({ keep, user, device, at, undoable }: NonNullable<ConflictRow['resolution']>): string {
  const undo = undoable ? 'It can be undone.' : 'It cannot be undone any more.';
  return `Settled ${when(at)} by ${user} on ${device}: ${KEPT[keep] ?? keep}. ${undo}`;
}

export const listConflicts: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const settled = input.switches.has('resolved');
    const all = await allPages<ConflictRow>(async (after) => {
      const which = settled ? { status: 'resolved' as const } : {};
      const page = after === undefined ? which : { ...which, after };
      const asked = await ask(input.out, client, 'conflicts.list', page);
      if (asked.kind === 'told') return asked;
      return { kind: 'ok', value: { rows: asked.value.conflicts, next: asked.value.next } };
    });
    if (all.kind === 'told') return all.exit;
    input.out.result({ conflicts: all.value, next: null, total: all.value.length });
    if (all.value.length === 0)
      input.out.say(settled ? 'No conflict was settled lately.' : 'There are no conflicts.');
    else if (settled)
      input.out.say(...all.value.flatMap(rowLines), '', 'Take one back with: tidemark conflicts undo ID');
    else
      input.out.say(
        ...all.value.flatMap(rowLines),
        '',
        'Settle one with: tidemark conflicts resolve ID --keep both|mine|theirs|merged',
      );
    return EXIT.ok;
  });

const SIDES = { both: 'both started here', mine: 'mine', theirs: 'theirs' } as const;

function shownLines(shown: ConflictShown): string[] {
  const lineage = shown.lineage.map(({ side, version }) => [...versionCells(version), SIDES[side]]);
  const state = shown.status === 'open' || shown.resolution !== null ? [] : ['It is settled.'];
  return [...rowLines(shown), ...state, '', 'How it came to this', ...table(lineage, '  ')];
}

export const showConflict: VerbRun = (input) =>
  askOnce(input, 'conflicts.show', { id: input.positionals[0] ?? '' }, (shown) =>
    input.out.say(...shownLines(shown)),
  );

export const resolveConflict: VerbRun = async (input) => {
  const keep = parserOf(Keep)(input.options['keep']);
  if (keep.kind === 'invalid')
    throw new UsageError(`--keep takes both, mine, theirs or merged, not "${input.options['keep']}".`);
  const { name, from } = input.options;
  if (name !== undefined && keep.value !== 'both')
    throw new UsageError('--name is for the copy that stays with --keep both.');
  if ((from !== undefined) !== (keep.value === 'merged'))
    throw new UsageError('--keep merged takes the merged content with --from FILE, and nothing else does.');
  const id = input.positionals[0] ?? '';
  const merged = from === undefined ? null : await mergedContent(input, from);
  const params = {
    id,
    keep: keep.value,
    ...(name === undefined ? {} : { copyName: name }),
    ...(merged === null ? {} : { merged }),
  };
  return askOnce(input, 'conflicts.resolve', params, (result) => input.out.say(result.sentence));
};

async function mergedContent({ io }: VerbInput, from: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(io.cwd, from));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The merged file cannot be read: ${why}.`);
  }
  if (bytes.length > MERGED_BYTES)
    throw new UsageError(
      `${from} has more than ${MERGED_BYTES} bytes: save it over the file itself, then keep that side.`,
    );
  return bytes.toString('base64');
}

export const undoConflict: VerbRun = (input) =>
  askOnce(input, 'conflicts.undo', { id: input.positionals[0] ?? '' }, (result) =>
    input.out.say(result.sentence),
  );
