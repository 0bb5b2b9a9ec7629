/** How the folders of shares are doing, beside the folder that they are in. Neither is in step without the other. */
import type { Call, Result } from '../../ipc/contract.ts';
import type { ShareRow } from '../../ipc/shares.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { NamespaceId } from '../../protocol/ids.ts';
import type { Share } from '../../protocol/shares.ts';
import { type EngineFacts, statusOf } from '../verbs/status.ts';
import { waitUntilInStep } from '../verbs/wait.ts';
import { shownIn } from './outward.ts';
import type { ShareKeeper } from './share-keeper.ts';
import { pathOfPlace } from './share-places.ts';

type Status = Result<'status'>;
type State = Status['state'];

/** Strongest first, as the contract says. */
const STRENGTH: readonly State[] = [
  'error',
  'needs-you',
  'paused',
  'offline',
  'setting-up',
  'syncing',
  'checking',
  'warning',
  'up-to-date',
];

export function rowOf(keeper: ShareKeeper, facts: EngineFacts, share: Share): ShareRow {
  const { namespace } = share;
  const mount = keeper.main.state.mounts.get(namespace);
  const running = keeper.running.get(namespace);
  const status = running ? statusOf(running.engine, facts) : null;
  const trouble = keeper.troubles.get(namespace);
  return {
    id: namespace,
    name: share.name,
    kind: share.kind,
    role: share.role,
    standing: share.standing,
    invitedBy: share.invitedBy,
    at: share.at,
    path: mount && pathOfPlace(keeper.main, mount.place),
    ...(keeper.isAway(namespace) ? { away: true } : {}),
    state: trouble ? 'warning' : (status?.state ?? null),
    trouble: troubleOf(trouble ?? status?.halted ?? null),
    sentence: trouble
      ? sentenceOf(trouble.code, trouble.facts)
      : (status?.sentence ?? standingSentence(share, keeper.isAway(namespace))),
  };
}

function troubleOf(trouble: ShareRow['trouble']): ShareRow['trouble'] {
  return trouble && { code: trouble.code, facts: trouble.facts };
}

function standingSentence({ standing, invitedBy, name }: Share, isAway: boolean): string {
  if (standing === 'member' && isAway) return 'Its folder is not on this computer.';
  if (standing === 'member') return 'Its folder is being made.';
  return `${invitedBy ?? 'Somebody'} invites you to ${name}.`;
}

/** One status for all that stands in the folder. */
export function withShares(keeper: ShareKeeper, facts: EngineFacts, status: Status): Status {
  const shares = (keeper.known?.shares ?? []).map((each) => rowOf(keeper, facts, each));
  let all: Status = { ...status, shares };
  for (const [namespace, { engine }] of keeper.running) {
    const path = folderNow(keeper, namespace);
    all = joined(all, statusOf(engine, facts), path);
  }
  for (const { path, name, sentence, state, standing, away } of shares) {
    if (
      away === true ||
      standing !== 'member' ||
      (state !== 'warning' && state !== null) ||
      all.state !== 'up-to-date'
    )
      continue;
    all = { ...all, state: state === null ? 'syncing' : 'warning', sentence: `${path ?? name}: ${sentence}` };
  }
  return all;
}

function folderNow({ main }: ShareKeeper, namespace: NamespaceId): string {
  const mount = main.state.mounts.get(namespace);
  return (mount && pathOfPlace(main, mount.place)) ?? mount?.name ?? '';
}

function joined(all: Status, share: Status, path: string): Status {
  const isStronger = STRENGTH.indexOf(share.state) < STRENGTH.indexOf(all.state);
  const below = share.problemList.map((each) => ({ ...each, path: shownIn(path, each.path) }));
  return {
    ...all,
    state: isStronger ? share.state : all.state,
    sentence: isStronger ? `${path}: ${share.sentence}` : all.sentence,
    pendingUploads: all.pendingUploads + share.pendingUploads,
    pendingDownloads: all.pendingDownloads + share.pendingDownloads,
    unseen: all.unseen + share.unseen,
    excluded: all.excluded + share.excluded,
    conflicts: all.conflicts + share.conflicts,
    review: all.review + share.review,
    problems: all.problems + share.problems,
    problemList: [...all.problemList, ...below].slice(0, 100),
    files: all.files + share.files,
    oldest: olderOf(all.oldest, share.oldest && { ...share.oldest, path: shownIn(path, share.oldest.path) }),
    lagSeconds: Math.max(all.lagSeconds, share.lagSeconds),
    delayed: all.delayed || share.delayed,
  };
}

function olderOf(a: Status['oldest'], b: Status['oldest']): Status['oldest'] {
  if (a === null || b === null) return a ?? b;
  return b.since < a.since ? b : a;
}

/** The folder itself, then everything that is shared: what had settled by then in all of them. */
export async function waitWithShares(
  keeper: ShareKeeper,
  timeout: number,
  call: Call,
): Promise<Result<'wait'>> {
  const { main } = keeper;
  const { clock } = main.parts.env;
  const began = clock.monotonic();
  const left = () => Math.max(0, timeout - (clock.monotonic() - began) / 1000);
  let first = await waitUntilInStep(main, timeout, call);
  if (!first.done) return first;
  await keeper.read();
  while (!keeper.idle && left() > 0 && !call.signal.aborted && keeper.troubles.size === 0)
    await clock.sleep(50);
  for (const [namespace, { engine }] of [...keeper.running]) {
    const answer = await waitUntilInStep(engine, left(), call);
    const path = folderNow(keeper, namespace);
    const missing = answer.missing.map((each) => ({ ...each, path: shownIn(path, each.path) }));
    if (!answer.done && first.done) first = { ...answer, sentence: `${path}: ${answer.sentence}`, missing };
  }
  const seconds = (clock.monotonic() - began) / 1000;
  const trouble = [...keeper.troubles.values()][0];
  if (first.done && trouble) {
    const sentence = sentenceOf(trouble.code, trouble.facts);
    return { ...first, done: false, reason: 'held', sentence, seconds };
  }
  if (first.done && !keeper.idle)
    return { ...first, done: false, reason: 'timeout', sentence: 'A share is still being set up.', seconds };
  return { ...first, seconds };
}
