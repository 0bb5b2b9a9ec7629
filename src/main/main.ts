/** The wiring of the app. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { app, nativeTheme, protocol, session } from 'electron';
import type { Language, ShellState, WindowCall } from '../ipc/window.ts';
import { APP_SCHEME, PREVIEW_SCHEME } from '../ipc/window-names.ts';
import { serveApp } from './app-protocol.ts';
import { openSettings } from './app-settings.ts';
import { EngineKeeper } from './engine-keeper.ts';
import { harden } from './hardening.ts';
import { guardIpc, type WindowCalls } from './ipc-guard.ts';
import { findPlaces } from './places.ts';
import { createShellStore } from './shell-store.ts';
import { createWindows } from './windows.ts';

protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
  {
    scheme: PREVIEW_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
  },
]);

const PLATFORMS = { darwin: 'macos', win32: 'windows' } as const;

function systemLanguage(): Language {
  return app.getPreferredSystemLanguages()[0]?.toLowerCase().startsWith('de') ? 'de' : 'en';
}

async function run(): Promise<void> {
  await app.whenReady();
  const places = findPlaces(process.env);
  const stateFolder = join(places.home, 'this-computer');
  const settings = openSettings(places.own);
  harden();
  serveApp(session.defaultSession, places.pages);
  const first: ShellState = {
    phase: existsSync(join(stateFolder, 'account.json')) ? 'starting' : 'first-run',
    platform:
      process.platform === 'darwin' || process.platform === 'win32' ? PLATFORMS[process.platform] : 'linux',
    version: app.getVersion(),
    language: settings.current.language === 'system' ? systemLanguage() : settings.current.language,
    dark: nativeTheme.shouldUseDarkColors,
    settings: settings.current,
    keychain: 'none',
    tray: false,
    restarts: 0,
    lastEnd: null,
    folder: null,
    serverHere: false,
    update: null,
    proposed: {
      folder: process.env['TIDEMARK_FOLDER'] || join(homedir(), 'Tidemark'),
      device: hostname() || 'this computer',
    },
  };
  const windows = createWindows({
    places,
    isDark: () => nativeTheme.shouldUseDarkColors,
    mayClose: () => true,
  });
  const shell = createShellStore(first, (state) => windows.send({ kind: 'shell', state }));
  mkdirSync(places.home, { recursive: true, mode: 0o700 });
  const engine = new EngineKeeper({
    program: places.program,
    state: stateFolder,
    logFile: join(places.home, 'this-computer.log'),
    onEvent: (event) => windows.send({ kind: 'engine', event }),
    onUp: () => shell.update({ phase: 'running' }),
    onLost: (why) => shell.update({ phase: 'engine-lost', restarts: shell.state.restarts + 1, lastEnd: why }),
  });
  const missing = (name: WindowCall) => async (): Promise<never> => {
    throw new Error(`${name} is not there yet.`);
  };
  const calls: WindowCalls = {
    'shell.state': async () => shell.state,
    'first-run.choose-folder': missing('first-run.choose-folder'),
    'first-run.plan': missing('first-run.plan'),
    'first-run.begin': missing('first-run.begin'),
    'sign-in': missing('sign-in'),
    'open.file': missing('open.file'),
    'open.show': missing('open.show'),
    'open.version': missing('open.version'),
    'settings.set': async ({ settings: wanted }) => {
      await settings.save(wanted);
      shell.update({ settings: wanted });
      return shell.state;
    },
    'merge-tool.choose': missing('merge-tool.choose'),
    'merge-tool.open': missing('merge-tool.open'),
    'merge-tool.take': missing('merge-tool.take'),
    'bundle.save': missing('bundle.save'),
    'update.install': missing('update.install'),
    'window.show': async ({ route }) => {
      windows.showMain(route);
      return { kind: 'done' };
    },
    'window.close': async (_params, asker) => {
      if (asker.isPopover) windows.closePopover();
      return { kind: 'done' };
    },
    quit: async () => {
      app.quit();
      return { kind: 'done' };
    },
  };
  guardIpc({
    isOurs: windows.isOurs,
    isPopover: windows.isPopover,
    calls,
    engine: async (method, params) => {
      const outcome = await engine.call(method, params);
      return outcome.kind === 'lost' || outcome.kind === 'no-answer' ? { kind: 'gone' } : outcome;
    },
  });
  if (first.phase === 'starting') engine.start();
  windows.showMain();
}

void run();
