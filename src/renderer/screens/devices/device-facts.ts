/** Devices as they are listed. Pure. */
import type { DeviceRow } from '../../../ipc/settings.ts';

const SYSTEMS: Readonly<Record<string, string>> = {
  linux: 'Linux',
  win32: 'Windows',
  windows: 'Windows',
  darwin: 'macOS',
  macos: 'macOS',
  android: 'Android',
  ios: 'iOS',
};

/** What the device said of itself, as people call it. */
export function systemName(os: string): string {
  return SYSTEMS[os.toLowerCase()] ?? os;
}

/** This device first, then those seen last; unlinked ones at the end. */
export function inOrder(devices: readonly DeviceRow[]): readonly DeviceRow[] {
  const rank = (device: DeviceRow) => (device.self ? 0 : device.revoked ? 2 : 1);
  return devices.toSorted(
    (a, b) => rank(a) - rank(b) || (b.lastSeenAt ?? b.linkedAt) - (a.lastSeenAt ?? a.linkedAt),
  );
}
