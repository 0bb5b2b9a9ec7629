/** A real server in this process, on a free port of this computer, with a folder of its own and a user in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUser, type RunningServer, type ServerOptions, startServer } from '../../server-stub/main.ts';

export const TEST_USER = { name: 'ada', password: 'correct horse battery staple' } as const;

/** A password check that costs next to nothing. */
const CHEAP = 2 ** 10;

export interface TestServerOptions extends Partial<ServerOptions> {
  /** Users beside the first. */
  readonly users?: readonly { readonly name: string; readonly password: string }[];
}

export interface TestServer {
  readonly url: string;
  readonly data: string;
  readonly user: string;
  readonly password: string;
  readonly server: RunningServer;
  /** Stops it and starts another one on the same folder and port. */
  restart(change?: Partial<ServerOptions>): Promise<TestServer>;
  /** Stops it; its folder stays. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

/** `data` given: that folder is used, and left alone at the end. Otherwise a new one is made with TEST_USER in it. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { users = [], data: given, ...rest } = options;
  const data = given ?? (await mkdtemp(join(tmpdir(), 'tidemark-server-')));
  if (given === undefined) await addUser({ data, ...TEST_USER, scryptCost: CHEAP });
  for (const user of users) await addUser({ data, ...user, scryptCost: CHEAP });
  return running(data, given === undefined, rest);
}

async function running(data: string, isOurs: boolean, options: Partial<ServerOptions>): Promise<TestServer> {
  const limits = { scryptCost: CHEAP, ...options.limits };
  const server = await startServer({ chunkThreads: 1, ...options, data, limits });
  const stop = () => server.close();
  return {
    url: server.url,
    data,
    user: TEST_USER.name,
    password: TEST_USER.password,
    server,
    stop,
    restart: async (change = {}) => {
      await stop();
      const port = Number(new URL(server.url).port);
      return running(data, isOurs, { ...options, port, ...change });
    },
    close: async () => {
      await stop();
      if (isOurs) await rm(data, { recursive: true, force: true });
    },
  };
}
