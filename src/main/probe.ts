/** What tests read of the main process, where the system gives nothing back. There only with TIDEMARK_E2E=1. */
import type { Notice } from './notice-plan.ts';
import type { TrayProbe } from './tray.ts';

export interface Probe {
  readonly tray: TrayProbe;
  readonly notices: Notice[];
  /** Milliseconds from the start of the process until the tray's icon was there. */
  trayAfterMs: number;
}

export const PROBE_NAME = 'tidemarkProbe';

export function createProbe(env: NodeJS.ProcessEnv): Probe {
  const probe: Probe = { tray: { view: null, icon: '', menu: null }, notices: [], trayAfterMs: 0 };
  if (env['TIDEMARK_E2E'] === '1') Reflect.set(globalThis, PROBE_NAME, probe);
  return probe;
}
