/** The server that lives in the home folder: `tidemark start` and the app bring up one and the same. */
import { isAlive } from '../../ipc/node-control-file.ts';
import { DEFAULT_PORT } from '../defaults.ts';
import {
  adopt,
  type Managed,
  type Program,
  type Ran,
  readReady,
  runOwn,
  startServer,
} from '../own-process.ts';
import { ensurePassword, firstUser, type HomeFolder, keepPort, knownPort } from './home-folder.ts';

export interface RunningServer {
  readonly url: string;
  readonly server: Managed;
}

export type HomeServerStart =
  | ({ readonly kind: 'running'; readonly wasThere: boolean } & RunningServer)
  | { readonly kind: 'ended'; readonly why: string };

/** A server that somebody else started in this home, or that outlived whoever did. */
export async function leftServer(home: HomeFolder): Promise<RunningServer | null> {
  const ready = await readReady(home.readyFile);
  if (ready === null || !isAlive(ready.pid)) return null;
  const answer = await fetch(`${ready.url}/v1/health`, { signal: AbortSignal.timeout(3000) }).catch(
    () => null,
  );
  return answer?.ok ? { url: ready.url, server: adopt(ready.pid) } : null;
}

/** `port` is what the user asked for; the one that linked devices know goes before it. */
export async function bringUpHomeServer(
  home: HomeFolder,
  wish: { readonly port: number | null; readonly program?: Program },
): Promise<HomeServerStart> {
  const left = await leftServer(home);
  if (left !== null) return { kind: 'running', wasThere: true, ...left };
  const known = await knownPort(home);
  const place = { data: home.serverData, readyFile: home.readyFile, logFile: home.serverLog };
  let started = await startServer({ ...place, port: known ?? wish.port ?? DEFAULT_PORT }, wish.program);
  // On the very first start nobody knows the port yet: any free one will do.
  if (started.kind === 'ended' && known === null && wish.port === null)
    started = await startServer({ ...place, port: 0 }, wish.program);
  if (started.kind === 'ended') return started;
  await keepPort(home, started.url);
  return { ...started, wasThere: false };
}

/** A start that was cut off may have made the user already: whether it is there shows when linking. */
export async function ensureFirstUser(home: HomeFolder, program?: Program): Promise<Ran> {
  await ensurePassword(home);
  const who = ['--name', firstUser(), '--password-file', home.passwordFile];
  return runOwn(['user', 'add', '--data', home.serverData, ...who], program);
}
