/** What the doctor and a report say of shares: one line for each that has, or is to have, a folder here. */
import type { DoctorCheck } from '../../ipc/diagnosis.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { Engine } from '../engine.ts';
import type { Mount } from '../state/mounts-table.ts';
import { problemRow } from '../verbs/problem-rows.ts';
import { type EngineFacts, statusOf } from '../verbs/status.ts';
import { plural } from '../verbs/words.ts';
import type { ShareKeeper } from './share-keeper.ts';
import { pathOfPlace } from './share-places.ts';

/** As many of each share in a report. */
const PROBLEMS = 100;
const LOG_LINES = 200;

export function shareChecks(keeper: ShareKeeper, facts: EngineFacts): readonly DoctorCheck[] {
  return keeper.main.state.mounts.list().map((mount) => shareCheck(keeper, facts, mount));
}

function shareCheck(keeper: ShareKeeper, facts: EngineFacts, mount: Mount): DoctorCheck {
  const path = pathOfPlace(keeper.main, mount.place) ?? mount.name;
  const told = (result: DoctorCheck['result'], sentence: string): DoctorCheck => {
    return { name: `share ${path}`, result, sentence };
  };
  const trouble = keeper.troubles.get(mount.namespace);
  if (trouble) return told('warning', sentenceOf(trouble.code, trouble.facts));
  if (mount.ending !== null) return told('warning', 'Its folder is being taken off this computer.');
  const engine = keeper.running.get(mount.namespace)?.engine;
  if (engine === undefined) return told('warning', 'Its folder is being set up.');
  if (engine.halted) return told('failed', sentenceOf(engine.halted.code, engine.halted.facts));
  if (!isSound(engine))
    return told('failed', 'Its state database is damaged; stop and start again to rebuild it.');
  const problems = engine.state.problems.count();
  if (problems > 0)
    return told('warning', `${plural(problems, 'path')} in it cannot sync; see "tidemark problems".`);
  const { sentence, files, state } = statusOf(engine, facts);
  const isWell = state === 'up-to-date' || state === 'syncing' || state === 'checking';
  return told(isWell ? 'ok' : 'warning', `${plural(files, 'file')}, sound. ${sentence}`);
}

function isSound({ parts }: Engine): boolean {
  return String(parts.db.pragma('quick_check(1)', { simple: true })) === 'ok';
}

/** Members are named as in the other parts of a report, so that names in them are replaced alike. */
export function shareReports(keeper: ShareKeeper, facts: EngineFacts): readonly unknown[] {
  const { main } = keeper;
  return main.state.mounts.list().map((mount) => {
    const share = keeper.known?.shares.find((each) => each.namespace === mount.namespace);
    const engine = keeper.running.get(mount.namespace)?.engine ?? null;
    return {
      node: mount.namespace,
      share: mount.name,
      path: pathOfPlace(main, mount.place) ?? mount.place.name,
      kind: share?.kind ?? null,
      role: share?.role ?? null,
      isMarked: mount.marked,
      isAgreed: mount.agreed?.name === mount.place.name && mount.agreed.parent === mount.place.parent,
      ending: mount.ending?.why ?? null,
      trouble: keeper.troubles.get(mount.namespace) ?? null,
      ...(engine === null ? { isRunning: false } : { isRunning: true, ...engineReport(engine, facts) }),
    };
  });
}

function engineReport(engine: Engine, facts: EngineFacts) {
  const { state, unseen, excluded, conflicts, review, problems, files, halted, ...rest } = statusOf(
    engine,
    facts,
  );
  const { pendingUploads, pendingDownloads, lagSeconds } = rest;
  return {
    state,
    counts: { files, pendingUploads, pendingDownloads, unseen, excluded, conflicts, review, problems },
    lagSeconds,
    halted,
    isSound: isSound(engine),
    epoch: engine.state.meta.cursor()?.epoch ?? null,
    seq: engine.state.meta.cursor()?.seq ?? null,
    problems: engine.state.problems.list(PROBLEMS).map((each) => problemRow(engine, each)),
    log: engine.log.lines().slice(-LOG_LINES),
  };
}
