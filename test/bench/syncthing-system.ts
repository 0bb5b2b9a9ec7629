/** Syncthing as the yardstick: two instances of it, driven by their REST interface. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/devices.ts';
import { OwnedProcess } from './owned-process.ts';
import { connected, type Instance, idle, makeInstance, share, unpause } from './syncthing-instance.ts';
import type { System } from './system.ts';

const START_MS = 60_000;

/** What is installed, or null. */
export function syncthingVersion(): string | null {
  const asked = spawnSync('syncthing', ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? (asked.stdout.split(' ')[1] ?? null) : null;
}

export class SyncthingSystem implements System {
  readonly name = 'syncthing';
  readonly a: string;
  readonly b: string;
  readonly #root: string;
  #instances: readonly Instance[] = [];
  #processes: readonly OwnedProcess[] = [];

  constructor(root: string) {
    this.#root = root;
    [this.a, this.b] = [join(root, 'A'), join(root, 'B')];
  }

  ignores(name: string): boolean {
    return name === '.stfolder' || name === '.stversions' || /^[.~]syncthing[.~]/.test(name);
  }

  async version(): Promise<string> {
    return syncthingVersion() ?? 'not installed';
  }

  async prepare(): Promise<void> {
    const made: Instance[] = [];
    for (const name of ['A', 'B']) made.push(await makeInstance(this.#root, name));
    this.#instances = made;
    await this.boot();
    for (const instance of made) {
      // A folder needs its marker before it is let go.
      mkdirSync(join(instance.folder, '.stfolder'), { recursive: true });
      await share(instance, made);
    }
    await until('the two instances are connected', async () => (await this.#connected()) || null, START_MS);
  }

  async #connected(): Promise<boolean> {
    const found = await Promise.all(this.#instances.map((instance) => connected(instance, this.#instances)));
    return found.every(Boolean);
  }

  async release(): Promise<void> {
    await Promise.all(this.#instances.map(unpause));
  }

  async isUpToDate(): Promise<boolean> {
    const found = await Promise.all(this.#instances.map(idle));
    return found.every(Boolean) && (await this.#connected());
  }

  processes(): ReadonlyMap<string, number> {
    return new Map(this.#processes.map(({ name, pid }) => [name, pid]));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    this.#processes = [];
  }

  async boot(): Promise<void> {
    this.#processes = this.#instances.map(
      ({ name, home }) =>
        new OwnedProcess(
          name,
          ['syncthing', 'serve', '--home', home, '--no-browser', '--no-restart', '--no-upgrade'],
          // Monitored: one process instead of a guard and its child. HOME: it must not find a user's own.
          { STMONITORED: '1', HOME: this.#root },
          join(this.#root, `${name}.log`),
        ),
    );
    for (const instance of this.#instances)
      await until(
        `${instance.name} answers`,
        () => instance.ask('GET', '/rest/system/ping').catch(() => null),
        START_MS,
      );
  }
}
