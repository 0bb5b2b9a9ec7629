/** The windows: one main window, one popover near the tray. Which pages are ours is known here. */
import { join } from 'node:path';
import { BrowserWindow, type Rectangle, screen, type WebContents } from 'electron';
import type { WindowEvent } from '../ipc/window.ts';
import { CHANNELS } from '../ipc/window-names.ts';
import { PAGES_ORIGIN } from './app-protocol.ts';
import { safePreferences } from './hardening.ts';
import type { Places } from './places.ts';

const MAIN_SIZE = { width: 1080, height: 740, minWidth: 420, minHeight: 420 };
const POPOVER_SIZE = { width: 380, height: 560 };
const GAP = 8;

export interface Windows {
  /** Opens or raises the main window, at a route when one is given. */
  showMain(route?: string): void;
  /** Near `anchor` (the tray's icon), or where the system puts it when that is not known. */
  togglePopover(anchor: Rectangle | null): void;
  closePopover(): void;
  /** Without asking: the app ends. */
  closeAll(): void;
  isPopover(contents: WebContents): boolean;
  /** Whether we made this page's window. */
  isOurs(contents: WebContents): boolean;
  mainWindow(): BrowserWindow | null;
  send(event: WindowEvent): void;
}

export interface WindowsOptions {
  readonly places: Places;
  readonly isDark: () => boolean;
  /** The user closes the main window: true when that is all right, false when something else was done instead. */
  readonly mayClose: (window: BrowserWindow) => boolean;
}

function address(route: string): string {
  return `${PAGES_ORIGIN}/index.html#${route}`;
}

/** Beside the icon and on its screen, whichever edge the tray is at. */
function besideAnchor(anchor: Rectangle): { x: number; y: number } {
  const area = screen.getDisplayMatching(anchor).workArea;
  const below = anchor.y < area.y + area.height / 2;
  const x = Math.round(anchor.x + anchor.width / 2 - POPOVER_SIZE.width / 2);
  const y = below ? anchor.y + anchor.height + GAP : anchor.y - POPOVER_SIZE.height - GAP;
  const clamp = (value: number, from: number, length: number, own: number) =>
    Math.min(Math.max(value, from + GAP), from + length - own - GAP);
  return {
    x: clamp(x, area.x, area.width, POPOVER_SIZE.width),
    y: clamp(y, area.y, area.height, POPOVER_SIZE.height),
  };
}

export function createWindows({ places, isDark, mayClose }: WindowsOptions): Windows {
  let main: BrowserWindow | null = null;
  let popover: BrowserWindow | null = null;

  const make = (options: Electron.BrowserWindowConstructorOptions, route: string): BrowserWindow => {
    const window = new BrowserWindow({
      show: false,
      title: 'Tidemark',
      icon: join(places.icons, '256x256.png'),
      backgroundColor: isDark() ? '#14181d' : '#fbfbfa',
      autoHideMenuBar: true,
      ...options,
      webPreferences: safePreferences(places.preload),
    });
    window.once('ready-to-show', () => window.show());
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      // The page is only a view: a new one shows the same.
      if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload();
    });
    void window.loadURL(address(route));
    return window;
  };

  const openMain = (route: string): BrowserWindow => {
    const window = make(MAIN_SIZE, route);
    window.on('close', (event) => {
      if (!mayClose(window)) event.preventDefault();
    });
    window.once('closed', () => {
      main = null;
    });
    return window;
  };

  const openPopover = (anchor: Rectangle | null): BrowserWindow => {
    const known = anchor !== null && anchor.width > 0;
    const place = known ? { ...besideAnchor(anchor), frame: false, skipTaskbar: true, resizable: false } : {};
    const window = make({ ...POPOVER_SIZE, ...place, maximizable: false, fullscreenable: false }, '/popover');
    // A small window like any other, where the tray's place is not told, stays until it is closed.
    if (known) window.on('blur', () => window.close());
    window.once('closed', () => {
      popover = null;
    });
    return window;
  };

  const send = (window: BrowserWindow | null, event: WindowEvent): void => {
    if (window !== null && !window.isDestroyed()) window.webContents.send(CHANNELS.event, event);
  };

  return {
    showMain: (route) => {
      if (main === null) {
        main = openMain(route ?? '/');
        return;
      }
      if (main.isMinimized()) main.restore();
      main.show();
      main.focus();
      if (route !== undefined) send(main, { kind: 'route', route });
    },
    togglePopover: (anchor) => {
      if (popover === null) popover = openPopover(anchor);
      else popover.close();
    },
    closePopover: () => popover?.close(),
    closeAll: () => {
      popover?.destroy();
      main?.destroy();
    },
    isPopover: (contents) => popover?.webContents === contents,
    isOurs: (contents) => [main, popover].some((window) => window?.webContents === contents),
    mainWindow: () => main,
    send: (event) => {
      send(main, event);
      send(popover, event);
    },
  };
}
