/** What one engine answers about its own namespace, in paths from its own root: one line per verb. */
import type { Answer, Call, Method, Params, Result } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';
import { listActivity, undoActivity } from './activity.ts';
import { resolveConflict, undoConflict } from './conflict-settle.ts';
import { listConflicts, showConflict } from './conflicts.ts';
import { explain } from './explain.ts';
import { removeFolder } from './folder-removal.ts';
import { bringFolder, listFolders } from './folders.ts';
import { cat, history } from './history.ts';
import { getIgnore, previewIgnore, setIgnore } from './ignore.ts';
import { label } from './label.ts';
import { planMoment, restoreMoment } from './moment.ts';
import { listProblems, remedy } from './problems.ts';
import { repair } from './repair.ts';
import { restore } from './restore.ts';
import { hold, setRetention, showRetention } from './retention.ts';
import { listReviews, reviewFiles } from './review-rows.ts';
import { approveReview, decideReview } from './reviews.ts';
import { listTrash, restoreTrash } from './trash.ts';

type Prefixed = Extract<
  Method,
  `${'conflicts' | 'retention' | 'trash' | 'moment' | 'review' | 'ignore' | 'folders' | 'activity' | 'problems'}.${string}`
>;
/** Verbs that are about one namespace at a time, or about things that each stand in one. */
export type RoutedMethod = Prefixed | 'history' | 'cat' | 'label' | 'hold' | 'restore' | 'explain' | 'repair';

export type EngineVerbs = {
  readonly [M in RoutedMethod]: (params: Params<M>, call: Call) => Promise<Answer<Result<M>>>;
};

export function engineVerbs(engine: Engine): EngineVerbs {
  return {
    'conflicts.list': (params) => listConflicts(engine, params),
    'conflicts.show': ({ id }) => showConflict(engine, id),
    'conflicts.resolve': (params) => resolveConflict(engine, params),
    'conflicts.undo': ({ id }) => undoConflict(engine, id),
    history: (params) => history(engine, params),
    cat: (params) => cat(engine, params),
    label: (params) => label(engine, params),
    'retention.get': () => showRetention(engine),
    'retention.set': (params) => setRetention(engine, params),
    hold: (params) => hold(engine, params),
    restore: (params) => restore(engine, params),
    'trash.list': (params) => listTrash(engine, params),
    'trash.restore': (params) => restoreTrash(engine, params),
    'moment.plan': (params) => planMoment(engine, params),
    'moment.restore': (params) => restoreMoment(engine, params),
    'review.list': (params) => listReviews(engine, params),
    'review.files': (params) => reviewFiles(engine, params),
    'review.approve': (params) => approveReview(engine, params),
    'review.reject': ({ id }) => decideReview(engine, id, false),
    explain: ({ path }) => explain(engine, path),
    repair: (params) => repair(engine, params),
    'ignore.get': ({ folder }) => getIgnore(engine, folder),
    'ignore.preview': (params) => previewIgnore(engine, params),
    'ignore.set': (params) => setIgnore(engine, params),
    'folders.list': ({ folder }) => listFolders(engine, folder),
    'folders.remove': ({ path, dryRun }) => removeFolder(engine, path, dryRun),
    'folders.bring': ({ path }) => bringFolder(engine, path),
    'activity.list': (params) => listActivity(engine, params),
    'activity.undo': ({ id }) => undoActivity(engine, id),
    'problems.list': (params) => listProblems(engine, params),
    'problems.remedy': (params) => remedy(engine, params),
  };
}
