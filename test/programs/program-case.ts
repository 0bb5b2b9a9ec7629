/** One program at work in a folder that is synced meanwhile, and what has to be so afterwards. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fleet, type Picture, type TestDevice, until } from '../support/devices.ts';

export interface ProgramCase {
  readonly name: string;
  /** Debian packages that hold what is run. */
  readonly packages: readonly string[];
  /** Works in folders of its own name, so that all cases can share one fleet. */
  readonly run: (desk: Desk) => Promise<void>;
}

const CONVERGE_MS = 300_000;

/** Two devices, and programs at work on them. */
export class Desk {
  readonly fleet: Fleet;
  readonly here: TestDevice;
  readonly there: TestDevice;

  private constructor(fleet: Fleet) {
    this.fleet = fleet;
    const [here, there] = fleet.devices;
    assert.ok(here && there);
    this.here = here;
    this.there = there;
  }

  static async open(): Promise<Desk> {
    const fleet = await Fleet.open();
    try {
      // A branch of another shape deletes and overwrites by the hundred: people who work so switch the brake off.
      for (const name of ['Here', 'There']) await (await fleet.link(name, '--brake-files', 'off')).start();
      return new Desk(fleet);
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.fleet.close();
  }

  /** A folder outside the synced ones. */
  aside(name: string): string {
    return join(this.fleet.root, name);
  }

  /** Both are in step, equal, and without a conflict or anything that programs leave behind only on one machine. */
  async settled(): Promise<Picture> {
    const picture = await this.fleet.converge(CONVERGE_MS);
    for (const device of this.fleet.devices) {
      const status = await until(`${device.name} is up to date`, async () => {
        const now = await device.status();
        return now.state === 'up-to-date' ? now : null;
      });
      assert.deepEqual([status.problems, status.unseen, status.review, status.conflicts], [0, 0, 0, 0]);
    }
    const litter = [...picture.keys()].filter((path) => LITTER.test(path));
    assert.deepEqual(litter, [], 'left behind');
    return picture;
  }
}

/** Copies of conflicts that nobody had, and files that mean something to a running program only. */
const LITTER =
  /\(conflict - |\.lock$|\.sw[nop]$|(^|\/)\.~lock\.|(^|\/)4913$|-(wal|shm|journal)$|(^|\/)lu[0-9a-z]+\.tmp$/;

/** Runs a program to its end; fails with what it said when that was bad. */
export async function run(cwd: string, program: string, ...words: readonly string[]): Promise<string> {
  const env = { ...process.env, ...QUIET };
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  assert.equal(code, 0, `${program} ${words.join(' ')}\n${said.out}\n${said.err}`);
  return said.out;
}

/** Nothing of the machine's own settings, and the same commits wherever they are made. */
const QUIET = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  npm_config_update_notifier: 'false',
};

/** What is below a folder, with the bits of its modes that are synced. */
export async function modesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const modes = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const stat = await lstat(path);
    const program = stat.isFile() && (stat.mode & 0o100) !== 0;
    modes.set(path.slice(folder.length + 1), program ? 'program' : stat.isFile() ? 'file' : 'other');
  }
  return modes;
}
