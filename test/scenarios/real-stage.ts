/**
 * Scenarios with real processes on real folders. One server and two devices serve all scenarios, each in a folder of its
 * own, since starting processes costs more than syncing. Offline is played as paused.
 */
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fleet, TestDevice } from '../support/devices.ts';
import type { UserAction } from './actions.ts';
import type { MachineAction, Scenario, Side } from './scenario.ts';
import type { Stage } from './stage.ts';
import { describe, type Tree, type TreeSpec } from './tree.ts';

const WAIT_SECONDS = 30;

export class RealStage implements Stage {
  readonly #fleet: Fleet;
  /** Folder of this scenario. */
  readonly #place: string;
  readonly #devices = new Map<Side, TestDevice>();
  readonly #paused = new Set<TestDevice>();
  #conflictsBefore = 0;

  constructor(fleet: Fleet, place: string) {
    this.#fleet = fleet;
    this.#place = place;
    const [first, second] = fleet.devices;
    if (first === undefined || second === undefined) throw new Error('two devices are needed');
    this.#devices.set('A', first).set('B', second);
  }

  async begin(scenario: Scenario): Promise<void> {
    await this.#plant(this.#device('A'), scenario.start ?? {});
    await this.sync();
    this.#conflictsBefore = await this.#conflicts();
  }

  async act(side: Side, action: UserAction): Promise<void> {
    await actInFolder((path) => this.#device(side).path(join(this.#place, path)), action);
  }

  async machine(side: Side, action: MachineAction): Promise<void> {
    if (action.do === 'join') return this.#join(side, action.tree);
    const device = this.#device(side);
    switch (action.do) {
      case 'offline':
      case 'pause':
        await device.ask('pause', {});
        this.#paused.add(device);
        return;
      case 'online':
      case 'resume':
        await device.ask('resume', {});
        this.#paused.delete(device);
        return;
      case 'kill':
        return device.kill();
      case 'stop':
        await device.stop();
        return;
      case 'start':
        return device.start();
      case 'rescan':
        await device.ask('rescan', {});
        return;
      default:
        throw new Error(`"${action.do}" is only played on simulated machines`);
    }
  }

  async restartServer(): Promise<void> {
    await this.#fleet.server.kill();
    await this.#fleet.server.start();
  }

  async pass(seconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 2) * 1000));
  }

  /** Twice: what the first round brings to one device may be a change for another. */
  async sync(): Promise<void> {
    const able = [...this.#devices.values()].filter((device) => device.running && !this.#paused.has(device));
    for (const device of [...able, ...able]) await device.ask('wait', { timeout: WAIT_SECONDS }, 40_000);
  }

  sides(): readonly Side[] {
    return [...this.#devices.keys()];
  }

  async tree(side: Side): Promise<Tree> {
    const tree = new Map<string, string>();
    const root = this.#device(side).path(this.#place);
    const walk = async (below: string): Promise<void> => {
      for (const entry of await fs.readdir(join(root, below), { withFileTypes: true }).catch(() => [])) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        tree.set(path, await describePath(join(root, path)));
        if (entry.isDirectory()) await walk(path);
      }
    };
    await walk('');
    return tree;
  }

  async openConflicts(): Promise<number> {
    return (await this.#conflicts()) - this.#conflictsBefore;
  }

  async history(path: string): Promise<readonly string[]> {
    const device = this.#device('A');
    const full = join(this.#place, path);
    const { nodes } = await device.ask('history', { path: full });
    const living = nodes.find((node) => node.live);
    const texts: string[] = [];
    for (const { version } of living?.versions ?? []) {
      const { bytes } = await device.ask('cat', { path: full, version });
      texts.push(Buffer.from(bytes, 'base64').toString('utf8'));
    }
    return texts;
  }

  async trash(side: Side): Promise<readonly string[]> {
    const root = this.#device(side).path('.tidemark/trash');
    const files = await fs.readdir(root, { recursive: true, withFileTypes: true });
    const texts = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(texts.map((path) => fs.readFile(path, 'utf8')));
  }

  async problems(side: Side): Promise<readonly string[]> {
    const { problemList } = await this.#device(side).status();
    return problemList
      .filter((problem) => problem.path.startsWith(`${this.#place}/`))
      .map((problem) => problem.code)
      .toSorted();
  }

  async heldBatches(side: Side): Promise<number> {
    return (await this.#device(side).status()).review;
  }

  async state(side: Side): Promise<string> {
    const { state, review, conflicts } = await this.#device(side).status();
    // Conflicts of earlier scenarios stay open.
    return state === 'needs-you' && review === 0 && conflicts <= this.#conflictsBefore ? 'up-to-date' : state;
  }

  async uploaded(): Promise<null> {
    return null;
  }

  async invariants(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const [side, device] of this.#devices) {
      for (const area of ['staging', 'parked']) {
        const left = await fs.readdir(device.path(`.tidemark/${area}`));
        wrong.push(...left.map((name) => `Q5 ${side}: ${area} still holds ${name}`));
      }
    }
    return wrong;
  }

  report(): string {
    return [...this.#devices]
      .map(([side, device]) => `--- log of ${side}\n${device.log().slice(-3000)}`)
      .join('\n');
  }

  /** The devices stay for the next scenario; one that joined goes. */
  async close(): Promise<void> {
    for (const device of this.#paused) if (device.running) await device.ask('resume', {});
    for (const side of ['A', 'B'] as const) if (!this.#device(side).running) await this.#device(side).start();
    await this.#devices.get('C')?.stop();
  }

  #device(side: Side): TestDevice {
    const device = this.#devices.get(side);
    if (device === undefined) throw new Error(`${side} does not take part`);
    return device;
  }

  async #conflicts(): Promise<number> {
    return (await this.#device('A').ask('conflicts.list', {})).conflicts.length;
  }

  /** The new device's folder holds its tree before it is linked. */
  async #join(side: Side, tree: TreeSpec): Promise<void> {
    const name = `${side} of ${this.#place}`;
    const folder = join(this.#fleet.root, name);
    await fs.mkdir(folder, { recursive: true });
    await plantIn((path) => join(folder, this.#place, path), tree);
    const device = await this.#fleet.link(name);
    this.#devices.set(side, device);
    await device.start();
  }

  async #plant(device: TestDevice, tree: TreeSpec): Promise<void> {
    await fs.mkdir(device.path(this.#place), { recursive: true });
    await plantIn((path) => device.path(join(this.#place, path)), tree);
  }
}

async function describePath(path: string): Promise<string> {
  const stat = await fs.lstat(path);
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return `link ${await fs.readlink(path)}`;
  const text = await fs.readFile(path, 'utf8');
  return describe((stat.mode & 0o100) !== 0 ? { text, executable: true } : text);
}

async function plantIn(at: (path: string) => string, tree: TreeSpec): Promise<void> {
  for (const [path, entry] of Object.entries(tree)) {
    await fs.mkdir(dirname(at(path)), { recursive: true });
    if (typeof entry === 'string') await fs.writeFile(at(path), entry);
    else if ('folder' in entry) await fs.mkdir(at(path));
    else if ('link' in entry) await fs.symlink(entry.link, at(path));
    else await fs.writeFile(at(path), entry.text, { mode: 0o755 });
  }
}

/** The user's actions with the system calls that programs make. */
async function actInFolder(at: (path: string) => string, action: UserAction): Promise<void> {
  switch (action.do) {
    case 'write':
      return fs.writeFile(at(action.path), action.text);
    case 'append':
      return fs.appendFile(at(action.path), action.text);
    case 'save': {
      const temporary = at(`${dirname(action.path)}/.saving-${process.pid}`);
      await fs.writeFile(temporary, action.text);
      return fs.rename(temporary, at(action.path));
    }
    case 'save-aside':
      await fs.rename(at(action.path), at(`${action.path}~`));
      await fs.writeFile(at(action.path), action.text);
      return action.keep === true ? undefined : fs.rm(at(`${action.path}~`));
    case 'recreate':
      await fs.rm(at(action.path));
      return fs.writeFile(at(action.path), action.text);
    case 'edit-keeping-time': {
      const { atime, mtime } = await fs.stat(at(action.path));
      await fs.writeFile(at(action.path), action.text);
      return fs.utimes(at(action.path), atime, mtime);
    }
    case 'copy': {
      const { atime, mtime } = await fs.stat(at(action.from));
      await fs.copyFile(at(action.from), at(action.to));
      return fs.utimes(at(action.to), atime, mtime);
    }
    case 'move':
      return fs.rename(at(action.from), at(action.to));
    case 'swap':
      return ring(at, [action.a, action.b]);
    case 'ring':
      return ring(at, action.paths);
    case 'mkdir':
      await fs.mkdir(at(action.path), { recursive: true });
      return;
    case 'remove':
      return fs.rm(at(action.path));
    case 'remove-all':
      return fs.rm(at(action.path), { recursive: true });
    case 'chmod':
      return fs.chmod(at(action.path), action.executable ? 0o755 : 0o644);
    case 'link':
      await fs.rm(at(action.path), { force: true });
      return fs.symlink(action.target, at(action.path));
    case 'touch':
      return fs.utimes(at(action.path), action.at, action.at);
    case 'permit':
      throw new Error('permissions do not bind the user that tests may run as');
  }
}

async function ring(at: (path: string) => string, paths: readonly string[]): Promise<void> {
  const last = paths[paths.length - 1]!;
  const aside = `${last}.aside`;
  await fs.rename(at(last), at(aside));
  for (let i = paths.length - 2; i >= 0; i -= 1) await fs.rename(at(paths[i]!), at(paths[i + 1]!));
  await fs.rename(at(aside), at(paths[0]!));
}
