/** What people ask the engine for while they work: old versions, what was deleted, decisions, and what is left out. */
import type { Engine } from '../../src/engine/engine.ts';
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import type { Answer } from '../../src/ipc/contract.ts';
import { parseNodeId } from '../../src/protocol/ids.ts';
import type { ContentName, Ledger } from './ledger.ts';
import type { Machine } from './machine.ts';
import type { Stream } from './random.ts';
import { contentNameOf } from './server-fold.ts';
import { below, contentName, treeOf } from './sim-user.ts';
import type { VerbKind } from './workload.ts';

const CALL = { signal: new AbortController().signal } as const;
const IGNORE_RULES = ['a\n', '*.txt\n', 'D/\n', '', '', '/b\n!/b\n'] as const;

export interface VerbScene {
  readonly machine: Machine;
  /** Of this action alone. */
  readonly stream: Stream;
  readonly ledger: Ledger;
}

type Told = string | null;

/** Asks; the answer says what became of it, `null` when there was nothing to ask for. It may never come. */
export async function askFor(kind: VerbKind, scene: VerbScene): Promise<Told> {
  const device = scene.machine.device;
  if (!device?.engine.ready || device.engine.stopping) return null;
  switch (kind) {
    case 'restore':
      return restore(scene);
    case 'undelete':
      return undelete(scene);
    case 'resolve':
      return resolve(scene);
    case 'review':
      return decide(scene, scene.stream.chance(0.5) ? 'approve' : 'reject');
    case 'remove-folder':
    case 'bring-folder':
      return select(scene, kind);
    case 'ignore':
      return ignore(scene);
    case 'pause':
      return told('pause', await device.control.pause({}, CALL));
    case 'resume':
      return told('resume', await device.control.resume({}, CALL));
  }
}

/** Every held batch is answered: nobody is waited for any more. `true` when there was one. */
export async function decideAll(scene: VerbScene): Promise<boolean> {
  const held = scene.machine.device?.engine.state.reviews.list() ?? [];
  for (const _ of held) await decide(scene, 'reject');
  return held.length > 0;
}

function told(what: string, answer: Answer<unknown>): string {
  return answer.kind === 'ok' ? `${what}: done` : `${what}: ${answer.code}`;
}

async function restore({ machine, stream, ledger }: VerbScene): Promise<Told> {
  const control = machine.device?.control;
  const files = [...treeOf(machine.volume).keys()];
  if (!control || files.length === 0) return null;
  const path = stream.pick(files);
  const { volume } = machine;
  const shown = below(volume.root).find((each) => volume.pathOf(each) === path);
  const history = await control.history({ path }, CALL);
  const node = history.kind === 'ok' ? history.value.nodes[0] : undefined;
  if (node === undefined || node.versions.length < 2) return null;
  const { version } = stream.pick(node.versions);
  const rows = await machine.device?.engine.server.history(parseNodeId(node.node));
  if (rows?.kind !== 'ok') return null;
  // On purpose: this content makes one more version, paths go back to it, and what stood there is given up.
  for (const row of rows.value.versions)
    if (row.version === version) ledger.extra(contentNameOf(row.content));
  // Also where the engine has not told of it yet.
  if (shown !== undefined) ledger.superseded(machine.name, contentName(shown));
  const newest = rows.value.versions[0];
  if (newest !== undefined) ledger.superseded(machine.name, contentNameOf(newest.content));
  const seen = newest === undefined ? {} : { seen: newest.version };
  return told(`restore ${path} ${version}`, await control.restore({ path, version, ...seen }, CALL));
}

async function undelete({ machine, stream, ledger }: VerbScene): Promise<Told> {
  const control = machine.device?.control;
  const listed = await control?.['trash.list']({}, CALL);
  if (!control || listed?.kind !== 'ok' || listed.value.items.length === 0) return null;
  const { id, path, where } = stream.pick(listed.value.items);
  // What only this computer kept goes up as something new.
  if (where === 'here') for (const content of trashContents(machine)) ledger.extra(content);
  return told(`undelete ${path}`, await control['trash.restore']({ id }, CALL));
}

function trashContents({ volume }: Machine): readonly ContentName[] {
  const reserved = volume.childOf(volume.root, RESERVED_FOLDER);
  const trash = reserved && volume.childOf(reserved, 'trash');
  return trash === undefined ? [] : below(trash).map(contentName);
}

async function resolve({ machine, stream, ledger }: VerbScene): Promise<Told> {
  const control = machine.device?.control;
  const listed = await control?.['conflicts.list']({}, CALL);
  if (!control || listed?.kind !== 'ok' || listed.value.conflicts.length === 0) return null;
  const { id, path, mine, theirs } = stream.pick(listed.value.conflicts);
  const keep = stream.pick(['mine', 'theirs', 'both'] as const);
  for (const { node } of [mine, theirs]) {
    const head = machine.device?.engine.state.remote.get(parseNodeId(node))?.head;
    if (head) ledger.decided(machine.name, contentNameOf(head.content));
  }
  return told(`resolve ${path} ${keep}`, await control['conflicts.resolve']({ id, keep }, CALL));
}

async function decide({ machine, stream }: VerbScene, decision: 'approve' | 'reject'): Promise<Told> {
  const control = machine.device?.control;
  const listed = await control?.['review.list']({}, CALL);
  if (!control || listed?.kind !== 'ok' || listed.value.batches.length === 0) return null;
  const { id, what } = stream.pick(listed.value.batches);
  return told(`${decision} ${what}`, await control[`review.${decision}`]({ id }, CALL));
}

/** Folders that the server has, as far as this device knows. */
function foldersOf({ state }: Engine): readonly string[] {
  const rows = state.db
    .prepare<[], { node: string }>("SELECT node FROM remote WHERE live = 1 AND kind = 'folder' ORDER BY node")
    .all();
  return rows.flatMap(({ node }) => state.remotePathOf(parseNodeId(node)) ?? []);
}

async function select({ machine, stream }: VerbScene, kind: 'remove-folder' | 'bring-folder'): Promise<Told> {
  const device = machine.device;
  const folders = device ? foldersOf(device.engine) : [];
  if (!device || folders.length === 0) return null;
  const path = stream.pick(folders);
  const { control } = device;
  const answer =
    kind === 'remove-folder'
      ? await control['folders.remove']({ path, dryRun: false }, CALL)
      : await control['folders.bring']({ path }, CALL);
  return told(`${kind} ${path}`, answer);
}

/** Rules that never leave this computer: they come and go. */
async function ignore({ machine, stream }: VerbScene): Promise<Told> {
  const control = machine.device?.control;
  const local = stream.pick(IGNORE_RULES);
  const before = await control?.['ignore.get']({ folder: '' }, CALL);
  if (!control || before?.kind !== 'ok') return null;
  const { shared } = before.value;
  return told(
    `ignore ${JSON.stringify(local)}`,
    await control['ignore.set']({ folder: '', shared, local }, CALL),
  );
}

/** Everything comes down again, and nothing is left out. */
export async function bringAll(machine: Machine): Promise<void> {
  await machine.device?.control['ignore.set']({ folder: '', shared: '', local: '' }, CALL);
  await bringFolders(machine);
}

/** Of the folders that stay online those which this device knows of by now. True if there were any. */
export async function bringFolders(machine: Machine): Promise<boolean> {
  const device = machine.device;
  if (!device) return false;
  const { engine, control } = device;
  let found = false;
  for (const node of engine.state.online.folders()) {
    const path = engine.state.remotePathOf(node);
    if (path === null || !engine.state.remote.get(node)?.live) continue;
    if ((await control['folders.bring']({ path }, CALL)).kind === 'ok') found = true;
  }
  return found;
}
