/** From a share that has its place to a folder with its mark: each step is written down, and may be done twice. */
import { folderOf } from '../../core/names/path-parts.ts';
import { type NamespaceId, ROOT_NODE, toHex } from '../../protocol/ids.ts';
import type { Share, SharePlace } from '../../protocol/shares.ts';
import type { Account } from '../account.ts';
import type { Engine } from '../engine.ts';
import { readMarkerIn } from '../local/boundaries.ts';
import type { Mount } from '../state/mounts-table.ts';
import type { ShareHomes } from './share-home.ts';
import { folderNameOf, freePlace, isHere, pathOfPlace, standingAt } from './share-places.ts';
import { isOpenFolder } from './share-standing.ts';

export interface MakingParts {
  readonly main: Engine;
  readonly homes: ShareHomes;
}

/** A row for a share that is new here; null: not yet; the folder that it is to be in has to come down, or what has its name to leave. */
export async function planMount({ main }: MakingParts, share: Share): Promise<Mount | null> {
  const { state, parts } = main;
  const wanted = share.place ?? { parent: ROOT_NODE, name: folderNameOf(share.name) };
  if (!isHere(main, wanted.parent) && !main.inStep()) return null;
  const near = isHere(main, wanted.parent) ? wanted : { ...wanted, parent: ROOT_NODE };
  const base = { namespace: share.namespace, name: share.name, agreed: share.place, ending: null };
  // It stands there already, and the state has forgotten it.
  const path = pathOfPlace(main, near);
  const marker = path === null ? null : await readMarkerIn(parts.env.disk, path);
  if (path !== null && marker?.namespace === share.namespace && marker.serverId === parts.account.serverId) {
    const look = await parts.env.disk.look(path);
    if (!(await isOpenFolder(main, path))) return null;
    if (look.kind === 'found')
      return state.mounts.put({ ...base, place: near, fileId: look.stamp.fileId, marked: false });
  }
  const place = await placeFor(main, share.namespace, near);
  if (place === null) return null;
  return state.mounts.put({ ...base, place, fileId: null, marked: false });
}

/** Null: what has the name is about to leave it, here or at the server. */
export async function placeFor(
  main: Engine,
  namespace: NamespaceId,
  wanted: SharePlace,
): Promise<SharePlace | null> {
  if ((await standingAt(main, namespace, wanted)) === 'free') return wanted;
  // Whatever left the name may have been told later than the share.
  if (!(await main.context.catchUp())) return null;
  const isGoing = (await standingAt(main, namespace, wanted)) === 'going';
  // In step all the same: it is held for an answer, which may never come.
  return isGoing && !main.inStep() ? null : freePlace(main, namespace, wanted);
}

/** Null: not now; it is tried again. */
export async function makeMount(parts: MakingParts, mount: Mount): Promise<Mount | null> {
  const { main, homes } = parts;
  // Where the root should be, another folder may show: what is made there is nowhere once the root is back.
  if (!(await main.context.rootIsOurs())) return null;
  const made = mount.fileId === null ? await makeFolder(main, mount) : mount;
  const path = made && pathOfPlace(main, made.place);
  if (made === null || path === null) return null;
  const look = await main.parts.env.disk.look(path);
  if (look.kind === 'failed') {
    // It went before anything was in it.
    const isGone = look.trouble === 'gone' && (await isOpenFolder(main, path));
    if (isGone) main.state.mounts.put({ ...made, fileId: null });
    return null;
  }
  if (look.stamp.fileId !== made.fileId) return null;
  const folder = absolute(main, path);
  if ((await tokenFor(parts, made.namespace, folder)) === null) return null;
  if (!(await homes.mark(made.namespace, folder))) return null;
  return main.state.mounts.put({ ...made, marked: true });
}

export function absolute({ parts }: Engine, path: string): string {
  return `${parts.account.folder}/${path}`;
}

/** An empty folder at its place; what a kill left of an earlier try is taken, and where somebody was first, another name. */
async function makeFolder(main: Engine, mount: Mount): Promise<Mount | null> {
  const { state, parts } = main;
  const path = pathOfPlace(main, mount.place);
  if (path === null || !(await isOpenFolder(main, folderOf(path)))) return null;
  const [made] = await parts.env.disk.makeFolders([path]);
  if (made?.kind === 'found') return state.mounts.put({ ...mount, fileId: made.stamp.fileId });
  if (made?.trouble !== 'taken') return null;
  const listing = await parts.env.disk.list(path);
  const { parent, name } = mount.place;
  const isOurs = listing.kind === 'listed' && listing.entries.length === 0 && !state.local.at(parent, name);
  if (isOurs) return state.mounts.put({ ...mount, fileId: listing.folder.fileId });
  state.mounts.put({ ...mount, place: await freePlace(main, mount.namespace, mount.place) });
  return null;
}

/** This device's token for the share: the one it has, or a new one, and with it a new place in the share. */
export async function tokenFor(
  { main, homes }: MakingParts,
  namespace: NamespaceId,
  folder: string,
): Promise<string | null> {
  const key = main.token;
  if (key === null) return null;
  const known = homes.account(namespace);
  const token = known === null ? null : homes.token(namespace, key);
  if (token !== null) return token;
  if (!main.connection.online) return null;
  const { account, env } = main.parts;
  const instance = known?.instance ?? toHex(env.random.bytes(16));
  const linked = await main.shareCalls.link(namespace, instance);
  if (linked.kind === 'trouble') return null;
  const next: Account = {
    serverUrl: account.serverUrl,
    serverId: account.serverId,
    namespace,
    deviceId: linked.value.deviceId,
    device: account.device,
    user: account.user,
    instance,
    folder,
    brakeFiles: account.brakeFiles,
    keychain: true,
  };
  return homes.put(namespace, next, linked.value.token, key) ? linked.value.token : null;
}
