/** How a server is started, and what is refused before anything is touched. */
import { isIPv6 } from 'node:net';
import { resolve, sep } from 'node:path';
import type { SignUpRule } from './accounts/sign-up.ts';
import { type Certificate, readCertificate, type TlsFiles } from './certificate.ts';
import type { MasterKeySource } from './chunks/folder/master-key.ts';
import type { ServerLog } from './exchange.ts';
import type { Faults } from './faults.ts';
import { Refusal } from './refusal.ts';
import { REPLICA_MODES, type ReplicaMode } from './replication/replicas.ts';
import type { ServerLimits } from './server-limits.ts';

export interface ServerOptions {
  /** Folder that holds everything; made when it is not there. */
  readonly data: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Files with the certificate chain and its key, in PEM. Without them only this computer is served. */
  readonly tls?: TlsFiles;
  /** Who can make an account over the network. Default: nobody. */
  readonly signUp?: SignUpRule;
  /** The web console; without it there is none. Other computers are served over TLS only. */
  readonly console?: { readonly host: string; readonly port: number; readonly actions: boolean };
  /** Written as {"url","pid"} once the server listens, with the console's address where there is one. */
  readonly readyFile?: string;
  readonly limits?: Partial<ServerLimits>;
  /** Threads that hash, seal and store chunks. Default 2. */
  readonly chunkThreads?: number;
  /** Where the master key comes from. Default: a file in the data folder. */
  readonly masterKey?: MasterKeySource;
  /** A folder that holds a second copy of every chunk, best on another disk. */
  readonly replica?: { readonly folder: string; readonly mode: ReplicaMode };
  /** A folder for what only old versions use; and, in seconds, how long it takes until something there can be read. */
  readonly cold?: { readonly folder: string; readonly thawDelay: number };
  /** Opens the metrics to who has it; without one they are told on this computer only. */
  readonly operatorToken?: string;
  readonly log?: ServerLog;
  /** Tests only. There is no other way to switch faults on. */
  readonly faults?: Faults;
}

export interface CheckedAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: Certificate | null;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** `unwanted`: what to leave out, and why, where there is no certificate for it. */
export async function checkAddress(
  options: Pick<ServerOptions, 'host' | 'port' | 'tls'>,
  unwanted = `--host ${options.host ?? ''}`,
): Promise<CheckedAddress> {
  const host = (options.host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const port = options.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Refusal(`A port is a number from 0 to 65535, not ${port}.`);
  if (options.tls === undefined) {
    if (!LOOPBACK.test(host))
      throw new Refusal(
        `Without a certificate only this computer is served: give --tls-cert and --tls-key, or leave out ${unwanted}.`,
      );
    return { host, port, tls: null };
  }
  return { host, port, tls: await readCertificate(options.tls) };
}

export function urlOf(address: CheckedAddress, port: number): string {
  const host = isIPv6(address.host) ? `[${address.host}]` : address.host;
  return `${address.tls === null ? 'http' : 'https'}://${host}:${port}`;
}

/** As the command line gives them. Throws a Refusal for what cannot be meant. */
export function replicaOption(
  folder: string | undefined,
  mode: string | undefined,
): ServerOptions['replica'] {
  const found = REPLICA_MODES.find((each) => each === (mode ?? 'same-site'));
  if (found === undefined)
    throw new Refusal(`--replica-mode is ${REPLICA_MODES.join(' or ')}, not "${mode}".`);
  if (folder === undefined && mode !== undefined) throw new Refusal('--replica-mode needs --replica FOLDER.');
  if (folder === '') throw new Refusal('--replica needs a folder.');
  return folder === undefined ? undefined : { folder, mode: found };
}

const MOST_THAW_DELAY = 7 * 24 * 3600;

/** As the command line gives them. Throws a Refusal for what cannot be meant. */
export function coldOption(folder: string | undefined, delay: string | undefined): ServerOptions['cold'] {
  if (folder === undefined && delay !== undefined) throw new Refusal('--thaw-delay needs --cold FOLDER.');
  if (folder === '') throw new Refusal('--cold needs a folder.');
  const thawDelay = /^\d{1,6}$/.test(delay ?? '0') ? Number(delay ?? '0') : Number.POSITIVE_INFINITY;
  if (thawDelay > MOST_THAW_DELAY)
    throw new Refusal(`--thaw-delay takes seconds, at most ${MOST_THAW_DELAY}, not "${delay}".`);
  return folder === undefined ? undefined : { folder, thawDelay };
}

/** Copies that stand in one another are lost with one another. Throws a Refusal. */
export function checkApart(folders: Readonly<Record<string, string>>): void {
  const all = Object.entries(folders).map(([name, path]) => ({ name, path: `${resolve(path)}${sep}` }));
  for (const one of all)
    for (const other of all)
      if (one !== other && one.path.startsWith(other.path))
        throw new Refusal(
          `The ${one.name} folder ${resolve(one.path)} is in the ${other.name} folder; give one outside of it.`,
        );
}
