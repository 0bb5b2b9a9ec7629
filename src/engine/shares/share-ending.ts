/**
 * The user is not in a share any more. What is only on this computer is put aside as ordinary files of their own, the rest
 * goes to the trash. Names are written down before anything moves, so that a stop between any two steps changes nothing:
 * what was moved is not met again, and what was not is.
 */
import { baseName, folderOf, pathIn } from '../../core/names/path-parts.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import { parseNodeId, ROOT_NODE, uuidV7 } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { type DiskEntry, RESERVED_FOLDER, type RelPath, type Stamp } from '../environment/disk.ts';
import { hereDeed } from '../executor/deeds.ts';
import { trashName } from '../executor/keep-in-trash.ts';
import type { Ending, Mount } from '../state/mounts-table.ts';
import { encodeStamp, sameBytesLikely } from '../state/stamps.ts';
import type { MakingParts } from './share-making.ts';
import { folderNameOf, freePlace, pathOfPlace } from './share-places.ts';
import { lookAtFolder } from './share-standing.ts';

/** Looks again while something is still being written; then in the next try. */
const ROUNDS = 5;

/** A share whose end was written down. */
export type EndingMount = Mount & { readonly ending: Ending };

/** `by`: who ended it, empty where that is not known; `engine`: of the share, which may be stopped; `stop` ends it. True when nothing of the share is left to do. */
export async function endShare(
  { main }: MakingParts,
  mount: EndingMount,
  { by, engine }: { readonly by: string; readonly engine: Engine | null },
  stop: () => Promise<void>,
): Promise<boolean> {
  if (main.halted !== null || !(await main.context.rootIsOurs())) return false;
  const path = pathOfPlace(main, mount.place);
  const standing = path === null ? 'gone' : await lookAtFolder(main, path, mount.fileId);
  // What cannot be looked at is there, for all that is known.
  if (standing === 'unknown' || standing === 'covered') return false;
  if (path === null || standing !== 'ours') {
    await stop();
    return finish(main, mount, by);
  }
  const ending = await named(main, mount);
  // In every try: as long as the folder stands here, somebody may work in it.
  const agreed = await putAside(main, engine, path, ending.kept);
  if (agreed === null) return false;
  const trash = ending.trash ?? trashName(main.parts.env, parseNodeId(mount.namespace));
  const next = { ...mount, ending: { ...ending, trash } };
  if (ending.trash === null) main.state.mounts.put(next);
  await stop();
  // That may take as long as a request does; what was saved meanwhile is put aside in the next try.
  if (!(await isAsAgreed(main, path, agreed))) return false;
  return (await toTrash(main, path, trash)) && finish(main, next, by);
}

async function named(main: Engine, mount: EndingMount): Promise<Ending & { readonly kept: string }> {
  const { ending } = mount;
  if (ending.kept !== null) return { ...ending, kept: ending.kept };
  const name = `${folderNameOf(mount.name)} (kept from a share)`;
  const place = await freePlace(main, mount.namespace, { parent: ROOT_NODE, name });
  const next = { ...ending, kept: place.name };
  main.state.mounts.put({ ...mount, ending: next });
  return next;
}

// --- what is only here -------------------------------------------------------------------------------------------

/** What is nowhere else moves out; the answer is what may go. Null: the disk refused something; it is tried again. */
async function putAside(
  main: Engine,
  engine: Engine | null,
  root: RelPath,
  kept: string,
): Promise<Agreed | null> {
  engine?.pause();
  let agreed: Agreed = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    if (engine?.ready) await engine.scan();
    const found = await onlyHere(main, engine, root);
    if (found === null) return null;
    ({ agreed } = found);
    if (found.only.length === 0) return agreed;
    for (const each of found.only) if (!(await keep(main, root, each, kept))) return null;
  }
  return agreed;
}

/** What may go to the trash, by its path in the share: what the server has, and what a rule leaves out (null). */
type Agreed = ReadonlyMap<RelPath, Stamp | null>;

interface Sorted {
  readonly only: readonly Only[];
  readonly agreed: Agreed;
}

/** Nothing is in it but what was agreed on when it was looked at. */
async function isAsAgreed({ parts }: Engine, root: RelPath, agreed: Agreed): Promise<boolean> {
  const queue: RelPath[] = [''];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    const listing = await parts.env.disk.list(folder === '' ? root : pathIn(root, folder));
    if (listing.kind === 'failed') return false;
    for (const { name, stamp } of listing.entries) {
      if (name === null || (folder === '' && name === RESERVED_FOLDER)) continue;
      const path = pathIn(folder, name);
      const before = agreed.get(path);
      if (before === null) continue;
      if (stamp.kind === 'folder') queue.push(path);
      else if (before === undefined || !sameBytesLikely(encodeStamp(before), stamp)) return false;
    }
  }
  return true;
}

interface Only {
  /** Where it stands, from the root of the share. */
  readonly from: RelPath;
  /** What it is called, from there. */
  readonly as: RelPath;
}

/** Null: something could not be looked at. */
async function onlyHere(main: Engine, engine: Engine | null, root: RelPath): Promise<Sorted | null> {
  const { disk } = main.parts.env;
  const only: Only[] = [];
  const agreed = new Map<RelPath, Stamp | null>();
  const queue: RelPath[] = [''];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    const listing = await disk.list(folder === '' ? root : pathIn(root, folder));
    if (listing.kind === 'failed') return null;
    for (const entry of listing.entries) {
      if (entry.name === null || (folder === '' && entry.name === RESERVED_FOLDER)) continue;
      const path = pathIn(folder, entry.name);
      const isRule = engine?.ready === true && engine.scanner.excludedBy(path) !== null;
      if (isRule) agreed.set(path, null);
      else if (entry.stamp.kind === 'folder') queue.push(path);
      else if (isAgreed(engine, path, entry)) agreed.set(path, entry.stamp);
      else only.push({ from: path, as: path });
    }
  }
  return { only: [...only, ...(await parkedOnly(main, engine, root))], agreed };
}

function isAgreed(engine: Engine | null, path: RelPath, { stamp }: DiskEntry): boolean {
  const node = engine?.state.nodeAt(path) ?? null;
  const synced = node === null ? null : (engine?.state.synced.get(node) ?? null);
  return synced !== null && sameBytesLikely(synced.stamp, stamp);
}

/** What a stop left in the middle of a rename. */
async function parkedOnly(main: Engine, engine: Engine | null, root: RelPath): Promise<readonly Only[]> {
  const parked = `${RESERVED_FOLDER}/parked`;
  const listing = await main.parts.env.disk.list(pathIn(root, parked));
  if (listing.kind === 'failed') return [];
  return listing.entries.flatMap(({ name, stamp }): readonly Only[] => {
    const row = engine?.state.local.parkedNodes().find((each) => each.name === name);
    const synced = row ? engine?.state.synced.get(row.node) : null;
    if (name === null || (synced && sameBytesLikely(synced.stamp, stamp))) return [];
    return [{ from: pathIn(parked, name), as: (row && engine?.state.nameOf(row.node)) || name }];
  });
}

async function keep(main: Engine, root: RelPath, { from, as }: Only, kept: string): Promise<boolean> {
  const { disk } = main.parts.env;
  const target = pathIn(kept, as);
  for (const folder of foldersTo(target)) {
    const [made] = await disk.makeFolders([folder]);
    if (made?.kind === 'failed' && made.trouble !== 'taken') return false;
  }
  const move = (to: RelPath) => disk.move([{ from: pathIn(root, from), to }]);
  let to = target;
  let [moved] = await move(to);
  for (let number = 2; moved?.kind === 'failed' && moved.trouble === 'taken'; number += 1) {
    to = numbered(target, number);
    [moved] = await move(to);
  }
  // Gone: the user was quicker, and knows where it is.
  if (moved?.kind !== 'found') return moved?.trouble === 'gone';
  await disk.flushFolders([folderOf(to), folderOf(pathIn(root, from))]);
  return true;
}

function foldersTo(path: RelPath): readonly RelPath[] {
  const names = folderOf(path).split('/');
  return names.map((_, i) => names.slice(0, i + 1).join('/'));
}

function numbered(path: RelPath, number: number): RelPath {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  return pathIn(folderOf(path), `${stem} (${number})${ending}`);
}

// --- the rest ----------------------------------------------------------------------------------------------------

/** Its reserved folder by itself: brought back from the trash, the rest is an ordinary folder. */
async function toTrash(main: Engine, path: RelPath, name: string): Promise<boolean> {
  const { env } = main.parts;
  const { state } = main;
  const at = env.clock.now();
  const inner = parseNodeId(uuidV7(at, env.random.bytes(10)));
  const innerName = trashName(env, inner);
  const [own] = await env.disk.toTrash([{ path: pathIn(path, RESERVED_FOLDER), name: innerName }]);
  if (own?.kind === 'found') {
    const row = { name: innerName, node: inner, path: `${path} (its trash)`, kind: 'folder' };
    state.trash.add({ ...row, version: null, why: 'the share is not here any more', at });
  } else if (own?.trouble !== 'gone') return false;
  const [moved] = await env.disk.toTrash([{ path, name }]);
  if (moved?.kind !== 'found') return false;
  await env.disk.flushFolders([folderOf(path)]);
  return true;
}

/** One transaction: known to be in the trash, forgotten as a share, and told. */
async function finish(main: Engine, mount: EndingMount, by: string): Promise<true> {
  const { state, parts } = main;
  const { env, account } = parts;
  const { namespace, name, ending, place } = mount;
  const at = env.clock.now();
  const path = pathOfPlace(main, place) ?? place.name;
  const { trash } = ending;
  const isKept = ending.kept !== null && (await env.disk.look(ending.kept)).kind === 'found';
  const isAway = ending.why === 'away';
  const code = isKept ? (isAway ? 'share-away-kept' : 'share-ended-kept') : 'share-ended';
  const facts = { share: name, kept: ending.kept ?? '', by };
  const node = parseNodeId(namespace);
  state.transaction(() => {
    if (trash !== null)
      state.trash.add({
        name: trash,
        node,
        path,
        kind: 'folder',
        version: null,
        why: 'the share is not here any more',
        at,
      });
    state.mounts.remove(namespace);
    if (isKept || ending.why === 'removed')
      state.problems.put({ subject: `share:${namespace}`, node: null, path, code, facts, since: at });
    if (isAway && !isKept) return;
    const detail = sentenceOf(code, facts);
    state.ledger.add({
      at,
      node,
      path,
      verb: 'problem',
      rule: code,
      detail,
      deed: hereDeed(account, 'problem'),
    });
  });
  main.notify();
  return true;
}
