/** What every screen may look at: the shell, the engine's status, what moves, and the newest activity. One subscription. */
import { useSyncExternalStore } from 'react';
import type { Activity, ControlEvent, Transfers } from '../../ipc/events.ts';
import type { Status } from '../../ipc/status.ts';
import type { MergeToolState, ShellState, WindowEvent } from '../../ipc/window.ts';
import { ask, engine, onEvent } from './bridge.ts';
import { goTo } from './router.ts';

export interface LiveState {
  readonly shell: ShellState | null;
  readonly status: Status | null;
  readonly transfers: Transfers | null;
  /** Newest first, bounded: the activity screen pages the rest. */
  readonly recent: readonly Activity[];
  /** Grows with everything that may have changed a list: what shows one asks again. */
  readonly revision: number;
  /** Grows with every command of this window: who gave it waits for what came of it. */
  readonly commands: number;
  readonly mergeTools: Readonly<Record<string, MergeToolState>>;
}

const RECENT = 50;
let state: LiveState = {
  shell: null,
  status: null,
  transfers: null,
  recent: [],
  revision: 0,
  commands: 0,
  mergeTools: {},
};
const listeners = new Set<() => void>();

function set(change: Partial<LiveState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

function counts(status: Status | null): string {
  if (status === null) return '';
  const { conflicts, review, problems, problemList, unseen, cursor } = status;
  const shares = status.shares?.map(({ id, role, standing, path, state }) => [
    id,
    role,
    standing,
    path,
    state,
  ]);
  return [conflicts, review, problems, problemList.length, unseen, cursor, shares?.join()].join(' ');
}

/** Thousands may come in a second: drawn one by one they would keep the window from everything else. */
const GATHER_MS = 100;
let fresh: Activity[] = [];
let gathering: ReturnType<typeof setTimeout> | null = null;

function takeFresh(): void {
  const latest = new Map(fresh.slice(-RECENT).map((each) => [each.id, each]));
  fresh = [];
  gathering = null;
  const others = state.recent.filter((each) => !latest.has(each.id));
  const recent = [...[...latest.values()].reverse(), ...others].slice(0, RECENT);
  set({ recent, revision: state.revision + 1 });
}

function onEngine(event: ControlEvent): void {
  switch (event.kind) {
    case 'status': {
      const isNews = counts(state.status) !== counts(event.status);
      set({ status: event.status, revision: state.revision + (isNews ? 1 : 0) });
      return;
    }
    case 'activity':
      fresh.push(event);
      if (gathering === null) gathering = setTimeout(takeFresh, GATHER_MS);
      return;
    case 'transfers':
      set({ transfers: event.transfers });
      return;
    case 'skipped':
      void refreshRecent();
  }
}

async function refreshRecent(): Promise<void> {
  const reply = await engine('activity.list', { limit: RECENT });
  if (reply.kind === 'ok') set({ recent: reply.value.activities, revision: state.revision + 1 });
}

/** After a start, a reconnect or a lost event: everything anew. */
async function refresh(): Promise<void> {
  const [status, transfers] = await Promise.all([engine('status', {}), engine('transfers', {})]);
  if (status.kind === 'ok') set({ status: status.value });
  if (transfers.kind === 'ok') set({ transfers: transfers.value });
  await refreshRecent();
}

function onWindowEvent(event: WindowEvent): void {
  switch (event.kind) {
    case 'shell': {
      const runsAgain = state.shell?.phase !== 'running' && event.state.phase === 'running';
      // What an engine that is gone said last proves nothing any more.
      if (event.state.phase !== 'running') set({ shell: event.state, status: null, transfers: null });
      else set({ shell: event.state });
      if (runsAgain) void refresh();
      return;
    }
    case 'engine':
      onEngine(event.event);
      return;
    case 'merge-tool':
      set({ mergeTools: { ...state.mergeTools, [event.state.conflict]: event.state } });
      return;
    case 'route':
      goTo(event.route);
  }
}

/** Called once, before the first render. */
export async function startLiveState(): Promise<void> {
  onEvent(onWindowEvent);
  const shell = await ask('shell.state', {});
  set({ shell });
  if (shell.phase === 'running') await refresh();
}

/** A command of this window may have changed what lists show. */
export function noteChange(): void {
  set({ revision: state.revision + 1, commands: state.commands + 1 });
}
export function noteShell(shell: ShellState): void {
  set({ shell });
}
export function noteStatus(status: Status): void {
  set({ status });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export function useLive<T>(select: (state: LiveState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}
export const useStatus = (): Status | null => useLive((live) => live.status);
export const useRevision = (): number => useLive((live) => live.revision);
export const useCommands = (): number => useLive((live) => live.commands);
/** Only below the app's frame, where the shell is known. */
export function useShell(): ShellState {
  const shell = useLive((live) => live.shell);
  if (shell === null) throw new Error('the shell is not known yet');
  return shell;
}
