/** Our own: a server and two devices, driven by the command line and the control socket. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestDevice, TestServer } from '../support/devices.ts';
import { command } from '../support/processes.ts';
import type { System } from './system.ts';

async function run(...words: readonly string[]): Promise<string> {
  const ran = await command(words);
  assert.equal(ran.code, 0, `tidemark ${words[0]}: ${ran.stderr}`);
  return ran.stdout.trim();
}

export class TidemarkSystem implements System {
  readonly name = 'tidemark';
  readonly a: string;
  readonly b: string;
  readonly #root: string;
  readonly #server: TestServer;
  readonly #devices: readonly [TestDevice, TestDevice];
  #running: ReadonlyMap<string, number> = new Map();

  constructor(root: string) {
    this.#root = root;
    this.#server = new TestServer(root);
    this.#devices = [new TestDevice(root, 'A'), new TestDevice(root, 'B')];
    [this.a, this.b] = [this.#devices[0].folder, this.#devices[1].folder];
  }

  ignores(name: string): boolean {
    return name === '.tidemark';
  }

  async version(): Promise<string> {
    const said = await run('--version');
    return said.split(/\s+/).at(-1) ?? said;
  }

  async prepare(): Promise<void> {
    await this.#server.start();
    const password = join(this.#root, 'password');
    await writeFile(password, 'a password for the bench\n', { mode: 0o600 });
    await run(
      ...['user', 'add', '--data', this.#server.data, '--name', 'bench', '--password-file', password],
    );
    const who = ['--server', this.#server.url, '--user', 'bench', '--password-file', password];
    for (const device of this.#devices) {
      await mkdir(device.folder, { recursive: true });
      const where = ['--device', device.name, '--state', device.state, '--folder', device.folder];
      await run('link', ...who, ...where, '--brake-files', 'off');
    }
    await this.#startDevices(true);
  }

  async #startDevices(paused: boolean): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.start(paused)));
    const running = new Map([['server', await this.#serverPid()]]);
    for (const device of this.#devices) running.set(device.name, (await device.status()).pid);
    this.#running = running;
  }

  async #serverPid(): Promise<number> {
    const ready: unknown = JSON.parse(await readFile(join(this.#root, 'ready.json'), 'utf8'));
    assert.ok(typeof ready === 'object' && ready !== null && 'pid' in ready, 'the server names its process');
    assert.ok(typeof ready.pid === 'number');
    return ready.pid;
  }

  async release(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.ask('resume', {})));
  }

  async isUpToDate(): Promise<boolean> {
    const told = await Promise.all(this.#devices.map((device) => device.status()));
    return told.every(({ state }) => state === 'up-to-date');
  }

  processes(): ReadonlyMap<string, number> {
    return this.#running;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.stop()));
    // A run that failed early has none to end.
    if (this.#running.size > 0) await this.#server.stop();
    else await this.#server.kill();
    this.#running = new Map();
  }

  async boot(): Promise<void> {
    await this.#server.start();
    await this.#startDevices(false);
  }
}
