/** Pauses for the battery and for networks that cost: asked of the engine, which keeps them apart from the user's own. */
import { powerMonitor } from 'electron';
import { runsOnBattery } from './battery.ts';
import { isMetered } from './session-bus.ts';

export type PowerReason = 'battery' | 'metered';

const SUPPLIES = '/sys/class/power_supply';
const LOOK_MS = 30_000;

export interface PowerPauses {
  /** The engine is there again, or a setting changed: all is said anew. */
  tellAll(): void;
  look(): Promise<void>;
  stop(): void;
}

export interface PowerOptions {
  readonly wants: (reason: PowerReason) => boolean;
  readonly set: (reason: PowerReason, paused: boolean) => Promise<boolean>;
}

export function watchPower({ wants, set }: PowerOptions): PowerPauses {
  const said = new Map<PowerReason, boolean>();
  const facts: Readonly<Record<PowerReason, () => Promise<boolean>>> = {
    battery: async () =>
      process.platform === 'linux' ? runsOnBattery(SUPPLIES) : powerMonitor.isOnBatteryPower(),
    // Known on Linux only, and there where NetworkManager runs.
    metered: async () => (await isMetered()) === true,
  };

  const look = async (): Promise<void> => {
    for (const reason of ['battery', 'metered'] as const) {
      const paused = wants(reason) && (await facts[reason]());
      if (said.get(reason) !== paused && (await set(reason, paused))) said.set(reason, paused);
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  const lookNow = () => void look();
  powerMonitor.on('on-ac', lookNow);
  powerMonitor.on('on-battery', lookNow);

  return {
    tellAll: () => {
      said.clear();
      void look();
    },
    look,
    stop: () => clearInterval(timer),
  };
}
