/** Puts the app's state into the tray, and knows whether anybody shows it. */
import type { Status } from '../ipc/status.ts';
import type { ShellState } from '../ipc/window.ts';
import { hasTrayHost } from './session-bus.ts';
import { createTray, type TrayProbe } from './tray.ts';
import { type TrayAction, trayItems } from './tray-menu.ts';
import { type TrayState, trayLine } from './words.ts';

/** At login the panel may come after the app. */
const LOOK_AGAIN_MS = [3000, 15_000, 60_000];

export interface TrayPresence {
  refresh(shell: ShellState, status: Status | null): void;
  /** Asks the desktop. */
  look(): Promise<boolean>;
  bounds(): Electron.Rectangle | null;
  destroy(): void;
}

function stateOf(shell: ShellState, status: Status | null): TrayState {
  switch (shell.phase) {
    case 'running':
      return status?.state ?? 'setting-up';
    case 'starting':
      return 'setting-up';
    default:
      return shell.phase;
  }
}

export function createTrayPresence(options: {
  readonly icons: string;
  readonly probe: TrayProbe;
  readonly onAction: (action: TrayAction) => void;
  readonly onClick: () => void;
  readonly onFound: (isThere: boolean) => void;
}): TrayPresence {
  const { icons, probe, onAction, onClick, onFound } = options;
  const tray = createTray({ icons, probe, onAction, onClick });
  const look = async (): Promise<boolean> => {
    const isThere = await hasTrayHost();
    onFound(isThere);
    return isThere;
  };
  void look();
  const timers = LOOK_AGAIN_MS.map((ms) => setTimeout(() => void look(), ms));
  return {
    refresh: (shell, status) => {
      const state = stateOf(shell, status);
      const headline = trayLine(state, status, shell.language);
      const isPaused = state === 'paused';
      const items = trayItems({ headline, phase: shell.phase, isPaused, language: shell.language });
      tray.show({ state, tooltip: `Tidemark\n${headline}`, items });
    },
    look,
    bounds: tray.bounds,
    destroy: () => {
      for (const timer of timers) clearTimeout(timer);
      tray.destroy();
    },
  };
}
