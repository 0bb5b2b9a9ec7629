/** Real engines in this process: real disk, real state, real HTTP; hints from Node's own recursive watch. */
import { watch as watchFolder } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../src/engine/engine.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { Hint, Watch } from '../../src/engine/environment/watch.ts';
import { nodeClock, nodeRandom } from '../../src/engine/local/node-clock.ts';
import { openNodeDisk } from '../../src/engine/local/node-disk.ts';
import { nodeBootId } from '../../src/engine/local/node-environment.ts';
import { openNodeHashing } from '../../src/engine/local/node-hashing.ts';
import { linkDevice } from '../../src/engine/remote/link.ts';
import { createNodeTransport } from '../../src/engine/remote/node-transport.ts';
import { markerOf, writeMarker } from '../../src/engine/root-marker.ts';
import { type Db, openState } from '../../src/engine/state/database.ts';
import { createControl } from '../../src/engine/verbs/control.ts';
import { statusOf } from '../../src/engine/verbs/status.ts';
import { waitUntilInStep } from '../../src/engine/verbs/wait.ts';
import { toHex } from '../../src/protocol/ids.ts';
import type { TestServer } from './server.ts';

const FACTS = { version: 'test', pid: 1, stateFolder: '', startedAt: 0 };

/** Good enough for tests: one recursive watch; everything under the reserved folder is left out. */
function testWatch(root: string): Watch {
  let watcher: ReturnType<typeof watchFolder> | null = null;
  return {
    start: (onHints) => {
      watcher = watchFolder(root, { recursive: true }, (_, file) => {
        if (file === null || file === '.tidemark' || file.startsWith('.tidemark/')) return;
        const cut = file.lastIndexOf('/');
        const hint: Hint = {
          kind: 'look',
          folder: cut < 0 ? '' : file.slice(0, cut),
          child: file.slice(cut + 1),
        };
        onHints([hint]);
      });
      watcher.on('error', () => undefined);
      return Promise.resolve();
    },
    addFolders: () => undefined,
    removeFolders: () => undefined,
    health: () => ({ complete: true, why: '' }),
    close: () => {
      watcher?.close();
      return Promise.resolve();
    },
  };
}

export interface TestDevice {
  readonly name: string;
  readonly root: string;
  readonly statePath: string;
  readonly engine: Engine;
  readonly db: Db;
  readonly control: ReturnType<typeof createControl>;
  status(): ReturnType<typeof statusOf>;
  wait(seconds?: number): ReturnType<typeof waitUntilInStep>;
  /** Stops the engine, if it runs, and starts another on the same folder and state. */
  restart(change?: DeviceOptions): Promise<TestDevice>;
  stop(): Promise<void>;
  /** As if killed: what it was doing is never finished. Resolves when the last of it is out of the way. */
  crash(): Promise<void>;
}

export interface DeviceOptions {
  readonly brakeFiles?: number | null;
  readonly paused?: boolean;
  readonly forceFallback?: boolean;
  /** Wraps the real environment: faults. */
  readonly environment?: (env: Environment) => Environment;
}

/** Links a new device and starts its engine on `root` (made if it is not there). */
export async function startDevice(
  server: Pick<TestServer, 'url' | 'user' | 'password'>,
  name: string,
  folder?: string,
  options: DeviceOptions = {},
): Promise<TestDevice> {
  const base = folder ?? (await mkdtemp(join(tmpdir(), `tidemark-${name}-`)));
  const root = join(base, name);
  await mkdir(root, { recursive: true });
  const instance = toHex(nodeRandom.bytes(16));
  const linked = await linkDevice(
    { clock: nodeClock, connect: (serverUrl) => createNodeTransport({ serverUrl, env: {} }) },
    server.url,
    { user: server.user, password: server.password, device: name, os: 'linux', instance },
  );
  if (linked.kind !== 'linked') throw new Error(`cannot link: ${JSON.stringify(linked)}`);
  const disk = await openNodeDisk({ root });
  const prepared = await disk.prepare();
  if (prepared.kind !== 'ready') throw new Error(`cannot prepare: ${JSON.stringify(prepared)}`);
  const account = {
    serverUrl: server.url,
    serverId: linked.answer.serverId,
    namespace: linked.answer.namespace,
    deviceId: linked.answer.deviceId,
    device: name,
    user: server.user,
    instance,
    folder: root,
    brakeFiles: options.brakeFiles ?? null,
  };
  await writeMarker(disk, markerOf(account, 0, prepared.root));
  await disk.close();
  return run({
    name,
    root,
    statePath: join(base, `${name}.db`),
    account,
    token: linked.answer.token,
    options,
  });
}

interface Running {
  readonly name: string;
  readonly root: string;
  readonly statePath: string;
  readonly account: ConstructorParameters<typeof Engine>[0]['account'];
  readonly token: string;
  readonly options: DeviceOptions;
}

async function run(parts: Running): Promise<TestDevice> {
  const { root, account, token, options } = parts;
  const opened = openState(parts.statePath);
  if (opened.kind !== 'open') throw new Error(`cannot open the state: ${opened.kind}`);
  // As a new state folder does: without a merge base everything is compared.
  if (opened.isNew) opened.db.prepare("INSERT INTO meta (key, value) VALUES ('union-merge', 'yes')").run();
  const disk = await openNodeDisk({ root, forceFallback: options.forceFallback === true });
  const hashing = openNodeHashing({ disk });
  const transport = createNodeTransport({ serverUrl: account.serverUrl, env: {} });
  const real: Environment = {
    clock: nodeClock,
    random: nodeRandom,
    disk,
    hashing,
    transport,
    watch: testWatch(root),
    memory: () => process.memoryUsage.rss(),
    releaseMemory: () => undefined,
    bootId: nodeBootId,
    log: (level, message, facts) => {
      if (level === 'error' || process.env['TIDEMARK_TEST_LOG'])
        console.error(parts.name, level, message, facts?.['plan'] ?? facts ?? '');
    },
  };
  const env = options.environment?.(real) ?? real;
  const engine = new Engine({
    env,
    db: opened.db,
    account,
    token,
    platform: 'linux',
    paused: options.paused ?? false,
  });
  await engine.start();
  let stopped: Promise<void> | null = null;
  const stopAll = async () => {
    await engine.stop();
    await hashing.close();
    await transport.close();
    await disk.close();
    opened.db.close();
  };
  const stop = () => {
    stopped ??= stopAll();
    return stopped;
  };
  return {
    name: parts.name,
    root,
    statePath: parts.statePath,
    engine,
    db: opened.db,
    control: createControl(engine, FACTS, () => undefined),
    status: () => statusOf(engine, FACTS),
    wait: (seconds = 60) => waitUntilInStep(engine, seconds, { signal: new AbortController().signal }),
    stop,
    crash: () => {
      const rest = stopAll();
      stopped = Promise.resolve();
      return rest;
    },
    restart: async (change = {}) => {
      await stop();
      return run({ ...parts, options: { ...options, ...change } });
    },
  };
}

/** Brings all devices in step with each other: each waits in turn until a whole round finds nothing new. */
export async function inStep(...devices: readonly TestDevice[]): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    for (const device of devices) {
      const done = await device.wait();
      if (!done.done) throw new Error(`${device.name} is not in step: ${done.sentence}`);
    }
  }
}

export async function removeDevice(device: TestDevice): Promise<void> {
  await device.stop();
  await rm(join(device.root, '..'), { recursive: true, force: true });
}
