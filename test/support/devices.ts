/** A real server and real devices on temporary folders, and the proof that all of them hold the same. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences, type Picture, pictureOf } from '../../src/cli/demo/compare-folders.ts';
import type { Method, Params, Result } from '../../src/ipc/contract.ts';
import { connectControl } from '../../src/ipc/node-control-client.ts';
import type { Status } from '../../src/ipc/status.ts';
import { command, type Ran, Running } from './processes.ts';

export { differences, type Picture, pictureOf };

const USER = 'anna';
/** Generous: the machine that runs all suites at once is slow, and a suite ends by its own limit anyway. */
const START_MS = 30_000;
const CONVERGE_MS = 30_000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks every 50 ms until it gets an answer; fails with what was waited for. */
export async function until<T>(what: string, look: () => Promise<T | null>, ms = CONVERGE_MS): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(50);
  }
}

export class TestServer {
  readonly data: string;
  readonly #root: string;
  readonly #program: readonly [string, ...string[]] | undefined;
  #port = 0;
  #process: Running | null = null;
  url = '';

  /** `program`: understands the same words; left out: the product's own. */
  constructor(root: string, program?: readonly [string, ...string[]]) {
    this.#root = root;
    this.#program = program;
    this.data = join(root, 'server');
  }

  /** Starts it, always at the same address: devices know it by that. `more`: further words of its command. */
  async start(more: readonly string[] = []): Promise<void> {
    const ready = join(this.#root, 'ready.json');
    await rm(ready, { force: true });
    const words = [
      'server',
      '--data',
      this.data,
      '--port',
      String(this.#port),
      '--ready-file',
      ready,
      ...more,
    ];
    const process = new Running(words, join(this.#root, 'server.log'), {}, this.#program);
    this.#process = process;
    const text = await until(
      'the server listens',
      async () => {
        assert.ok(process.alive, `the server ended:\n${process.log()}`);
        return readFile(ready, 'utf8').catch(() => null);
      },
      START_MS,
    );
    this.url = (JSON.parse(text) as { url: string }).url;
    this.#port = Number(new URL(this.url).port);
  }

  async stop(): Promise<void> {
    assert.equal(await this.#process?.stop(), 0, 'a clean stop of the server');
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }
}

export class TestDevice {
  readonly name: string;
  readonly folder: string;
  readonly state: string;
  readonly #log: string;
  #process: Running | null = null;

  constructor(root: string, name: string) {
    this.name = name;
    this.folder = join(root, name);
    this.state = join(root, `${name}.state`);
    this.#log = join(root, `${name}.log`);
  }

  path(below: string): string {
    return join(this.folder, below);
  }

  get running(): boolean {
    return this.#process?.alive ?? false;
  }

  /** 0: it was never started. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the engine; resolves when it answers. */
  async start(paused = false): Promise<void> {
    const process = this.begin(paused);
    await until(
      `${this.name} answers`,
      async () => {
        assert.ok(process.alive, `${this.name} ended:\n${process.log()}`);
        const connected = await connectControl(this.state);
        if (connected.kind !== 'connected') return null;
        const own = connected.client.pid === process.pid;
        connected.client.close();
        return own ? true : null;
      },
      START_MS,
    );
  }

  /** Starts the engine and does not wait for it: it may never answer. `env`: on top of this process's own. */
  begin(paused = false, env: Readonly<Record<string, string>> = {}): Running {
    const words = ['run', '--state', this.state, ...(paused ? ['--paused'] : [])];
    this.#process = new Running(words, this.#log, env);
    return this.#process;
  }

  /** SIGTERM; answers with the exit code. */
  async stop(): Promise<number | null> {
    return (await this.#process?.stop()) ?? null;
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** One call over the control socket. */
  async ask<M extends Method>(method: M, params: Params<M>, timeoutMs?: number): Promise<Result<M>> {
    const connected = await connectControl(this.state);
    assert.equal(connected.kind, 'connected', `${this.name} answers ${method}`);
    try {
      const outcome = await connected.client.call(method, params, timeoutMs);
      assert.ok(outcome.kind === 'ok', `${this.name}: ${method}: ${JSON.stringify(outcome)}\n${this.log()}`);
      return outcome.value;
    } finally {
      connected.client.close();
    }
  }

  status(): Promise<Status> {
    return this.ask('status', {});
  }

  /** The command line as typed on this device, with `--state` filled in. */
  type(...words: readonly string[]): Promise<Ran> {
    return command([...words, '--state', this.state], this.folder);
  }

  picture(): Promise<Picture> {
    return pictureOf(this.folder);
  }

  log(): string {
    return this.#process?.log() ?? '';
  }
}

export class Fleet {
  readonly root: string;
  readonly server: TestServer;
  readonly devices: TestDevice[] = [];
  /** Where a device of that name looks for the server, if not at the server itself: a proxy before it. */
  readonly addresses = new Map<string, string>();

  private constructor(root: string, program?: readonly [string, ...string[]]) {
    this.root = root;
    this.server = new TestServer(root, program);
  }

  /** A server with one user, and devices of that user, linked and running. */
  static open(...names: readonly string[]): Promise<Fleet> {
    return Fleet.openOn(undefined, ...names);
  }

  /** The same with another program in the place of the server. */
  static async openOn(
    program: readonly [string, ...string[]] | undefined,
    ...names: readonly string[]
  ): Promise<Fleet> {
    const fleet = new Fleet(await mkdtemp(join(tmpdir(), 'tidemark-fleet-')), program);
    try {
      await fleet.server.start();
      await writeFile(fleet.#password, 'a password for tests\n');
      await fleet.addUser(USER);
      for (const name of names) await (await fleet.link(name)).start();
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  get #password(): string {
    return join(this.root, 'password');
  }

  /** One more user, with the password of all of them. */
  async addUser(name: string): Promise<void> {
    const who = ['--name', name, '--password-file', this.#password];
    const added = await command(['user', 'add', '--data', this.server.data, ...who]);
    assert.equal(added.code, 0, added.stderr);
  }

  /** Links one more device; its folder may hold things already. Not started. */
  link(name: string, ...more: readonly string[]): Promise<TestDevice> {
    return this.linkFor(USER, name, ...more);
  }

  async linkFor(user: string, name: string, ...more: readonly string[]): Promise<TestDevice> {
    const device = new TestDevice(this.root, name);
    await mkdir(device.folder, { recursive: true });
    const linked = await this.typeLink(device, user, ...more);
    assert.equal(linked.code, 0, linked.stderr);
    this.devices.push(device);
    return device;
  }

  /** Links a device as it is typed, also one that is linked already. */
  typeLink({ name, state, folder }: TestDevice, user = USER, ...more: readonly string[]): Promise<Ran> {
    const address = this.addresses.get(name) ?? this.server.url;
    const who = ['--server', address, '--user', user, '--password-file', this.#password];
    const where = ['--device', name, '--state', state, '--folder', folder];
    return command(['link', ...who, ...where, ...more]);
  }

  /**
   * Waits until every device says that it is in step and all folders hold the same: names, kinds, bytes, program bits
   * and link targets. Answers with what they hold.
   */
  async converge(ms = CONVERGE_MS): Promise<Picture> {
    const end = performance.now() + ms;
    for (;;) {
      const waits = [];
      // Twice: what the first round brings to one device may be a change for another.
      for (const device of [...this.devices, ...this.devices])
        waits.push(`${device.name}: ${(await device.ask('wait', { timeout: 5 })).sentence}`);
      const differ = await this.#differences();
      const first = this.devices[0];
      assert.ok(first, 'a fleet has a device');
      if (differ.length === 0) return first.picture();
      if (performance.now() > end) await this.#fail([...waits, ...differ]);
      await pause(100);
    }
  }

  async #differences(): Promise<string[]> {
    const [first, ...others] = this.devices;
    if (first === undefined) return [];
    const lines: string[] = [];
    const left = await first.picture();
    for (const other of others)
      for (const row of differences(left, await other.picture()))
        lines.push(`${row.path}: ${first.name} has ${row.left}, ${other.name} has ${row.right}`);
    return lines;
  }

  async #fail(lines: readonly string[]): Promise<never> {
    const statuses = this.devices.map((device) => device.status().catch(String));
    const about = (await Promise.all(statuses)).map((status) => JSON.stringify(status));
    const logs = this.devices.map((device) => `--- ${device.name}\n${device.log().slice(-2000)}`);
    throw new Error(['the devices do not agree:', ...lines.slice(0, 30), ...about, ...logs].join('\n'));
  }

  /** Ends everything and removes the folders. */
  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.kill()));
    await this.server.kill();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
