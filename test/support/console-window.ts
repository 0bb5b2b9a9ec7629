/** A real browser for the console: an Electron window that is nothing but Chromium on one address. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../../src/ensure-electron.mjs';

const MAIN = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 900, useContentSize: true,
  webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false } }).loadURL('about:blank'));`;

export class ConsoleWindow {
  readonly page: Page;
  /** What the page complained of: anything here is a defect. */
  readonly faults: string[] = [];
  readonly #electron: ElectronApplication;
  readonly #folder: string;

  private constructor(electron: ElectronApplication, page: Page, folder: string) {
    this.#electron = electron;
    this.page = page;
    this.#folder = folder;
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
  }

  static async open(): Promise<ConsoleWindow> {
    const electron = findElectron();
    if (electron === undefined) throw new Error('There is no Electron: npm run setup -- --app');
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-console-'));
    await mkdir(join(folder, 'app'));
    await writeFile(join(folder, 'app', 'package.json'), '{"main":"main.cjs"}');
    await writeFile(join(folder, 'app', 'main.cjs'), MAIN);
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const app = await _electron.launch({
      executablePath: electron.executable,
      args: [
        ...(asRoot ? ['--no-sandbox'] : []),
        '--force-device-scale-factor=1',
        `--user-data-dir=${join(folder, 'profile')}`,
        join(folder, 'app'),
      ],
      env: environment(),
    });
    const page = await app.firstWindow();
    // Windows of other tests come and go on the same display: the page has the keyboard all the same.
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    return new ConsoleWindow(app, page, folder);
  }

  async signIn(url: string, { name, password }: { readonly name: string; readonly password: string }) {
    await this.page.goto(`${url}/sign-in`);
    await this.page.getByLabel('User name').fill(name);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#electron.evaluate(
      ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
      [width, height] as const,
    );
  }

  async close(): Promise<void> {
    await this.#electron.close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name === 'ELECTRON_RUN_AS_NODE' ? [] : [[name, value]],
    ),
  );
}
