/** Starts the console on a listener of its own. */
import type { ServerCore } from '../app.ts';
import type { Certificate } from '../certificate.ts';
import { type Listener, listen } from '../http-listener.ts';
import { openSqliteReader } from '../metadata/sqlite-store.ts';
import { type CheckedAddress, isLoopback, urlOf } from '../options.ts';
import { Console } from './console.ts';

export interface RunningConsole {
  readonly url: string;
  /** Serves this certificate from now on. */
  renew(certificate: Certificate): void;
  close(graceMs: number): Promise<void>;
}

/** `metadata`: the database, which it opens for itself, to read. */
export async function startConsole(
  core: ServerCore,
  metadata: string,
  address: CheckedAddress,
  actions: boolean,
): Promise<RunningConsole> {
  const { parts } = core;
  const reader = openSqliteReader(metadata);
  const { store, signIn, clock, random, limits, log, serverId, version, readiness } = parts;
  const console = new Console(
    {
      reader,
      store,
      signIn,
      clock,
      random,
      limits,
      log,
      serverId,
      version,
      readiness,
      wakes: (device) => parts.wakes.of(device),
      metrics: () => parts.metrics.text(parts),
    },
    { actions, secure: address.tls !== null, loopback: isLoopback(address.host) },
  );
  let listener: Listener;
  try {
    listener = await listen(console, address);
  } catch (cause) {
    await reader.close();
    throw cause;
  }
  return {
    url: urlOf(address, listener.port),
    renew: (certificate) => listener.renew(certificate),
    close: async (graceMs) => {
      await listener.close(graceMs);
      await reader.close();
    },
  };
}
