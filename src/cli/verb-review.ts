/** Verbs about large deletions and overwrites that are held for a yes. */
import { EXIT } from '../ipc/exit.ts';
import type { ReviewRow } from '../ipc/review.ts';
import { allPages, ask, askOnce, withEngine } from './ask-engine.ts';
import { bytes, plural, when } from './text.ts';
import type { VerbRun } from './verbs.ts';

function lines(row: ReviewRow): string[] {
  const share = Math.round(row.share * 100);
  const place = row.folder === '' ? 'the synced folder' : row.folder;
  const made =
    row.direction === 'sending' ? 'made here, not sent yet' : `made on ${row.device}, not done here yet`;
  const rest = row.files - row.paths.length;
  return [
    `${row.id}  ${row.sentence}`,
    `  ${plural(row.files, 'file')}, ${bytes(row.bytes)}, ${share} % of all, in ${place}; ${when(row.firstAt)}; ${made}`,
    ...row.paths.slice(0, 5).map((path) => `    ${path}`),
    ...(row.paths.length > 5 || rest > 0
      ? [`    and ${plural(row.files - Math.min(5, row.paths.length), 'more', 'more')}`]
      : []),
  ];
}

const ADVICE = [
  '',
  'Everything else goes on. Until you decide, the files are kept.',
  '  tidemark review reject ID     keep the files as they were',
  '  tidemark review approve ID    let it happen everywhere; it can be undone for 30 days',
];

export const listReview: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const all = await allPages<ReviewRow>(async (after) => {
      const asked = await ask(input.out, client, 'review.list', after === undefined ? {} : { after });
      if (asked.kind === 'told') return asked;
      return { kind: 'ok', value: { rows: asked.value.batches, next: asked.value.next } };
    });
    if (all.kind === 'told') return all.exit;
    input.out.result({ batches: all.value, next: null });
    if (all.value.length === 0) input.out.say('Nothing is held.');
    else input.out.say(...all.value.flatMap(lines), ...ADVICE);
    return EXIT.ok;
  });

const decide: (method: 'review.approve' | 'review.reject') => VerbRun = (method) => (input) =>
  askOnce(input, method, { id: input.positionals[0] ?? '' }, (result) => input.out.say(result.sentence));

export const approve = decide('review.approve');
export const reject = decide('review.reject');
