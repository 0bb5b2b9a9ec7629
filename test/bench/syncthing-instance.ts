/** One instance of Syncthing: its own home, two loopback ports, nothing that leaves the machine. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const KEY = 'bench';
const FOLDER = 'bench';
/** Its default of 10 s would be most of every figure: see the note under the table. */
const WATCHER_DELAY_S = 1;

export interface Instance {
  readonly name: string;
  readonly id: string;
  readonly home: string;
  readonly folder: string;
  readonly address: string;
  ask(method: string, path: string, body?: object): Promise<unknown>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Replaces what stands in one element of the configuration, wherever it stands. */
function put(xml: string, element: string, value: string): string {
  return xml.replaceAll(
    new RegExp(`<${element}>[^<]*</${element}>`, 'g'),
    `<${element}>${value}</${element}>`,
  );
}

/** Writes the configuration before anything runs: what is off was never on. */
export async function makeInstance(root: string, name: string): Promise<Instance> {
  const home = join(root, `${name}.home`);
  const words = ['generate', '--home', home, '--no-default-folder', '--skip-port-probing'];
  const made = spawnSync('syncthing', words, { encoding: 'utf8', env: { ...process.env, HOME: root } });
  assert.equal(made.status, 0, made.stderr);
  const [gui, address] = [`127.0.0.1:${await freePort()}`, `tcp://127.0.0.1:${await freePort()}`];
  const file = join(home, 'config.xml');
  let xml = readFileSync(file, 'utf8');
  const id = /<device id="([A-Z0-9-]+)"/.exec(xml)?.[1];
  assert.ok(id, 'the configuration names the device');
  xml = xml.replace(/(<gui\b[^>]*>\s*<address>)[^<]*/, `$1${gui}`);
  xml = put(put(put(xml, 'apikey', KEY), 'listenAddress', address), 'urAccepted', '-1');
  xml = put(xml, 'autoUpgradeIntervalH', '0');
  // Low priority off: on a busy machine it would only make it look worse.
  const off = ['globalAnnounceEnabled', 'localAnnounceEnabled', 'relaysEnabled', 'natEnabled'];
  for (const element of [...off, 'startBrowser', 'crashReportingEnabled', 'setLowPriority'])
    xml = put(xml, element, 'false');
  writeFileSync(file, xml);
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const reply = await fetch(`http://${gui}${path}`, {
      method,
      headers: { 'X-API-Key': KEY, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await reply.text();
    assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${text}`);
    return text.startsWith('{') ? JSON.parse(text) : text;
  };
  return { name, id, home, folder: join(root, name), address, ask };
}

/** Makes the instances known to each other and shares the folder, paused; all else as it is shipped. */
export async function share(instance: Instance, all: readonly Instance[]): Promise<void> {
  for (const { id, name, address } of all)
    await instance.ask('PUT', `/rest/config/devices/${id}`, { deviceID: id, name, addresses: [address] });
  const shipped = await instance.ask('GET', '/rest/config/defaults/folder');
  assert.ok(typeof shipped === 'object' && shipped !== null);
  await instance.ask('PUT', `/rest/config/folders/${FOLDER}`, {
    ...shipped,
    id: FOLDER,
    path: instance.folder,
    paused: true,
    fsWatcherEnabled: true,
    fsWatcherDelayS: WATCHER_DELAY_S,
    devices: all.map(({ id }) => ({ deviceID: id })),
  });
}

export async function unpause(instance: Instance): Promise<void> {
  await instance.ask('PATCH', `/rest/config/folders/${FOLDER}`, { paused: false });
}

/** A value inside an answer, by the names on the way to it. */
function within(answer: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null
        ? new Map<string, unknown>(Object.entries(value)).get(name)
        : null,
    answer,
  );
}

export async function connected(instance: Instance, all: readonly Instance[]): Promise<boolean> {
  const answer = await instance.ask('GET', '/rest/system/connections');
  const others = all.filter(({ id }) => id !== instance.id);
  return others.every(({ id }) => within(answer, 'connections', id, 'connected') === true);
}

export async function idle(instance: Instance): Promise<boolean> {
  const answer = await instance.ask('GET', `/rest/db/status?folder=${FOLDER}`);
  return within(answer, 'state') === 'idle' && within(answer, 'needTotalItems') === 0;
}
