/** A server, a second device and the app, each a real process, on folders that end with the test. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  _electron,
  test as base,
  type ElectronApplication,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';
import type { Method, Params, Result } from '../../src/ipc/contract.ts';
import { connectControl } from '../../src/ipc/node-control-client.ts';
import { type AppCommand, appCommand } from '../support/app.ts';
import { Fleet, type TestDevice } from '../support/devices.ts';
import { command } from '../support/processes.ts';

export { expect };
export const PASSWORD = 'a password for tests';
export const USER = 'anna';

export interface AppOptions {
  /** Everything of this installation; the same folder is the same installation. */
  readonly base: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly language?: 'en' | 'de';
}

/** The app, started. */
export class App {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly folder: string;
  /** The state folder of the engine that the app runs. */
  readonly state: string;
  /** What the page complained of: anything here is a defect. */
  readonly faults: string[] = [];

  private constructor(electron: ElectronApplication, page: Page, place: AppCommand) {
    this.electron = electron;
    this.page = page;
    this.folder = place.folder;
    this.state = place.state;
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const { url, lineNumber } = message.location();
      this.faults.push(`${message.text()} (${url}:${lineNumber})`);
    });
    page.on('pageerror', (error) => this.faults.push(error.message));
  }

  static async launch({ base, env = {}, language = 'en' }: AppOptions): Promise<App> {
    await mkdir(base, { recursive: true });
    const place = appCommand({ base, language });
    const electron = await _electron.launch({
      executablePath: place.executable,
      args: [...place.args],
      env: { ...place.env, ...env },
    });
    const page = await electron.firstWindow();
    await page.waitForSelector('#root > *');
    return new App(electron, page, place);
  }

  path(below: string): string {
    return join(this.folder, below);
  }

  async go(route: string): Promise<void> {
    await this.page.evaluate((to) => {
      window.location.hash = to;
    }, route);
  }

  headline(): Locator {
    return this.page.getByTestId('headline');
  }

  /** Waits until the app says, with its proof, that all is in step. */
  async inStep(): Promise<void> {
    await expect(this.headline()).toHaveAttribute('data-state', /^(up-to-date|needs-you|warning)$/, {
      timeout: 40_000,
    });
  }

  /** One call to the engine, beside the window. */
  async ask<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const connected = await connectControl(this.state);
    if (connected.kind !== 'connected') throw new Error(`the engine does not answer: ${connected.kind}`);
    try {
      const outcome = await connected.client.call(method, params);
      if (outcome.kind !== 'ok') throw new Error(`${method}: ${JSON.stringify(outcome)}`);
      return outcome.value;
    } finally {
      connected.client.close();
    }
  }

  async close(): Promise<void> {
    await this.electron.close();
  }
}

export interface Stage {
  readonly root: string;
  readonly fleet: Fleet;
  /** The second device. */
  readonly studio: TestDevice;
  readonly app: App;
}

/** Makes the installation at `base` a device of the server before its first start, as `tidemark link` would. */
export async function linkApp(base: string, server: string, password: string, user = USER): Promise<void> {
  const { folder, home, state } = appCommand({ base });
  await mkdir(home, { recursive: true, mode: 0o700 });
  const who = ['--server', server, '--user', user, '--password-file', password];
  const linked = await command([
    'link',
    ...who,
    '--device',
    'Anna-Laptop',
    '--state',
    state,
    '--folder',
    folder,
  ]);
  expect(linked.code, linked.stderr).toBe(0);
}

export async function openStage(): Promise<Stage & { close(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  const fleet = await Fleet.open('Studio-PC');
  const studio = fleet.devices[0];
  if (studio === undefined) throw new Error('a fleet has a device');
  await linkApp(root, fleet.server.url, join(fleet.root, 'password'));
  const app = await App.launch({ base: root });
  await app.inStep();
  const close = async () => {
    await app.close();
    await fleet.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  };
  return { root, fleet, studio, app, close };
}

/** One stage for all tests of a file: they use names of their own. */
export const test = base.extend<object, { readonly stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to learn what a fixture needs
    async ({}, use) => {
      const stage = await openStage();
      try {
        await use(stage);
        expect(stage.app.faults).toEqual([]);
      } finally {
        await stage.close();
      }
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

export function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

export function write(path: string, text: string | Uint8Array): Promise<void> {
  return writeFile(path, text);
}

/** Both sides agree on the text. */
export async function agreed(stage: Stage, name: string, text: string): Promise<void> {
  for (const path of [stage.app.path(name), stage.studio.path(name)])
    await expect.poll(() => readText(path), { timeout: 30_000, message: path }).toBe(text);
}

interface Sides {
  readonly base: string | Uint8Array;
  readonly theirs: string | Uint8Array;
  readonly mine: string | Uint8Array;
}

/** A conflict as people make them: both edit, the app's device offline meanwhile. Resolves once it is known here. */
export async function makeConflict({ app, studio }: Stage, name: string, sides: Sides): Promise<string> {
  const before = (await app.ask('conflicts.list', {})).total;
  await write(studio.path(name), sides.base);
  await expect
    .poll(
      () =>
        readFile(app.path(name)).then(
          (bytes) => bytes.length,
          () => -1,
        ),
      { timeout: 30_000 },
    )
    .toBe(Buffer.from(sides.base).length);
  await app.ask('wait', { timeout: 20 });
  await app.ask('pause', {});
  await write(studio.path(name), sides.theirs);
  await studio.ask('wait', { timeout: 20 });
  await write(app.path(name), sides.mine);
  await app.ask('resume', {});
  await expect
    .poll(async () => (await app.ask('conflicts.list', {})).total, { timeout: 30_000 })
    .toBe(before + 1);
  await app.ask('wait', { timeout: 20 });
  const { conflicts } = await app.ask('conflicts.list', {});
  const found = conflicts.find((each) => each.path === name);
  if (found === undefined) throw new Error(`no conflict at ${name}: ${JSON.stringify(conflicts)}`);
  return found.id;
}
