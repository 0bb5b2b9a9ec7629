/** Whether a Linux computer runs on its battery. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

async function word(...parts: readonly string[]): Promise<string> {
  return (await readFile(join(...parts), 'utf8').catch(() => '')).trim();
}

/** Chromium does not tell on Linux; the kernel does. `folder` is its list of batteries and chargers. */
export async function runsOnBattery(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  const supplies = await Promise.all(
    names.map(async (name) => ({
      type: await word(folder, name, 'type'),
      online: await word(folder, name, 'online'),
      status: await word(folder, name, 'status'),
      scope: await word(folder, name, 'scope'),
    })),
  );
  // The battery of a mouse says nothing about the computer.
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  if (own.some(({ type, online }) => type !== 'Battery' && online === '1')) return false;
  return own.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}
