/** Verbs that tell what happened and what is wrong: activity, problems, bundle. */
import type { Activity } from '../ipc/events.ts';
import { EXIT } from '../ipc/exit.ts';
import type { ProblemsListResult } from '../ipc/problems.ts';
import type { ProblemRow } from '../ipc/shapes.ts';
import { allPages, ask, askOnce, syncPathBelow, withEngine } from './ask-engine.ts';
import { plural, table, when } from './text.ts';
import { wholeNumber } from './usage-error.ts';
import type { VerbRun } from './verbs.ts';

function cells({ id, at, sentence, undoable }: Activity): string[] {
  return [undoable ? String(id) : '', when(at), sentence];
}

export const activity: VerbRun = (input) => {
  const limit = wholeNumber(input.options['limit'] ?? '50', 'limit', 1, 1000);
  return withEngine(input, async (client) => {
    const [typed] = input.positionals;
    const path = typed === undefined ? null : await syncPathBelow(input, client, typed);
    if (path?.kind === 'told') return path.exit;
    const asked = await ask(input.out, client, 'activity.list', {
      limit,
      ...(path === null ? {} : { path: path.value }),
    });
    if (asked.kind === 'told') return asked.exit;
    input.out.result(asked.value);
    const { activities } = asked.value;
    input.out.say(...(activities.length === 0 ? ['Nothing happened yet.'] : table(activities.map(cells))));
    return EXIT.ok;
  });
};

export const undo: VerbRun = (input) => {
  const id = wholeNumber(input.positionals[0] ?? '', 'ID', 0, 1e15);
  return askOnce(input, 'activity.undo', { id }, (result) => input.out.say(result.sentence));
};

type Group = ProblemsListResult['groups'][number];

function problemLines(groups: readonly Group[], rows: readonly ProblemRow[]): string[] {
  if (rows.length === 0) return ['No file has a trouble.'];
  return groups.flatMap(({ code, count }) => [
    `${plural(count, 'path')} (${code})`,
    ...rows.filter((row) => row.code === code).map((row) => `  ${row.sentence}`),
  ]);
}

export const problems: VerbRun = (input) =>
  withEngine(input, async (client) => {
    let groups: readonly Group[] = [];
    const all = await allPages<ProblemRow>(async (after) => {
      const asked = await ask(input.out, client, 'problems.list', after === undefined ? {} : { after });
      if (asked.kind === 'told') return asked;
      groups = asked.value.groups;
      return { kind: 'ok', value: { rows: asked.value.problems, next: asked.value.next } };
    });
    if (all.kind === 'told') return all.exit;
    input.out.result({ groups, problems: all.value, next: null });
    input.out.say(...problemLines(groups, all.value));
    return EXIT.ok;
  });

export const bundle: VerbRun = (input) =>
  askOnce(input, 'bundle', { names: input.switches.has('names') }, ({ parts }) =>
    input.out.say(...parts.flatMap(({ name, text }) => [`== ${name}`, ...text.split('\n'), ''])),
  );
