/** The icon in the tray. Always made; whether anybody shows it is asked of the desktop. */
import { join } from 'node:path';
import {
  Menu,
  type MenuItemConstructorOptions,
  type NativeImage,
  nativeImage,
  nativeTheme,
  type Rectangle,
  Tray,
} from 'electron';
import type { TrayAction, TrayItem } from './tray-menu.ts';
import type { TrayState } from './words.ts';

/** The pictures that there are: nine states. */
const ICONS: Readonly<Record<TrayState, string>> = {
  'setting-up': 'setting-up',
  'up-to-date': 'up-to-date',
  checking: 'checking',
  syncing: 'syncing',
  paused: 'paused',
  offline: 'offline',
  'needs-you': 'needs-you',
  warning: 'warning',
  error: 'error',
  'engine-lost': 'error',
  locked: 'needs-you',
  'first-run': 'setting-up',
};

export interface TrayView {
  readonly state: TrayState;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

/** What the tray shows, for tests: Electron gives none of it back. */
export interface TrayProbe {
  view: TrayView | null;
  icon: string;
  menu: Menu | null;
}

export interface TrayIcon {
  show(view: TrayView): void;
  bounds(): Rectangle | null;
  destroy(): void;
}

const THROTTLE_MS = 1000;

/** GNOME's bar is dark whatever the theme; elsewhere the panel mostly goes with it. */
function onDark(): boolean {
  if (process.platform !== 'linux') return nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
  return /gnome/i.test(process.env['XDG_CURRENT_DESKTOP'] ?? '') || nativeTheme.shouldUseDarkColors;
}

function iconName(state: TrayState): string {
  const name = ICONS[state];
  // macOS colours a picture of this name by itself.
  if (process.platform === 'darwin') return `${name}Template`;
  const size = process.platform === 'win32' ? 16 : 22;
  return `${name}-${onDark() ? 'on-dark' : 'on-light'}-${size}`;
}

export function createTray(options: {
  readonly icons: string;
  readonly onAction: (action: TrayAction) => void;
  readonly onClick: () => void;
  readonly probe: TrayProbe;
}): TrayIcon {
  const { icons, onAction, onClick, probe } = options;
  const pictures = new Map<string, NativeImage>();
  const picture = (name: string): NativeImage => {
    const known = pictures.get(name) ?? nativeImage.createFromPath(join(icons, 'tray', `${name}.png`));
    pictures.set(name, known);
    return known;
  };

  let tray: Tray | null = null;
  let shownAt = 0;
  let waiting: TrayView | null = null;
  let timer: NodeJS.Timeout | null = null;
  let shown = '';

  const entry = (item: TrayItem): MenuItemConstructorOptions => {
    switch (item.kind) {
      case 'line':
        return { type: 'separator' };
      case 'text':
        return { label: item.label, enabled: false };
      case 'action':
        return { id: item.id, label: item.label, click: () => onAction(item.action) };
      case 'submenu':
        return { id: item.id, label: item.label, submenu: item.items.map(entry) };
    }
  };

  const draw = (view: TrayView): void => {
    const name = iconName(view.state);
    // A menu that is open closes when it is set again: only a change is worth that.
    const next = JSON.stringify([
      name,
      view.tooltip,
      view.items.map((item) => ('label' in item ? item.label : '')),
    ]);
    probe.view = view;
    if (next === shown) return;
    shown = next;
    if (tray === null) {
      tray = new Tray(picture(name));
      tray.on('click', onClick);
    } else if (probe.icon !== name) tray.setImage(picture(name));
    tray.setToolTip(view.tooltip);
    const menu = Menu.buildFromTemplate(view.items.map(entry));
    // On Linux a menu is only seen anew when it is set anew; on macOS a click would then open it and never the popover.
    if (process.platform === 'darwin') {
      tray.removeAllListeners('right-click');
      tray.on('right-click', () => tray?.popUpContextMenu(menu));
    } else tray.setContextMenu(menu);
    probe.icon = name;
    probe.menu = menu;
  };

  const drawWaiting = (): void => {
    timer = null;
    shownAt = Date.now();
    if (waiting !== null) draw(waiting);
    waiting = null;
  };

  return {
    show: (view) => {
      waiting = view;
      timer ??= setTimeout(drawWaiting, Math.max(0, shownAt + THROTTLE_MS - Date.now()));
    },
    bounds: () => tray?.getBounds() ?? null,
    destroy: () => {
      if (timer !== null) clearTimeout(timer);
      tray?.destroy();
      tray = null;
    },
  };
}
