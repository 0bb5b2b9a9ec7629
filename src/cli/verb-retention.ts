/** Verbs about what history keeps. */
import type { RetentionResult } from '../ipc/retention.ts';
import { answered, ask, askAbout, syncPath, withEngine } from './ask-engine.ts';
import { duration, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import { versionChoice } from './verb-history.ts';
import type { VerbRun } from './verbs.ts';

export const label: VerbRun = (input) => {
  const [, typed = '', name] = input.positionals;
  const removes = input.switches.has('remove');
  if (removes === (name !== undefined))
    throw new UsageError('"tidemark label" takes a NAME or --remove, one of both.');
  const version = versionChoice(typed);
  return askAbout(
    input,
    'label',
    (path) => ({ path, version, name: name ?? null }),
    ({ sentence }) => input.out.say(sentence),
  );
};

const SPANS = {
  all: 'allMs',
  daily: 'dailyMs',
  weekly: 'weeklyMs',
  monthly: 'monthlyMs',
  trash: 'trashMs',
} as const;

export const retention: VerbRun = (input) => {
  const wanted: Partial<Record<(typeof SPANS)[keyof typeof SPANS], number>> = {};
  for (const name of ['all', 'daily', 'weekly', 'monthly', 'trash'] as const) {
    const typed = input.options[name];
    if (typed !== undefined) wanted[SPANS[name]] = spanOf(name, typed);
  }
  const show = (result: RetentionResult) => input.out.say(...retentionLines(result));
  const isSet = Object.keys(wanted).length > 0;
  const usual = input.switches.has('usual');
  if (usual && isSet) throw new UsageError('--usual takes all spans of the server: give no others with it.');
  return withEngine(input, async (client) => {
    const [typed] = input.positionals;
    const path = typed === undefined ? null : await syncPath(input, client, typed);
    if (path?.kind === 'told') return path.exit;
    const where = path === null ? {} : { path: path.value };
    const asked =
      usual || isSet
        ? await ask(input.out, client, 'retention.set', usual ? { ...where, usual } : { ...where, ...wanted })
        : await ask(input.out, client, 'retention.get', where);
    return answered(input, asked, show);
  });
};

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

function spanOf(option: string, typed: string): number {
  const [, count, unit] = /^(\d{1,6})([hdwy])$/.exec(typed) ?? [];
  if (count === undefined || unit === undefined)
    throw new UsageError(`--${option} takes a span like 12h, 30d, 8w or 2y, not "${typed}".`);
  return Number(count) * (UNITS[unit] ?? 0);
}

function retentionLines({ spans, isOwn, held, holds }: RetentionResult): string[] {
  const span = (ms: number) => duration(ms / 1000);
  return [
    isOwn ? 'History is kept as it was set here:' : 'History is kept as the server does it:',
    ...table(
      [
        ['every version', span(spans.allMs)],
        ['the last of each day', span(spans.dailyMs)],
        ['the last of each week', span(spans.weeklyMs)],
        ['the last of each month', span(spans.monthlyMs)],
        ['what was deleted', span(spans.trashMs)],
      ],
      '  ',
    ),
    ...(held ? ['Everything is on hold: nothing goes.'] : []),
    ...table(
      holds.map(({ path, why, by, at }) => [
        `${path === '' ? 'everything' : path} is on hold`,
        `since ${when(at)} by ${by}: ${why}`,
      ]),
      '  ',
    ),
  ];
}

export const hold: VerbRun = (input) => {
  const why = input.options['why'];
  const releases = input.switches.has('release');
  if (releases === (why !== undefined))
    throw new UsageError('"tidemark hold" takes --why TEXT or --release, one of both.');
  return withEngine(input, async (client) => {
    const path = await syncPath(input, client, input.positionals[0] ?? '');
    if (path.kind === 'told') return path.exit;
    const asked = await ask(input.out, client, 'hold', { path: path.value, why: why ?? null });
    return answered(input, asked, ({ sentence }) => input.out.say(sentence));
  });
};
