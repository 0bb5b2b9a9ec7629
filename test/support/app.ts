/** How a test starts the app: on folders of its own, on whichever Electron this machine has. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findElectron } from '../../src/ensure-electron.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface AppFolders {
  /** Everything of this one app is below it. */
  readonly base: string;
  /** What "get started" proposes to sync; `base`/Tidemark when it is not given. */
  readonly folder?: string;
  /** Language and theme are the system's: a test says which. */
  readonly language?: 'en' | 'de';
}

export interface AppCommand {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly electronVersion: string;
  /** As `tidemark start` has it: server, password, and the state in `this-computer`. */
  readonly home: string;
  readonly state: string;
  readonly folder: string;
}

let built = false;

function build(): void {
  if (built) return;
  const setup = spawnSync(process.execPath, ['src/setup.mjs', '--app'], { cwd: ROOT, encoding: 'utf8' });
  if (setup.status !== 0) throw new Error(`The app could not be built:\n${setup.stderr}`);
  built = true;
}

/** For Playwright's `_electron.launch({ executablePath, args, env })`, or for `spawn`. */
export function appCommand({
  base,
  folder = join(base, 'Tidemark'),
  language = 'en',
}: AppFolders): AppCommand {
  build();
  const electron = findElectron();
  if (electron === undefined) throw new Error('There is no Electron: npm run setup -- --app');
  const home = join(base, 'home');
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'ELECTRON_RUN_AS_NODE' ? [] : [[name, value] as const],
  );
  return {
    executable: electron.executable,
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(base, 'app')}`,
      `--lang=${language}`,
      '--force-device-scale-factor=1',
      ROOT,
    ],
    env: {
      ...Object.fromEntries(inherited),
      TIDEMARK_HOME: home,
      TIDEMARK_FOLDER: folder,
      TIDEMARK_E2E: '1',
      LANGUAGE: language,
    },
    electronVersion: electron.version,
    home,
    state: join(home, 'this-computer'),
    folder,
  };
}
