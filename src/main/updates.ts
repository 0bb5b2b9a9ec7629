/**
 * Looks for a newer version. Where the app may replace itself (NSIS, a signed macOS app, AppImage) it is fetched and
 * installed when the user says so, or when the app quits; a deb or rpm is the system's to update, so that is only
 * told. A staged rollout is the feed's: `stagingPercentage` there, and electron-updater draws this computer's lot once.
 */
import { app } from 'electron';
import type { ShellState } from '../ipc/window.ts';

export type Update = ShellState['update'];

export interface Updates {
  /** False: there is none that this app can install. */
  install(): boolean;
  stop(): void;
}

const FIRST_MS = 60_000;
const EVERY_MS = 6 * 60 * 60 * 1000;

const NONE: Updates = { install: () => false, stop: () => undefined };

function isForSystem(): boolean {
  return process.platform === 'linux' && !process.env['APPIMAGE'];
}

export function watchUpdates(tell: (update: Update) => void, beforeInstall: () => void): Updates {
  if (!app.isPackaged || process.env['TIDEMARK_E2E'] === '1') return NONE;
  const how = isForSystem() ? 'notify' : 'restart';
  let isReady = false;
  let install = (): void => undefined;
  const look = async (): Promise<void> => {
    const { autoUpdater } = await import('./updater.ts');
    await autoUpdater.checkForUpdates();
  };
  const prepare = async (): Promise<void> => {
    const { autoUpdater } = await import('./updater.ts');
    autoUpdater.autoDownload = how === 'restart';
    autoUpdater.autoInstallOnAppQuit = how === 'restart';
    autoUpdater.logger = null;
    // The feed may be out of reach for days; the next look finds it.
    autoUpdater.on('error', () => undefined);
    autoUpdater.on('update-available', ({ version }) => {
      if (how === 'notify') tell({ version, how });
    });
    autoUpdater.on('update-downloaded', ({ version }) => {
      isReady = true;
      install = () => autoUpdater.quitAndInstall(false, true);
      tell({ version, how });
    });
  };
  const run = (): void => void look().catch(() => undefined);
  const first = setTimeout(() => void prepare().then(run, () => undefined), FIRST_MS);
  const timer = setInterval(run, EVERY_MS);
  return {
    install: () => {
      if (!isReady) return false;
      beforeInstall();
      install();
      return true;
    },
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
