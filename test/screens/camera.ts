/** The stage with a camera before it: one Electron, one shot after the other, each ready to be looked at. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { buildStage } from './build-stage.ts';
import { NOW } from './scenes/scene.ts';
import type { Shot } from './shot-list.ts';

const SIZE = { width: 1180, height: 780 };

export class Camera {
  readonly page: Page;
  /** What the page complained of: anything here is a defect. */
  readonly faults: string[] = [];
  readonly #app: ElectronApplication;
  readonly #work: string;

  private constructor(app: ElectronApplication, page: Page, work: string) {
    this.#app = app;
    this.page = page;
    this.#work = work;
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
  }

  static async open(executablePath: string): Promise<Camera> {
    const work = await mkdtemp(join(tmpdir(), 'tidemark-screens-'));
    const stage = await buildStage(work);
    // Electron's own start-up page loads an app only after it is ready, and schemes must be told before: so as a preload.
    await writeFile(join(work, 'index.js'), '');
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const profile = `--user-data-dir=${join(work, 'profile')}`;
    const app = await _electron.launch({
      executablePath,
      args: [
        ...(asRoot ? ['--no-sandbox'] : []),
        ...['--force-device-scale-factor=1', profile],
        ...['-r', stage.main, work, stage.pages, stage.preload],
      ],
      env: { ...environment(), TZ: 'UTC' },
    });
    const page = await app.firstWindow();
    await page.clock.setFixedTime(NOW);
    return new Camera(app, page, work);
  }

  /** The shot stands still before the camera: its font is there, what is done first is done. */
  async show(shot: Shot): Promise<void> {
    const { width, height } = shot.size ?? SIZE;
    await this.#app.evaluate(
      ({ BrowserWindow }, [scene, dark, language, width, height]) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
        (globalThis as unknown as { setScene: (...about: unknown[]) => void }).setScene(
          scene,
          dark,
          language,
        );
      },
      [shot.scene, shot.dark ?? false, shot.language ?? 'en', width, height] as const,
    );
    await this.page.mouse.move(0, 0);
    await this.page.goto(`tidemark-app://app/index.html?${shot.name}#${shot.route}`);
    await this.page.waitForSelector('#root > *');
    await this.page.evaluate('document.fonts.ready.then(() => null)');
    await this.page.waitForTimeout(250);
    await shot.act?.(this.page);
  }

  async close(): Promise<void> {
    await this.#app.close();
    await rm(this.#work, { recursive: true, force: true, maxRetries: 5 });
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
