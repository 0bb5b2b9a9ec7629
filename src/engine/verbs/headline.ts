/** The state in one word and in one sentence, with its proof or its reason. */
import type { Result } from '../../ipc/contract.ts';
import type { SyncState } from '../../ipc/status.ts';
import { assertNever } from '../../protocol/assert-never.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { Engine } from '../engine.ts';
import { isNotice } from '../state/problems.ts';
import { isHeldUp } from './held-up.ts';

export type Facts = Omit<Result<'status'>, 'state' | 'sentence'>;

/** Strongest first, as the contract says. */
export function stateOf(engine: Engine, facts: Facts): SyncState {
  // Nothing is known of anything yet, and nothing can be asked.
  if (engine.token === null && !engine.halted) return 'setting-up';
  if (engine.halted) return 'error';
  if (facts.review > 0 || facts.conflicts > 0) return 'needs-you';
  return workOf(engine, facts);
}

/** What the state is beside what the user is asked. */
function workOf(engine: Engine, facts: Facts): Exclude<SyncState, 'error' | 'needs-you'> {
  const troubled = facts.problems > 0 || facts.unseen > 0;
  if (engine.paused) return 'paused';
  if (!engine.ready) return 'setting-up';
  if (!facts.connected) return facts.offlineSince === null ? 'checking' : 'offline';
  if (engine.inStep()) return troubled ? 'warning' : 'up-to-date';
  if (isHeldUp(engine)) return 'warning';
  if (facts.pendingUploads + facts.pendingDownloads > 0 || engine.operations.busy) return 'syncing';
  if (engine.scanner.firstScanPending || engine.scanner.busy) return 'checking';
  return troubled ? 'warning' : 'syncing';
}

export function headline(engine: Engine, facts: Facts): string {
  if (engine.token === null && !engine.halted)
    return 'Waiting for the sign-in of this computer, which is kept in its keychain. Nothing is synced until then.';
  const state = stateOf(engine, facts);
  if (state === 'error') return facts.halted?.sentence ?? 'Stopped.';
  const work = workSentence(engine, facts);
  return state === 'needs-you' ? `${question(facts)} ${work}` : work;
}

function question({ review, conflicts }: Facts): string {
  const held = `${plural(review, 'held batch', 'held batches')}: nothing of ${review === 1 ? 'it' : 'them'} happens until you decide`;
  const open = `${plural(conflicts, 'conflict')}: both sides are kept`;
  return `Needs you: ${[...(review > 0 ? [held] : []), ...(conflicts > 0 ? [open] : [])].join('; ')}.`;
}

function workSentence(engine: Engine, facts: Facts): string {
  const state = workOf(engine, facts);
  const now = engine.parts.env.clock.now();
  switch (state) {
    case 'paused':
      return pausedSentence(facts, now);
    case 'setting-up':
      return 'Setting up.';
    case 'offline':
      return offlineSentence(engine, facts);
    case 'checking':
      return 'Checking what changed.';
    case 'syncing':
      return syncingSentence(facts);
    case 'warning':
      return warningSentence(facts);
    case 'up-to-date':
      return `Up to date, checked ${ago(facts.lastScanAt, now)}, ${plural(facts.files, 'file')}.`;
    default:
      return assertNever(state);
  }
}

function syncingSentence({ progress, delayed, lagSeconds }: Facts): string {
  const what =
    progress === null ? 'Syncing.' : `Syncing ${grouped(progress.done)} of ${grouped(progress.total)}.`;
  return delayed ? `Sync delayed, the oldest change has waited for ${span(lagSeconds)}. ${what}` : what;
}

const WHY_PAUSED = {
  user: 'Paused by you',
  metered: 'Paused while the network is metered',
  battery: 'Paused while this computer runs on battery',
} as const;

function pausedSentence(facts: Facts, now: number): string {
  const why = WHY_PAUSED[facts.pausedReason ?? 'user'];
  const until = facts.pausedUntil === null ? '' : ` until ${clockTime(facts.pausedUntil, now)}`;
  return `${why}${until}. ${waiting(facts, '')}`;
}

function offlineSentence(engine: Engine, facts: Facts): string {
  const { trouble } = engine.connection;
  if (trouble && trouble.code !== 'unreachable') {
    const left = Math.max(0, (facts.nextTryAt ?? 0) - engine.parts.env.clock.now());
    const { server } = facts;
    return `Offline: ${sentenceOf(trouble.code, { server, detail: trouble.detail, seconds: Math.ceil(left / 1000) })}`;
  }
  return `Offline: the server at ${facts.server} cannot be reached. ${waiting(facts, ' on this computer')}`;
}

function waiting({ pendingUploads, pendingDownloads }: Facts, where: string): string {
  const count = pendingUploads + pendingDownloads;
  if (count === 0) return 'Nothing waits.';
  return `${plural(count, 'change')} ${count === 1 ? 'waits' : 'wait'}${where}.`;
}

function warningSentence({ problems, unseen, problemList }: Facts): string {
  const first = problemList.find((each) => !isNotice(each))?.sentence ?? 'some could not be observed';
  return `In step but for ${plural(problems + unseen, 'path')}: ${first}`;
}

/** 41203 → "41,203"; the locale's own way costs a millisecond each time. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

function span(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function ago(at: number | null, now: number): string {
  if (at === null) return 'never';
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

/** "14:30", with the day when it is not today; local time. */
function clockTime(at: number, now: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
