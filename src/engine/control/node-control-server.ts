/** The control socket of a running engine: owner-only, JSON-RPC 2.0, one object per line. */
import { chmod } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { EngineControl } from '../../ipc/contract.ts';
import type { ControlPlace } from '../../ipc/node-control-file.ts';
import type { Log } from '../environment/environment.ts';
import type { MethodHost } from './call-method.ts';
import { ControlConnection } from './node-control-connection.ts';
import {
  choosePlace,
  livingOwner,
  PLATFORM,
  removeControlFile,
  removeSocket,
  writeControlFile,
} from './node-control-socket.ts';

const MAX_CLIENTS = 128;
/** How long `close` lets answers under way get out. */
const CLOSE_GRACE_MS = 1000;

export interface ControlServer {
  readonly socket: string;
  /** Lets the answers under way out, then closes everything and removes socket and control file. */
  close(): Promise<void>;
}

export interface ControlServerOptions {
  /** The state folder, absolute. The caller holds the state's lock: no second engine starts beside this one. */
  readonly state: string;
  readonly folder: string;
  readonly log: Log;
}

export type ControlServerOutcome =
  | { readonly kind: 'listening'; readonly server: ControlServer }
  /** A living engine has this state; pid 0 when it is not known. */
  | { readonly kind: 'in-use'; readonly pid: number }
  | { readonly kind: 'failed'; readonly detail: string };

/** Binds owner-only: the umask is set around the one synchronous call that creates the socket. */
function listen(server: Server, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(error.message));
    server.once('listening', () => resolve(null));
    const before = process.umask(0o177);
    try {
      server.listen(path);
    } finally {
      process.umask(before);
    }
  });
}

async function closeAll(server: Server, connections: Set<ControlConnection>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const connection of connections) connection.finish();
  const timer = setTimeout(() => {
    for (const connection of connections) connection.destroy();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

/** Starts listening and tells where in `STATE/control.json`. */
export async function createControlServer(
  control: EngineControl,
  options: ControlServerOptions,
): Promise<ControlServerOutcome> {
  const { state, folder, log } = options;
  const place = await choosePlace(state);
  if (place.kind === 'refused') return { kind: 'failed', detail: place.detail };
  const owner = await livingOwner(state, place.path);
  if (owner !== null) return { kind: 'in-use', pid: owner };
  if (place.isFile) await removeSocket(place.path);

  const host: MethodHost = { control, folder, windows: PLATFORM === 'windows', log, now: () => Date.now() };
  const connections = new Set<ControlConnection>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new ControlConnection(socket, host);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  server.maxConnections = MAX_CLIENTS;
  const trouble = await listen(server, place.path);
  if (trouble !== null) return { kind: 'failed', detail: trouble };
  server.on('error', (error) => log('warn', 'control socket', { detail: error.message }));

  const known: ControlPlace = { socket: place.path, pid: process.pid };
  const close = async () => {
    await removeControlFile(state, known);
    await closeAll(server, connections);
    if (place.isFile) await removeSocket(place.path);
  };
  try {
    if (place.isFile) await chmod(place.path, 0o600);
    await writeControlFile(state, known);
  } catch (error) {
    await close();
    return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
  return { kind: 'listening', server: { socket: place.path, close } };
}
