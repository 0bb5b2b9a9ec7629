/** The bundled server on this computer, for who syncs with it: brought up, kept up, and ended with the app that started it. */
import type { Program } from '../cli/own-process.ts';
import type { HomeFolder } from '../cli/start/home-folder.ts';
import { bringUpHomeServer, ensureFirstUser, type RunningServer } from '../cli/start/home-server.ts';
import type { OwnChildren } from './own-children.ts';

export type ServiceStart =
  | { readonly kind: 'running'; readonly url: string }
  | { readonly kind: 'ended'; readonly why: string };

export interface HomeService {
  readonly isRunning: boolean;
  /** Also makes the first user, whose password is in the home's owner-only file. */
  start(): Promise<ServiceStart>;
  /** Keeps it up from now on. */
  keep(): void;
  stop(): Promise<void>;
}

const RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;

export function createHomeService(
  home: HomeFolder,
  program: Program,
  children: OwnChildren,
  onChange: (isRunning: boolean) => void,
): HomeService {
  let running: RunningServer | null = null;
  let starting: Promise<ServiceStart> | null = null;
  let isWanted = false;
  let isStopping = false;
  let retry = RETRY_MS;
  let timer: NodeJS.Timeout | null = null;

  const whenItEnds = (server: RunningServer): void => {
    void server.server.ended.then(() => {
      if (running !== server) return;
      running = null;
      onChange(false);
      if (isWanted && !isStopping) later();
    });
  };

  const later = (): void => {
    timer = setTimeout(() => void start().then((started) => started.kind === 'ended' && later()), retry);
    retry = Math.min(LAST_RETRY_MS, retry * 2);
  };

  const startOnce = async (): Promise<ServiceStart> => {
    const started = await bringUpHomeServer(home, { port: null, program });
    if (started.kind === 'ended') return started;
    if (!started.wasThere) children.note('server', started.server.pid);
    running = started;
    retry = RETRY_MS;
    whenItEnds(started);
    onChange(true);
    return { kind: 'running', url: started.url };
  };

  const start = async (): Promise<ServiceStart> => {
    if (running !== null) return { kind: 'running', url: running.url };
    starting ??= startOnce().finally(() => {
      starting = null;
    });
    return starting;
  };

  return {
    get isRunning() {
      return running !== null;
    },
    start: async () => {
      const started = await start();
      if (started.kind === 'running') await ensureFirstUser(home, program);
      return started;
    },
    keep: () => {
      isWanted = true;
      void start().then((started) => started.kind === 'ended' && !isStopping && later());
    },
    stop: async () => {
      isStopping = true;
      if (timer !== null) clearTimeout(timer);
      await starting;
      // One that a terminal runs is that terminal's.
      if (running !== null && children.has('server', running.server.pid)) await running.server.stop();
    },
  };
}
