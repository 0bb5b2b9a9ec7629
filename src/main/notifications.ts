/** Turns what the engine says into notifications of the system, as the user wants them. */

import { Notification } from 'electron';
import { baseName } from '../core/names/path-parts.ts';
import type { ControlEvent } from '../ipc/events.ts';
import type { Status } from '../ipc/status.ts';
import {
  addNotice,
  type Cause,
  dropNotice,
  dueNotices,
  NO_NOTICES,
  type Notice,
  type NoticePlan,
} from './notice-plan.ts';
import type { Words } from './words.ts';

/** Shorter than this is no news: laptops lose the network all the time. */
const OFFLINE_MS = 60_000;
/** Fewer changes than this come and go without a word. */
const MANY_CHANGES = 20;

export interface NotificationOptions {
  readonly words: () => Words;
  readonly mayShow: (cause: Cause) => boolean;
  /** Whoever looks at the window sees it there. */
  readonly isWatched: () => boolean;
  readonly onClick: (route: string) => void;
  /** What was shown, for tests: a desktop tells nobody. */
  readonly shown: Notice[];
}

export interface Notifications {
  hear(event: ControlEvent): void;
  stop(): void;
}

function textOf({ cause, count, name }: Notice, words: Words): string {
  switch (cause) {
    case 'conflicts':
      return words.notices.conflicts(count, name);
    case 'review':
      return words.notices.review(count);
    case 'problems':
      return words.notices.problems(count, name);
    case 'connection':
      return words.notices.connection;
    case 'finished':
      return words.notices.finished(count);
    case 'halted':
      return words.notices.halted;
  }
}

export function createNotifications(options: NotificationOptions): Notifications {
  const { words, mayShow, isWatched, onClick, shown } = options;
  let plan: NoticePlan = NO_NOTICES;
  let timer: NodeJS.Timeout | null = null;
  let most = 0;
  let outage = 0;
  let halted = '';
  /** Kept while they stand: one that is collected cannot be clicked. */
  const standing = new Set<Notification>();

  const show = (notice: Notice): void => {
    shown.push(notice);
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title: 'Tidemark', body: textOf(notice, words()), silent: true });
    standing.add(notification);
    const over = () => standing.delete(notification);
    notification.on('click', () => {
      over();
      onClick(notice.route);
    });
    notification.on('close', over);
    notification.on('failed', over);
    notification.show();
  };

  const look = (): void => {
    if (timer !== null) clearTimeout(timer);
    const now = Date.now();
    const { due, plan: rest, next } = dueNotices(plan, now, (cause) => mayShow(cause) && !isWatched());
    plan = rest;
    for (const notice of due) show(notice);
    timer = next === null ? null : setTimeout(look, Math.max(50, next - now));
  };

  const isNewOutage = (since: number): boolean => {
    const isNew = since !== outage;
    outage = since;
    return isNew;
  };

  const hearStatus = (status: Status, at: number): void => {
    if (status.progress !== null) most = Math.max(most, status.progress.total);
    if (status.state === 'up-to-date') {
      if (most >= MANY_CHANGES) plan = addNotice(plan, 'finished', { at, count: most, name: '' });
      most = 0;
    }
    if (status.offlineSince === null) plan = dropNotice(plan, 'connection');
    else if (plan.pending.connection === undefined && isNewOutage(status.offlineSince))
      plan = addNotice(plan, 'connection', { at: status.offlineSince + OFFLINE_MS, count: 1, name: '' });
    const halt = status.halted?.code ?? '';
    if (halt !== '' && halt !== halted) plan = addNotice(plan, 'halted', { at, count: 1, name: '' });
    if (halt === '') plan = dropNotice(plan, 'halted');
    halted = halt;
    if (status.conflicts === 0) plan = dropNotice(plan, 'conflicts');
    if (status.review === 0) plan = dropNotice(plan, 'review');
    if (status.problems === 0) plan = dropNotice(plan, 'problems');
  };

  return {
    hear: (event) => {
      const before = plan;
      if (event.kind === 'status') hearStatus(event.status, event.at);
      else if (event.kind === 'activity') {
        const about = { at: event.at, count: 1, name: baseName(event.path) };
        if (event.verb === 'conflict') plan = addNotice(plan, 'conflicts', about);
        else if (event.verb === 'held') plan = addNotice(plan, 'review', about);
        else if (event.verb === 'problem') plan = addNotice(plan, 'problems', about);
      }
      // Thousands of files may arrive in a second: only news about a cause, or how things stand, is looked at.
      if (event.kind === 'status' || plan !== before) look();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
