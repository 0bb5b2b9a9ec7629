/** The embedded server, put together: SQLite, a chunk folder, HTTP. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { deriveWithScrypt } from './accounts/passwords.ts';
import { addUserTo } from './accounts/users.ts';
import { createServerCore, type ServerCore } from './app.ts';
import { beginAfterRestore } from './backup/restored-mark.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { loadBlake3 } from './chunks/blake3.ts';
import type { ChunkStore } from './chunks/chunk-store.ts';
import { replaceFile, systemCode } from './chunks/folder/durable-file.ts';
import { openFolderChunkStore } from './chunks/folder/folder-chunk-store.ts';
import { type RunningConsole, startConsole } from './console/start-console.ts';
import { type DataFolder, lockDataFolder, openDataFolder, openMetadataStore, reason } from './data-folder.ts';
import type { ServerLog } from './exchange.ts';
import { HighWater } from './high-water.ts';
import { type Listener, listen } from './http-listener.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';
import { createMetadata } from './metadata/rules.ts';
import { type CheckedAddress, checkAddress, type ServerOptions, urlOf } from './options.ts';
import { folderReadiness } from './readiness.ts';
import { realClock, realRandom } from './real-effects.ts';
import { redactingLog } from './redacting-log.ts';
import { Refusal } from './refusal.ts';
import { SERVER_LIMITS } from './server-limits.ts';
import { openSideStores } from './side-stores.ts';
import { tenantKeyRows } from './tenant-key-rows.ts';

export type { ServerOptions } from './options.ts';
export { Refusal } from './refusal.ts';

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** Of the web console; null: there is none. */
  readonly consoleUrl: string | null;
  readonly core: ServerCore;
  /** null: it speaks without TLS. */
  readonly certificate: () => Certificate | null;
  /** Reads certificate and key anew. Throws a Refusal where they cannot be used; the ones before stay then. */
  renewCertificate(): Promise<void>;
  /** Finishes what is under way (at most 5 s), ends long polls, closes the stores. */
  close(): Promise<void>;
}

const STOP_MS = 5000;

/** Starts a server in this process. Throws a Refusal, with one sentence, where it cannot be done as asked. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const address = await checkAddress(options);
  await consoleAddress(options);
  const folder = await openDataFolder(resolve(options.data));
  const undo: (() => void | Promise<void>)[] = [];
  try {
    return await start(options, address, folder, undo);
  } catch (cause) {
    for (const step of undo.toReversed()) await step();
    throw cause;
  }
}

async function start(
  options: ServerOptions,
  address: CheckedAddress,
  folder: DataFolder,
  undo: (() => void | Promise<void>)[],
): Promise<RunningServer> {
  const log = redactingLog(options.log ?? (() => {}));
  undo.push(lockDataFolder(folder));
  const store = await openMetadataStore(folder);
  undo.push(() => store.close());
  const chunks = await openFolderChunkStore({
    folder: folder.chunks,
    keyFolder: folder.keys,
    masterKey: options.masterKey,
    tenantKeys: tenantKeyRows(store, () => realClock.now()),
    lanes: options.chunkThreads,
  });
  undo.push(() => chunks.close());
  const { masterKey, chunkThreads: lanes } = options;
  const sides = await openSideStores({ folder, store, log, masterKey, lanes }, options);
  for (const side of Object.values(sides)) undo.push(() => side.close());
  const { hash } = await loadBlake3();
  const water = await HighWater.open(folder.highWater, log);
  const core = await createServerCore({
    store,
    chunks,
    sides,
    replicaMode: options.replica?.mode,
    thawDelayMs: (options.cold?.thawDelay ?? 0) * 1000,
    clock: realClock,
    random: realRandom,
    blake3: hash,
    limits: options.limits,
    signUp: options.signUp,
    faults: options.faults,
    version: productVersion(),
    log,
    operatorToken: options.operatorToken,
    readiness: folderReadiness({ store, clock: realClock, log }, folder, options.masterKey),
    onCommit: (mark) => water.note(mark),
  });
  // First: it makes whatever the mark says of the namespaces true again.
  await beginAfterRestore(folder.path, core.metadata, log);
  await water.check(core.metadata);
  const listener = await listenAt(core, address);
  undo.push(() => listener.close(0));
  undo.push(() => core.close());
  core.jobs.start();
  const url = urlOf(address, listener.port);
  const console = await consoleOf(options, core, folder);
  if (console !== null) undo.push(() => console.close(0));
  let closing: Promise<void> | null = null;
  const close = () => {
    const listeners = [listener, ...(console === null ? [] : [console])];
    closing ??= stop(listeners, core, water, [chunks, ...Object.values(sides), store], undo[0]);
    return closing;
  };
  if (options.readyFile !== undefined) await writeReadyFile(options.readyFile, url, console?.url ?? null);
  let certificate = address.tls;
  const renewCertificate = async () => {
    if (options.tls === undefined) return;
    certificate = await readCertificate(options.tls);
    listener.renew(certificate);
    console?.renew(certificate);
  };
  const consoleUrl = console?.url ?? null;
  return { url, pid: process.pid, consoleUrl, core, certificate: () => certificate, renewCertificate, close };
}

async function listenAt(core: ServerCore, address: CheckedAddress): Promise<Listener> {
  try {
    return await listen(core, address);
  } catch (cause) {
    const at = `${address.host}:${address.port}`;
    if (systemCode(cause) === 'EADDRINUSE') throw new Refusal(`Another program listens on ${at} already.`);
    throw new Refusal(`The server cannot listen on ${at} (${reason(cause)}).`);
  }
}

/** Checked like the server's own address: without a certificate it is for this computer only. */
async function consoleAddress({ console: wanted, tls }: ServerOptions): Promise<CheckedAddress | null> {
  if (wanted === undefined) return null;
  return checkAddress({ host: wanted.host, port: wanted.port, tls }, `--console ${wanted.host}`);
}

async function consoleOf(
  options: ServerOptions,
  core: ServerCore,
  folder: DataFolder,
): Promise<RunningConsole | null> {
  const address = await consoleAddress(options);
  if (address === null) return null;
  try {
    return await startConsole(core, folder.metadata, address, options.console?.actions ?? false);
  } catch (cause) {
    const at = `${address.host}:${address.port}`;
    throw new Refusal(`The console cannot listen on ${at} (${reason(cause)}).`);
  }
}

async function stop(
  listeners: readonly Pick<Listener, 'close'>[],
  core: ServerCore,
  water: HighWater,
  stores: readonly (ChunkStore | MetadataStore)[],
  unlock: (() => void | Promise<void>) | undefined,
): Promise<void> {
  const closed = Promise.all(listeners.map((each) => each.close(STOP_MS)));
  await core.close();
  await closed;
  await core.close();
  await water.flush();
  for (const store of stores) await store.close();
  await unlock?.();
}

async function writeReadyFile(path: string, url: string, console: string | null): Promise<void> {
  const file = resolve(path);
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(
    file,
    `${JSON.stringify({ url, pid: process.pid, ...(console === null ? {} : { console }) })}\n`,
    0o644,
  );
}

/** SIGHUP: somebody put a new certificate in the place of the old one. Whatever is wrong with it, the server goes on. */
function renewOnSignal(server: RunningServer, log: ServerLog): () => void {
  const renew = () => {
    server
      .renewCertificate()
      .then(() => log('info', 'certificate read anew', { fingerprint: server.certificate()?.fingerprint }))
      .catch((cause: unknown) => log('error', 'the certificate stays as it was', { why: reason(cause) }));
  };
  process.on('SIGHUP', renew);
  return () => void process.removeListener('SIGHUP', renew);
}

/**
 * Runs a server until SIGTERM or SIGINT, then stops it cleanly. Signals are listened to from the start: one that comes
 * while the server is still starting ends it as soon as it can be ended.
 */
export async function runServer(
  options: ServerOptions,
  onReady?: (server: RunningServer) => void,
): Promise<void> {
  const told = Promise.withResolvers<void>();
  const stopNow = () => told.resolve();
  let ignoreRenewals = () => {};
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stopNow);
  try {
    const server = await startServer(options);
    if (server.certificate() !== null)
      ignoreRenewals = renewOnSignal(server, redactingLog(options.log ?? (() => {})));
    onReady?.(server);
    await told.promise;
    await server.close();
  } finally {
    ignoreRenewals();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, stopNow);
  }
}

export interface AddUserOptions {
  readonly data: string;
  readonly name: string;
  readonly password: string;
  /** Cost of a password check (N of scrypt); tests take a low one. */
  readonly scryptCost?: number;
}

/** Adds a user, whether or not a server runs on the folder. Throws a Refusal where it cannot. */
export async function addUser(options: AddUserOptions): Promise<void> {
  const folder = await openDataFolder(resolve(options.data));
  const store = await openMetadataStore(folder);
  try {
    const { hash } = await loadBlake3();
    const parts = { store, clock: realClock, random: realRandom, derive: deriveWithScrypt };
    const { scryptCost = SERVER_LIMITS.scryptCost } = options;
    const added = await addUserTo({ ...parts, scryptCost }, options.name, options.password);
    if (added.kind === 'not-added') throw new Refusal(added.why);
    // No claim is decided here: there is nothing to report but what is thrown.
    const effects = { now: realClock.now, randomBytes: realRandom.bytes, blake3: hash, report: () => {} };
    await createMetadata(store, effects).ensureNamespace(added.tenant, added.user);
  } finally {
    await store.close();
  }
}

function productVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}
