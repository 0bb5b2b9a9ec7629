/** The app: its parts, and what each tells the others. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, nativeTheme, powerMonitor, session } from 'electron';
import { homeFolder, prepareHome } from '../cli/start/home-folder.ts';
import type { Method, Params } from '../ipc/contract.ts';
import type { ControlEvent } from '../ipc/events.ts';
import type { Status } from '../ipc/status.ts';
import type { AppSettings } from '../ipc/window.ts';
import { setAppMenu } from './app-menu.ts';
import { serveApp } from './app-protocol.ts';
import { openSettings } from './app-settings.ts';
import { createChosenCertificates } from './chosen-certificates.ts';
import { EngineKeeper } from './engine-keeper.ts';
import { replyOf } from './engine-reply.ts';
import { firstState, languageOf } from './first-state.ts';
import { harden } from './hardening.ts';
import { createHomeService } from './home-service.ts';
import { guardIpc } from './ipc-guard.ts';
import { openKeychain } from './keychain.ts';
import { createLinking, type Linked } from './linking.ts';
import { startAtLogin, wasStartedByLogin } from './login-start.ts';
import { createMergeTools } from './merge-tool.ts';
import { createNotifications } from './notifications.ts';
import { showFile } from './open-file.ts';
import { openOwnChildren } from './own-children.ts';
import { findPlaces } from './places.ts';
import { watchPower } from './power-pauses.ts';
import { servePreviews } from './preview-protocol.ts';
import { createProbe } from './probe.ts';
import { createShellStore } from './shell-store.ts';
import { watchToken } from './token-watch.ts';
import { pauseEnd, type TrayAction } from './tray-menu.ts';
import { createTrayPresence } from './tray-presence.ts';
import { watchUpdates } from './updates.ts';
import { openVersionCopies } from './version-content.ts';
import { createWindowCalls } from './window-calls.ts';
import { createWindows } from './windows.ts';
import { WORDS } from './words.ts';

export interface DesktopApp {
  /** Opens or raises the main window. */
  show(): void;
}

/** Longer than the client's own: a restore of a large folder takes its time. */
const CALL_MS = 10 * 60_000;

export async function startDesktopApp(env: NodeJS.ProcessEnv): Promise<DesktopApp> {
  const places = findPlaces(env);
  const home = homeFolder(places.home);
  await prepareHome(home);
  const probe = createProbe(env);
  const settings = openSettings(places.own);
  nativeTheme.themeSource = settings.current.theme;
  const keychain = openKeychain(join(home.root, 'token.sealed'));
  const children = openOwnChildren(join(home.root, 'app-children.json'));
  let status: Status | null = null;
  let isQuitting = false;

  const service = createHomeService(home, places.program, children, (serverHere) =>
    shell.update({ serverHere }),
  );
  const certificates = createChosenCertificates(Date.now);
  const linking = createLinking({ home, program: places.program, service, keychain, certificates });
  const first = firstState({
    settings: settings.current,
    folder: linking.folder(),
    keychain: keychain.expected,
    env,
  });
  const shell = createShellStore(first, (state) => {
    windows.send({ kind: 'shell', state });
    tray.refresh(state, status);
  });
  const words = () => WORDS[shell.state.language];
  const windows = createWindows({
    places,
    isDark: () => nativeTheme.shouldUseDarkColors,
    mayClose: (window) => isQuitting || mayCloseWindow(window),
  });

  const engine = new EngineKeeper({
    program: places.program,
    state: home.state,
    logFile: home.engineLog,
    children,
    onEvent: hearEngine,
    onUp: () => {
      shell.update({ phase: 'running', folder: linking.folder() });
      token.engineIsUp();
      power.tellAll();
      void renewStatus();
    },
    onLost: (why) => {
      shell.update({ phase: 'engine-lost', restarts: shell.state.restarts + 1, lastEnd: why });
    },
  });
  const call = <M extends Method>(method: M, params: Params<M>) => engine.call(method, params, CALL_MS);
  const copies = openVersionCopies(join(places.own, 'opened-versions'), (params) => call('cat', params));
  const mergeTools = createMergeTools({
    tool: () => shell.state.settings.mergeTool,
    conflict: (id) => call('conflicts.show', { id }),
    copies,
    tell: (state) => windows.send({ kind: 'merge-tool', state }),
  });
  const notifications = createNotifications({
    words,
    mayShow: (cause) => shell.state.settings.notify[cause === 'halted' ? 'problems' : cause],
    isWatched: () => windows.mainWindow()?.isFocused() === true,
    onClick: (route) => windows.showMain(route),
    shown: probe.notices,
  });
  const token = watchToken({
    keychain,
    give: async (value) => (await call('token.give', { token: value })).kind === 'ok',
    onLocked: () => shell.update({ phase: 'locked' }),
    onOpen: () => shell.update({ phase: engine.isConnected ? 'running' : 'starting' }),
    startAgain: () => {
      app.relaunch();
      app.quit();
    },
  });
  const power = watchPower({
    wants: (reason) =>
      reason === 'battery' ? shell.state.settings.pauseOnBattery : shell.state.settings.pauseOnMetered,
    set: async (reason, paused) => {
      const said = paused ? call('pause', { reason, until: null }) : call('resume', { reason });
      return (await said).kind === 'ok';
    },
  });
  const updates = watchUpdates(
    (update) => shell.update({ update }),
    () => {
      isQuitting = true;
    },
  );
  const tray = createTrayPresence({
    icons: places.icons,
    probe: probe.tray,
    onAction: actOnTray,
    onClick: () => windows.togglePopover(tray.bounds()),
    onFound: (isThere) => shell.update({ tray: isThere }),
  });

  function hearEngine(event: ControlEvent): void {
    if (event.kind === 'status') {
      status = event.status;
      tray.refresh(shell.state, status);
    }
    windows.send({ kind: 'engine', event });
    notifications.hear(event);
  }

  async function renewStatus(): Promise<void> {
    const answer = await call('status', {});
    if (answer.kind === 'ok') hearEngine({ kind: 'status', at: Date.now(), status: answer.value });
  }

  function actOnTray(action: TrayAction): void {
    const folder = shell.state.folder;
    if (action.kind === 'open') windows.showMain();
    else if (action.kind === 'quit') app.quit();
    else if (action.kind === 'resume') void call('resume', {});
    else if (action.kind === 'pause')
      void call('pause', { reason: 'user', until: pauseEnd(action.span, Date.now()) });
    else if (folder !== null) void showFile(folder, '');
  }

  /** With a tray the app lives on in it; on macOS in the dock; else it asks, since nothing would be left to see. */
  function mayCloseWindow(window: BrowserWindow): boolean {
    if (process.platform === 'darwin') return true;
    void (async () => {
      if (shell.state.phase === 'first-run') return app.quit();
      if (await tray.look()) return window.destroy();
      const { response } = await dialog.showMessageBox(window, {
        type: 'question',
        title: words().closeTitle,
        message: words().closeTitle,
        detail: words().closeText,
        buttons: [words().keepSyncing, words().quit, words().cancel],
        defaultId: 0,
        cancelId: 2,
      });
      if (response === 0) window.destroy();
      else if (response === 1) app.quit();
    })();
    return false;
  }

  async function save(next: AppSettings): Promise<void> {
    const before = settings.current;
    await settings.save(next);
    nativeTheme.themeSource = next.theme;
    if (next.startAtLogin !== before.startAtLogin) startAtLogin(next.startAtLogin);
    shell.update({ settings: next, language: languageOf(next), dark: nativeTheme.shouldUseDarkColors });
    void power.look();
  }

  /** Linking needs the state for itself: an engine that waits for a new sign-in has to end first. */
  async function link(run: () => Promise<Linked>): Promise<Linked> {
    const isAgain = linking.isLinked();
    if (isAgain) await engine.stop(true);
    const linked = await run();
    if (linked.kind === 'linked') {
      status = null;
      shell.update({ phase: 'starting', folder: linked.folder, keychain: linked.keychain });
      if (await linking.isHere()) service.keep();
    }
    if (linked.kind === 'linked' || isAgain) engine.start();
    return linked;
  }

  async function stopAll(): Promise<void> {
    notifications.stop();
    token.stop();
    power.stop();
    updates.stop();
    // The engine first: it may want to tell the server something yet.
    await engine.stop();
    await service.stop();
    await mergeTools.close();
    await copies.clear();
    tray.destroy();
  }

  let hasStopped = false;
  app.on('before-quit', (event) => {
    isQuitting = true;
    if (hasStopped) return;
    event.preventDefault();
    if (stopping !== null) return;
    windows.closeAll();
    stopping = stopAll().finally(() => {
      hasStopped = true;
      app.quit();
    });
  });
  let stopping: Promise<void> | null = null;

  harden();
  setAppMenu();
  serveApp(session.defaultSession, places.pages);
  servePreviews(session.defaultSession, (params) => call('cat', params));
  guardIpc({
    isOurs: windows.isOurs,
    isPopover: windows.isPopover,
    calls: createWindowCalls({
      state: () => shell.state,
      words,
      windows,
      linking,
      certificates,
      copies,
      mergeTools,
      updates,
      save,
      link,
    }),
    engine: async (method, params) => replyOf(await call(method, params)),
  });
  nativeTheme.on('updated', () => shell.update({ dark: nativeTheme.shouldUseDarkColors }));
  powerMonitor.on('resume', () => void call('rescan', {}));
  void copies.clear();
  tray.refresh(shell.state, null);
  probe.trayAfterMs = Date.now() - (process.getCreationTime() ?? Date.now());
  // At login nobody asked for a window; where no tray shows the icon, the window is the app.
  if (!wasStartedByLogin() || !(await tray.look())) windows.showMain();
  if (linking.isLinked()) {
    if (await linking.isHere()) {
      await service.start();
      service.keep();
    }
    engine.start();
  }
  return { show: () => windows.showMain() };
}
