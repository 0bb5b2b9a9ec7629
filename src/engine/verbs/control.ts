/** The engine's side of the control contract: one line per verb. */
import { type EngineControl, ok } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';
import type { ShareKeeper } from '../shares/share-keeper.ts';
import { waitWithShares, withShares } from '../shares/share-status.ts';
import { usage } from '../shares/share-usage.ts';
import { createShareControl, noShareControl } from '../shares/share-verbs.ts';
import { listActivity, undoActivity } from './activity.ts';
import { bundle } from './bundle.ts';
import { resolveConflict, undoConflict } from './conflict-settle.ts';
import { listConflicts, showConflict } from './conflicts.ts';
import { listDevices, revokeDevice } from './devices.ts';
import { diagnose } from './doctor.ts';
import { LiveEvents } from './events.ts';
import { explain } from './explain.ts';
import { removeFolder } from './folder-removal.ts';
import { bringFolder, listFolders } from './folders.ts';
import { cat, history } from './history.ts';
import { getIgnore, previewIgnore, setIgnore } from './ignore.ts';
import { label } from './label.ts';
import { planMoment, restoreMoment } from './moment.ts';
import { changePassword } from './password.ts';
import { pause, resume } from './pause.ts';
import { listProblems, remedy } from './problems.ts';
import { repair } from './repair.ts';
import { restore } from './restore.ts';
import { hold, setRetention, showRetention } from './retention.ts';
import { listReviews, reviewFiles } from './review-rows.ts';
import { approveReview, decideReview } from './reviews.ts';
import { setSettings } from './settings.ts';
import { type EngineFacts, statusOf } from './status.ts';
import { giveToken } from './token.ts';
import { TransferView } from './transfers.ts';
import { listTrash, restoreTrash } from './trash.ts';
import { waitUntilInStep } from './wait.ts';

export function createControl(
  engine: Engine,
  facts: EngineFacts,
  stop: () => void,
  keeper: ShareKeeper | null = null,
): EngineControl {
  const now = () => {
    const own = statusOf(engine, facts);
    return keeper ? withShares(keeper, facts, own) : own;
  };
  const status = () => Promise.resolve(ok(now()));
  const transfers = new TransferView(engine);
  const events = new LiveEvents(engine, now, transfers);
  return {
    status,
    ...(keeper ? createShareControl(keeper, facts) : noShareControl()),
    wait: async ({ timeout }, call) =>
      ok(await (keeper ? waitWithShares(keeper, timeout, call) : waitUntilInStep(engine, timeout, call))),
    pause: (params) => {
      pause(engine, params);
      return status();
    },
    resume: (params) => {
      resume(engine, params);
      return status();
    },
    stop: () => {
      engine.parts.env.clock.after(20, stop);
      return Promise.resolve(ok({ stopping: true, pid: facts.pid }));
    },
    rescan: () => {
      if (engine.ready) void engine.scan();
      for (const each of keeper?.running.values() ?? []) void each.engine.scan();
      // After a sleep, or when somebody presses "look again": the server as well, at once.
      if (engine.ready && !engine.paused) engine.connection.hurry();
      return Promise.resolve(
        ok({ scheduled: engine.ready, sentence: 'Everything is being looked at again.' }),
      );
    },
    'conflicts.list': (params) => listConflicts(engine, params),
    'conflicts.show': ({ id }) => showConflict(engine, id),
    'conflicts.resolve': (params) => resolveConflict(engine, params),
    'conflicts.undo': ({ id }) => undoConflict(engine, id),
    history: (params) => history(engine, params),
    cat: (params) => cat(engine, params),
    label: (params) => label(engine, params),
    usage: () => usage(engine, keeper),
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
    doctor: () => diagnose(engine),
    password: (params) => changePassword(engine, params),
    'token.give': ({ token }) => giveToken(engine, token),
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
    'settings.get': () => Promise.resolve(ok(engine.settings.get())),
    'settings.set': ({ settings }) => setSettings(engine, settings),
    'devices.list': () => listDevices(engine),
    'devices.revoke': ({ deviceId }) => revokeDevice(engine, deviceId),
    bundle: ({ names }) => bundle(engine, facts, names === true),
    transfers: () => Promise.resolve(ok(transfers.look())),
    onEvent: (listener) => events.subscribe(listener),
  };
}
