/** Held batches as people look at them: what, how much, by whom, and every single file in pages. */

import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import type { ReviewRow } from '../../ipc/review.ts';
import type { Engine } from '../engine.ts';
import { originOf } from '../state/origin.ts';
import type { Review } from '../state/reviews.ts';

const PAGE = 100;
const FILES_PAGE = 500;
/** Paths that a row names, and nodes that are asked for who did it. */
const NAMED = 100;

export function listReviews(
  engine: Engine,
  { after, limit = PAGE }: Params<'review.list'>,
): Promise<Answer<Result<'review.list'>>> {
  const all = engine.state.reviews.list();
  const from = after === undefined ? 0 : all.findIndex((each) => tokenOf(each) > after);
  const rest = from < 0 ? [] : all.slice(from);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return Promise.resolve(
    ok({
      batches: page.map((each) => rowOf(engine, each)),
      next: rest.length > limit && last ? tokenOf(last) : null,
    }),
  );
}

/** In the order of the list. */
function tokenOf({ at, id }: Review): string {
  return `${String(at).padStart(16, '0')} ${id}`;
}

/** How many files wait in it. */
export function heldFiles({ state }: Engine, { id, kind, files }: Review): number {
  const listed = state.reviews.sumOf(id).files;
  // Files that were held one by one before their folder was are in it as well: the list knows each once.
  return kind === 'send-deletes' ? listed : Math.max(files, listed);
}

function rowOf(engine: Engine, review: Review): ReviewRow {
  const { state } = engine;
  const sum = state.reviews.sumOf(review.id);
  const files = heldFiles(engine, review);
  const total = Math.max(1, state.synced.countFiles());
  return {
    id: review.id,
    what: review.kind === 'send-overwrites' ? 'overwrite' : 'delete',
    direction: review.kind.startsWith('send-') ? 'sending' : 'receiving',
    files,
    share: Math.min(1, files / total),
    bytes: sum.bytes,
    folder: commonFolder(sum.first ?? '', sum.last ?? ''),
    paths: state.reviews.filesAfter(review.id, 0, NAMED).map((each) => each.path),
    ...authorOf(engine, review),
    firstAt: review.at,
    lastAt: review.lastAt,
    sentence: `${review.evidence}. ${defaultOf(review)}`,
  };
}

/** This device, or those that deleted what is here still. */
function authorOf(engine: Engine, { id, kind }: Review): { readonly device: string; readonly user: string } {
  const { state, parts } = engine;
  if (kind === 'apply-deletes') {
    const origins = state.reviews
      .someNodes(id, NAMED)
      .flatMap((node) => originOf(state.remote.get(node)?.entryOrigin ?? '') ?? []);
    const names = (all: readonly string[]) => [...new Set(all)].join(', ');
    if (origins.length > 0)
      return {
        device: names(origins.map((each) => each.device)),
        user: names(origins.map((each) => each.user)),
      };
  }
  return { device: parts.account.device, user: parts.account.user };
}

function defaultOf({ kind }: Review): string {
  return kind === 'send-overwrites'
    ? 'Nobody else gets them; the contents from before are safe.'
    : 'Keeping them is the default.';
}

/** Of the first and the last path in order, and so of all between them. */
function commonFolder(first: string, last: string): string {
  const a = first.split('/').slice(0, -1);
  const b = last.split('/').slice(0, -1);
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return a.slice(0, same).join('/');
}

export function reviewFiles(
  engine: Engine,
  { id, after, limit = FILES_PAGE }: Params<'review.files'>,
): Promise<Answer<Result<'review.files'>>> {
  const { reviews } = engine.state;
  const from = after === undefined ? 0 : Number(after);
  if (!Number.isSafeInteger(from) || !reviews.has(id)) return Promise.resolve(refused('not-found'));
  const rows = reviews.filesAfter(id, from, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return Promise.resolve(
    ok({
      files: page.map(({ path, size }) => ({ path, size })),
      total: reviews.sumOf(id).files,
      next: rows.length > limit && last ? String(last.id) : null,
    }),
  );
}
