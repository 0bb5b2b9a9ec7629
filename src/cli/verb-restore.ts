/** Bringing back: an old version of a file, or a whole folder as it was at a moment. */
import { EXIT } from '../ipc/exit.ts';
import type { MomentPlan, MomentStep } from '../ipc/moment.ts';
import { ask, askAbout, syncPath, withEngine } from './ask-engine.ts';
import { plural, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import { versionChoice } from './verb-history.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

/** A large folder takes its time. */
const PATIENCE_MS = 30 * 60_000;

export const restore: VerbRun = (input) => {
  const { version, at, as } = input.options;
  if ((version === undefined) === (at === undefined))
    throw new UsageError('"tidemark restore" takes --version N or --at TIME, one of both.');
  if (at !== undefined) {
    if (as !== undefined) throw new UsageError('--as is for a single version: give --version N.');
    return restoreFolder(input, momentOf(at, Date.now()));
  }
  for (const name of ['dry-run', 'remove-newer'])
    if (input.switches.has(name)) throw new UsageError(`--${name} is for folders: give --at TIME.`);
  return restoreVersion(input, version ?? '', as);
};

function restoreVersion(input: VerbInput, typed: string, as: string | undefined): Promise<number> {
  const version = versionChoice(typed);
  return askAbout(
    input,
    'restore',
    (path) => ({ path, version, ...(as === undefined ? {} : { asCopy: as }) }),
    ({ sentence }) => input.out.say(sentence),
  );
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** "2026-09-18 18:02" by this computer's clock, any ISO date, or how long ago: "90m", "5h", "3d", "2w". */
export function momentOf(typed: string, now: number): number {
  const ago = /^(\d{1,6})([mhdw])$/.exec(typed);
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0);
  const local = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(typed);
  const at = new Date(local === null ? typed : `${local[1]}T${local[2] ?? '00:00'}`).getTime();
  if (!Number.isFinite(at))
    throw new UsageError(`--at takes a time like "2026-09-18 18:02" or "3d", not "${typed}".`);
  return at;
}

function restoreFolder(input: VerbInput, at: number): Promise<number> {
  return withEngine(input, async (client) => {
    const folder = await syncPath(input, client, input.positionals[0] ?? '');
    if (folder.kind === 'told') return folder.exit;
    const params = { folder: folder.value, at, removeNewer: input.switches.has('remove-newer') };
    if (input.switches.has('dry-run')) {
      const planned = await ask(input.out, client, 'moment.plan', params, PATIENCE_MS);
      if (planned.kind === 'told') return planned.exit;
      input.out.result(planned.value);
      input.out.say(...planLines(planned.value));
      return EXIT.ok;
    }
    const done = await ask(input.out, client, 'moment.restore', params, PATIENCE_MS);
    if (done.kind === 'told') return done.exit;
    input.out.result(done.value);
    input.out.say(done.value.sentence);
    return EXIT.ok;
  });
}

const DOES: Readonly<Record<MomentStep['kind'], string>> = {
  content: 'older content',
  return: 'comes back',
  place: 'moves back',
  remove: 'to the trash',
};

function planLines(plan: MomentPlan): string[] {
  const steps = plan.steps.map(({ kind, path, to, number }) => [
    DOES[kind],
    kind === 'place' ? `${path} -> ${to}` : to,
    number === null ? '' : `V${number}`,
  ]);
  const more = plan.total - plan.steps.length;
  const folder = plan.folder === '' ? 'The synced folder' : plan.folder;
  return [
    `${folder} as it was at ${when(plan.at)}: ${plural(plan.total, 'change')}, ${plural(plan.unchanged, 'file')} as they were.`,
    ...table(steps, '  '),
    ...(more > 0 ? [`  and ${plural(more, 'more', 'more')}`] : []),
    ...(plan.newer > 0 ? [`${plural(plan.newer, 'file')} made since would stay.`] : []),
    ...(plan.lost > 0 ? [`The content of ${plural(plan.lost, 'file')} from then is not kept any more.`] : []),
    'Nothing was changed.',
  ];
}
