/** What the app itself keeps, as one small file: whole or not at all, and never trusted when it is read. */
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppSettings } from '../ipc/window.ts';
import { parserOf } from '../protocol/schema.ts';

const parse = parserOf(AppSettings);

export const DEFAULT_SETTINGS: AppSettings = {
  language: 'system',
  theme: 'system',
  startAtLogin: false,
  notify: { conflicts: true, review: true, problems: true, connection: false, finished: false },
  pauseOnMetered: false,
  pauseOnBattery: false,
  mergeTool: null,
};

export interface SettingsFile {
  readonly current: AppSettings;
  save(settings: AppSettings): Promise<void>;
}

/** What an older version wrote is taken over as far as it goes; the rest is as new. */
function read(path: string): AppSettings {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return DEFAULT_SETTINGS;
    const parsed = parse({ ...DEFAULT_SETTINGS, ...value });
    return parsed.kind === 'ok' ? parsed.value : DEFAULT_SETTINGS;
  } catch {
    return DEFAULT_SETTINGS;
  }
}

export function openSettings(folder: string): SettingsFile {
  const path = join(folder, 'settings.json');
  let current = read(path);
  return {
    get current() {
      return current;
    },
    save: async (settings) => {
      current = settings;
      await mkdir(dirname(path), { recursive: true });
      const next = `${path}.${process.pid}`;
      await writeFile(next, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
      await rename(next, path);
    },
  };
}
