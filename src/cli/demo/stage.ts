/** The stage of the demo: a real server and two real devices on temporary folders. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Method, Params, Result } from '../../ipc/contract.ts';
import { type ControlClient, connectControl } from '../../ipc/node-control-client.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import { type Managed, pauseFor, type Ran, runOwn, START_MS, spawnOwn, startServer } from '../own-process.ts';
import { type Difference, differences, type Picture, pictureOf } from './compare-folders.ts';

/** A step that did not come out as it must: the demo ends with it. */
export class DemoFailure extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'DemoFailure';
  }
}

export class DemoDevice {
  readonly name: string;
  readonly folder: string;
  readonly state: string;
  readonly #process: Managed;
  readonly #client: ControlClient;

  constructor(name: string, folder: string, state: string, process: Managed, client: ControlClient) {
    this.name = name;
    this.folder = folder;
    this.state = state;
    this.#process = process;
    this.#client = client;
  }

  path(below: string): string {
    return join(this.folder, below);
  }

  async ask<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const outcome = await this.#client.call(method, params);
    if (outcome.kind === 'ok') return outcome.value;
    const why =
      outcome.kind === 'refused'
        ? sentenceOf(outcome.code, outcome.facts)
        : outcome.kind === 'fault'
          ? outcome.message
          : 'no answer';
    throw new DemoFailure(`${this.name}: ${method}: ${why}`);
  }

  /** The command line as a user of this device would type it. */
  async type(...words: readonly string[]): Promise<Ran> {
    const ran = await runOwn([...words, '--state', this.state]);
    if (ran.code !== 0)
      throw new DemoFailure(`${this.name}: tidemark ${words.join(' ')}: ${ran.stderr.trim()}`);
    return ran;
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#process.stop();
  }
}

const USER = 'anna';
const IN_STEP_MS = 20_000;

export class Stage {
  readonly root: string;
  readonly laptop: DemoDevice;
  readonly studio: DemoDevice;
  readonly #server: Managed;

  private constructor(root: string, server: Managed, laptop: DemoDevice, studio: DemoDevice) {
    this.root = root;
    this.laptop = laptop;
    this.studio = studio;
    this.#server = server;
  }

  static async open(): Promise<Stage> {
    const root = await mkdtemp(join(tmpdir(), 'tidemark-demo-'));
    const running: Managed[] = [];
    try {
      const started = await startServer({
        data: join(root, 'server'),
        port: 0,
        readyFile: join(root, 'ready.json'),
        logFile: join(root, 'server.log'),
      });
      if (started.kind === 'ended') throw new DemoFailure(`The server did not start:\n${started.why}`);
      running.push(started.server);
      const password = join(root, 'password');
      await writeFile(password, 'only-for-this-demo\n', { mode: 0o600 });
      await must([
        'user',
        'add',
        '--data',
        join(root, 'server'),
        '--name',
        USER,
        '--password-file',
        password,
      ]);
      const link = (name: string) => linkDevice(root, name, started.url, password, running);
      const [laptop, studio] = [await link('Laptop'), await link('Studio')];
      return new Stage(root, started.server, laptop, studio);
    } catch (error) {
      for (const process of running.reverse()) await process.stop();
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** Waits until both devices say that they are in step, and both folders prove it. */
  async inStep(): Promise<Picture> {
    const until = performance.now() + IN_STEP_MS;
    for (;;) {
      for (const device of [this.laptop, this.studio, this.laptop]) await device.ask('wait', { timeout: 5 });
      const [left, right] = await Promise.all([pictureOf(this.laptop.folder), pictureOf(this.studio.folder)]);
      const differ = differences(left, right);
      if (differ.length === 0) return left;
      if (performance.now() > until) throw new DemoFailure(unequal(differ));
      await pauseFor(100);
    }
  }

  async bothOffline(): Promise<void> {
    for (const device of [this.laptop, this.studio]) await device.ask('pause', {});
  }

  async wireBytes(): Promise<number> {
    const both = await Promise.all([this.laptop.ask('status', {}), this.studio.ask('status', {})]);
    return both.reduce((sum, { bytesSent, bytesReceived }) => sum + bytesSent + bytesReceived, 0);
  }

  async close(keep: boolean): Promise<void> {
    await Promise.all([this.laptop.stop(), this.studio.stop()]);
    await this.#server.stop();
    if (!keep) await rm(this.root, { recursive: true, force: true });
  }
}

function unequal(differ: readonly Difference[]): string {
  const rows = differ
    .slice(0, 10)
    .map(({ path, left, right }) => `  ${path}: Laptop has ${left}, Studio ${right}`);
  return ['The two folders are not the same:', ...rows].join('\n');
}

async function must(args: readonly string[]): Promise<void> {
  const ran = await runOwn(args);
  if (ran.code !== 0) throw new DemoFailure(`tidemark ${args.slice(0, 2).join(' ')}: ${ran.stderr.trim()}`);
}

async function linkDevice(
  root: string,
  name: string,
  url: string,
  password: string,
  running: Managed[],
): Promise<DemoDevice> {
  const folder = join(root, name);
  const state = join(root, `${name}-state`);
  await mkdir(folder);
  const who = ['--server', url, '--user', USER, '--password-file', password];
  await must(['link', ...who, '--device', name, '--state', state, '--folder', folder]);
  const process = spawnOwn(['run', '--state', state], join(root, `${name}.log`));
  running.push(process);
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const connected = await connectControl(state);
    if (connected.kind === 'connected') return new DemoDevice(name, folder, state, process, connected.client);
    await pauseFor(50);
  }
  throw new DemoFailure(`${name} did not start; ${join(root, `${name}.log`)} says why.`);
}
