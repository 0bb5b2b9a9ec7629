/** Properties of other programs on the D-Bus of a Linux desktop, by the small tools that come with every one. */
import { execFile } from 'node:child_process';

export interface BusProperty {
  readonly bus: 'session' | 'system';
  readonly service: string;
  readonly path: string;
  readonly face: string;
  readonly name: string;
}

const TIMEOUT_MS = 2000;

function output(command: string, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, words, { timeout: TIMEOUT_MS, encoding: 'utf8' }, (error, text) =>
      resolve(error === null ? text.trim() : null),
    );
  });
}

/** As the tools write it, "(<true>,)" or "b true"; null when nobody answers. */
async function readProperty(property: BusProperty): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const { bus, service, path, face, name } = property;
  const get = ['--method', 'org.freedesktop.DBus.Properties.Get', face, name];
  const byGdbus = await output('gdbus', [
    'call',
    `--${bus}`,
    '--dest',
    service,
    '--object-path',
    path,
    ...get,
  ]);
  if (byGdbus !== null) return byGdbus;
  const where = bus === 'session' ? '--user' : '--system';
  return output('busctl', [where, 'get-property', service, path, face, name]);
}

export async function readFlag(property: BusProperty): Promise<boolean | null> {
  const text = await readProperty(property);
  return text === null ? null : /\btrue\b/.test(text);
}

export async function readNumber(property: BusProperty): Promise<number | null> {
  const found = /\b(?:uint32|u)\s+(\d+)\b/.exec((await readProperty(property)) ?? '');
  return found === null ? null : Number(found[1]);
}

/** Whether something shows icons of programs: without it a tray icon exists and nobody sees it. */
export async function hasTrayHost(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const face = 'org.kde.StatusNotifierWatcher';
  const name = 'IsStatusNotifierHostRegistered';
  const there = await readFlag({ bus: 'session', service: face, path: '/StatusNotifierWatcher', face, name });
  return there === true;
}

/** NetworkManager's word, where it runs: yes and "I guess so" are 1 and 3. Null: not known. */
export async function isMetered(): Promise<boolean | null> {
  const face = 'org.freedesktop.NetworkManager';
  const path = '/org/freedesktop/NetworkManager';
  const metered = await readNumber({ bus: 'system', service: face, path, face, name: 'Metered' });
  return metered === null || metered === 0 ? null : metered === 1 || metered === 3;
}

/** Whether the keyring is there and waits to be unlocked. Null: there is none, or nobody tells. */
export function isKeyringLocked(): Promise<boolean | null> {
  return readFlag({
    bus: 'session',
    service: 'org.freedesktop.secrets',
    path: '/org/freedesktop/secrets/aliases/default',
    face: 'org.freedesktop.Secret.Collection',
    name: 'Locked',
  });
}
