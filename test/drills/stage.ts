/** Where a drill takes place: real processes, a line with faults for each device, and a transcript of what is seen. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SwitchName } from '../../server-stub/metadata/job-rows.ts';
import type { Status } from '../../src/ipc/status.ts';
import { FaultProxy } from '../network/fault-proxy.ts';
import { Fleet, type Picture, type TestDevice, until } from '../support/devices.ts';
import { command, type Ran } from '../support/processes.ts';
import type { Drill } from './drill.ts';
import { Figures } from './figures.ts';

const SHORT_HOURS = fileURLToPath(new URL('./short-hours-server.ts', import.meta.url));
const SIGNAL_MS = 60_000;
/** What a line of the transcript tells of. */
type Told = 'done' | 'signal' | 'first' | 'contain' | 'proved';

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export class DrillStage {
  readonly fleet: Fleet;
  readonly #lines = new Map<string, FaultProxy>();
  readonly #say: (line: string) => void;

  private constructor(fleet: Fleet, say: (line: string) => void) {
    this.fleet = fleet;
    this.#say = say;
  }

  static async open({ devices, hasShortHours }: Drill, say: (line: string) => void): Promise<DrillStage> {
    const fleet = await Fleet.openOn(hasShortHours ? [process.execPath, SHORT_HOURS] : undefined);
    const stage = new DrillStage(fleet, say);
    try {
      for (const name of devices) await (await stage.link(name)).start();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.fleet.close();
    for (const line of this.#lines.values()) await line.close();
  }

  /** Links a device behind a line of its own; not started. */
  async link(name: string): Promise<TestDevice> {
    const line = await FaultProxy.open(Number(new URL(this.fleet.server.url).port));
    this.#lines.set(name, line);
    this.fleet.addresses.set(name, line.url);
    return this.fleet.link(name);
  }

  device(name: string): TestDevice {
    const found = this.fleet.devices.find((each) => each.name === name);
    assert.ok(found, `a device ${name}`);
    return found;
  }

  lineOf(name: string): FaultProxy {
    const found = this.#lines.get(name);
    assert.ok(found, `a line of ${name}`);
    return found;
  }

  tell(kind: Told, text: string): void {
    this.#say(`  ${kind.padEnd(8)} ${text}`);
  }

  figures(): Promise<Figures> {
    return Figures.of(this.fleet.server.url);
  }

  /** Waits until the figure fits, and writes down what it was before and is now. */
  async signal(
    before: Figures,
    figure: string,
    fits: (now: number, was: number) => boolean,
  ): Promise<number> {
    const was = before.get(figure);
    const now = await until(
      `${figure} moves on from ${was}`,
      async () => {
        const value = (await this.figures()).get(figure);
        return fits(value, was) ? value : null;
      },
      SIGNAL_MS,
    );
    this.tell('signal', `${figure}: ${was} → ${now}`);
    return now;
  }

  /** As an operator types it. */
  async switch(name: SwitchName, on: boolean, why: string): Promise<void> {
    const words = ['admin', 'switch', name, on ? 'on' : 'off'];
    await this.operator(...words, '--why', why);
    this.tell('contain', `tidemark ${words.join(' ')} --why "${why}"`);
  }

  async operator(...words: readonly string[]): Promise<Ran> {
    const ran = await command([...words, '--data', this.fleet.server.data]);
    assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran;
  }

  /** Saved in one piece, as editors do it. */
  async save(device: TestDevice, path: string, bytes: string | Uint8Array): Promise<void> {
    const aside = join(this.fleet.root, 'saved');
    await writeFile(aside, bytes);
    await mkdir(dirname(device.path(path)), { recursive: true });
    await rename(aside, device.path(path));
  }

  /** The state of one device, once it fits. */
  says(device: TestDevice, what: string, fits: (status: Status) => boolean): Promise<Status> {
    let last = '';
    return until(
      `${device.name}: ${what}`,
      async () => {
        const status = await device.status();
        last = `${status.state}: ${status.sentence}`;
        return fits(status) ? status : null;
      },
      SIGNAL_MS,
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}; it says ${last}`);
    });
  }

  /** Nothing is to be sent or fetched any more, whatever the user is asked. */
  async inStep(device: TestDevice): Promise<Status> {
    await device.ask('wait', { timeout: 60 });
    return this.says(device, 'is in step', ({ sentence }) => /Up to date/.test(sentence));
  }

  /** Numbers of the versions of the file that stands there, oldest first. */
  async versions(device: TestDevice, path: string): Promise<readonly number[]> {
    const { nodes } = await device.ask('history', { path });
    const live = nodes.filter((node) => node.live);
    assert.equal(live.length, 1, `one file stands at ${path}`);
    return (live[0]?.versions ?? []).map(({ number }) => number).reverse();
  }

  /** All devices hold the same, the server's books fit together, and each file is what it must be. */
  async settle(wanted: Readonly<Record<string, string | Uint8Array>>): Promise<Picture> {
    const picture = await this.fleet.converge(120_000);
    const found: Record<string, string> = {};
    for (const [path, thing] of picture) if (thing.kind === 'file') found[path] = thing.hash;
    const hashes = Object.entries(wanted).map(([path, bytes]) => [path, hashOf(Buffer.from(bytes))]);
    assert.deepEqual(found, Object.fromEntries(hashes), 'what every folder holds');
    const count = this.fleet.devices.length;
    this.tell('proved', `${count} devices hold the same ${hashes.length} files, byte for byte`);
    await this.fsck();
    return picture;
  }

  async fsck(): Promise<void> {
    const { stdout } = await this.operator('server', 'fsck');
    assert.match(stdout, /Everything fits together\./);
    this.tell('proved', 'tidemark server fsck: everything fits together');
  }

  async bytesAt(device: TestDevice, path: string): Promise<Buffer | null> {
    return readFile(device.path(path)).catch(() => null);
  }
}
