/** The state folders of shares, below that of the device, and engines that run on them in this process. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../../core/names/portability.ts';
import type { NamespaceId } from '../../protocol/ids.ts';
import type { Account } from '../account.ts';
import { Engine } from '../engine.ts';
import type { Disk } from '../environment/disk.ts';
import type { Transport } from '../environment/transport.ts';
import { openNodeDisk } from '../local/node-disk.ts';
import { openNodeEnvironment } from '../local/node-environment.ts';
import { markerOf, readMarker, writeMarker } from '../root-marker.ts';
import { openStateFolder, putAccount, readAccount } from '../state/node-state-folder.ts';
import { openToken, sealToken } from './node-sealed-token.ts';
import type { ShareHomes, ShareStart, ShareStarted } from './share-home.ts';

const TOKEN = 'token.sealed';

export interface NodeShareHomeParts {
  /** State folder of the device. */
  readonly state: string;
  readonly platform: Platform;
  /** The line of the device: its limits hold for all it does. */
  readonly transport: Transport;
}

export function openNodeShareHomes(parts: NodeShareHomeParts): ShareHomes {
  const folderOf = (namespace: NamespaceId) => join(parts.state, 'shares', namespace);
  const account = (namespace: NamespaceId): Account | null => {
    const found = readAccount(folderOf(namespace));
    return found === 'unusable' || found.namespace !== namespace ? null : found;
  };
  return {
    account,
    token: (namespace, key) => {
      const file = join(folderOf(namespace), TOKEN);
      return existsSync(file) ? openToken(readFileSync(file, 'utf8'), key, namespace) : null;
    },
    put: (namespace, next, token, key) => {
      const folder = folderOf(namespace);
      if (putAccount(folder, next, null) === null) return false;
      try {
        writeFileSync(join(folder, `${TOKEN}~new`), sealToken(token, key, namespace), { mode: 0o600 });
        renameSync(join(folder, `${TOKEN}~new`), join(folder, TOKEN));
        return true;
      } catch {
        return false;
      }
    },
    forgetToken: (namespace) => rmSync(join(folderOf(namespace), TOKEN), { force: true }),
    mark: async (namespace, folder) => {
      const known = account(namespace);
      return known !== null && (await markFolder(known, folder));
    },
    start: (options) => start(parts, folderOf(options.namespace), options),
    remove: (namespace) => rmSync(folderOf(namespace), { recursive: true, force: true }),
  };
}

async function markFolder(account: Account, folder: string): Promise<boolean> {
  const disk = await openNodeDisk({ root: folder });
  try {
    const prepared = await disk.prepare();
    if (prepared.kind === 'failed') return false;
    // It carries it already, and how often it was begun: written anew, it would look like one put back from a copy.
    if (await isMarked(disk, account)) return true;
    return (await writeMarker(disk, markerOf(account, 0, prepared.root))).kind === 'done';
  } finally {
    await disk.close();
  }
}

async function isMarked(disk: Disk, { serverId, namespace, instance, deviceId }: Account): Promise<boolean> {
  const found = await readMarker(disk);
  if (found.kind !== 'marker') return false;
  const { marker } = found;
  const isSame = marker.serverId === serverId && marker.namespace === namespace;
  return isSame && marker.instance === instance && marker.deviceId === deviceId;
}

async function start(parts: NodeShareHomeParts, home: string, options: ShareStart): Promise<ShareStarted> {
  const before = readAccount(home);
  if (before === 'unusable') return { kind: 'refused', code: 'state-unusable', detail: home };
  // Its folder moves about with those above it.
  const moved = { ...before, folder: options.folder };
  if (before.folder !== options.folder && putAccount(home, moved, null) === null)
    return { kind: 'refused', code: 'state-unusable', detail: home };
  const opened = openStateFolder(home);
  if (opened.kind !== 'open') return { kind: 'refused', code: 'state-unusable', detail: opened.kind };
  const { account, db, release } = opened;
  const env = await openNodeEnvironment(options.folder, account, lent(parts.transport));
  await renewMark(env.disk, account);
  const { token, paused, boundaries } = options;
  const engine = new Engine({ env, db, account, token, platform: parts.platform, paused, boundaries });
  engine.mayWrite = options.mayWrite;
  await engine.start();
  const close = async () => {
    await engine.stop();
    await env.close();
    db.close();
    release();
  };
  return { kind: 'running', running: { engine, folder: options.folder, close } };
}

/** The device got another place in the share, and a stop came before its mark said so: the folder is the same. */
async function renewMark(disk: Disk, account: Account): Promise<void> {
  const found = await readMarker(disk);
  if (found.kind !== 'marker') return;
  const { namespace, instance, deviceId } = found.marker;
  if (namespace !== account.namespace || instance !== account.instance) return;
  if (deviceId === account.deviceId) return;
  const prepared = await disk.prepare();
  if (prepared.kind === 'ready') await writeMarker(disk, markerOf(account, 0, prepared.root));
}

/** What the user set for the line is set once, by the device. */
function lent(transport: Transport): Transport {
  return {
    exchange: (request) => transport.exchange(request),
    get bytesSent() {
      return transport.bytesSent;
    },
    get bytesReceived() {
      return transport.bytesReceived;
    },
    close: () => Promise.resolve(),
  };
}
