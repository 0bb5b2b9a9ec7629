/** How the app stands when it starts. */
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { app, nativeTheme } from 'electron';
import type { AppSettings, Language, ShellState } from '../ipc/window.ts';
import type { KeychainKind } from './keychain.ts';

export function languageOf(settings: AppSettings): Language {
  if (settings.language !== 'system') return settings.language;
  return app.getPreferredSystemLanguages()[0]?.toLowerCase().startsWith('de') ? 'de' : 'en';
}

function platform(): ShellState['platform'] {
  if (process.platform === 'darwin') return 'macos';
  return process.platform === 'win32' ? 'windows' : 'linux';
}

export function firstState(options: {
  readonly settings: AppSettings;
  readonly folder: string | null;
  readonly keychain: KeychainKind;
  readonly env: NodeJS.ProcessEnv;
}): ShellState {
  const { settings, folder, keychain, env } = options;
  return {
    phase: folder === null ? 'first-run' : 'starting',
    platform: platform(),
    version: app.getVersion(),
    language: languageOf(settings),
    dark: nativeTheme.shouldUseDarkColors,
    settings,
    keychain,
    tray: false,
    restarts: 0,
    lastEnd: null,
    folder,
    serverHere: false,
    update: null,
    proposed: {
      folder: env['TIDEMARK_FOLDER'] || join(homedir(), 'Tidemark'),
      device: hostname() || 'this computer',
    },
  };
}
