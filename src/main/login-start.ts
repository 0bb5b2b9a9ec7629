/** Starting with the session: the system's own way where it has one, a desktop entry on Linux. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { desktopEntry } from './desktop-entry.ts';

/** Said to the app that was started by the session: it then opens no window. */
export const HIDDEN = '--hidden';

function entryFile(): string {
  const config = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return join(config, 'autostart', 'tidemark.desktop');
}

/** An AppImage moves nothing of itself: the file the user has is what has to be started. */
function command(): readonly string[] {
  const image = process.env['APPIMAGE'];
  if (image) return [image];
  return app.isPackaged ? [process.execPath] : [process.execPath, app.getAppPath()];
}

export function startAtLogin(wanted: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, args: [HIDDEN] });
    return;
  }
  if (!wanted) {
    rmSync(entryFile(), { force: true });
    return;
  }
  mkdirSync(join(entryFile(), '..'), { recursive: true });
  writeFileSync(entryFile(), desktopEntry([...command(), HIDDEN]));
}

/** macOS says it apart from the arguments. */
export function wasStartedByLogin(): boolean {
  if (process.argv.includes(HIDDEN)) return true;
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}
