/** Somebody who changes their mind about which folders are on their computer, whatever else goes on there. */
import type { Engine } from '../../src/engine/engine.ts';
import { removeFolder } from '../../src/engine/verbs/folder-removal.ts';
import { bringFolder } from '../../src/engine/verbs/folders.ts';
import { parseNodeId } from '../../src/protocol/ids.ts';
import type { Domain } from './clock.ts';
import type { Machine } from './machine.ts';
import type { Stream } from './random.ts';

/** Folders that the server has, as far as this device knows. */
function foldersOf({ state }: Engine): readonly string[] {
  const rows = state.db
    .prepare<[], { node: string }>("SELECT node FROM remote WHERE live = 1 AND kind = 'folder' ORDER BY node")
    .all();
  return rows.flatMap(({ node }) => state.remotePathOf(parseNodeId(node)) ?? []);
}

/** Now and then a folder is removed from this computer, or brought back. `told` hears what was asked for. */
export async function changeSelection(
  machine: Machine,
  stream: Stream,
  life: Domain,
  isOver: () => boolean,
  told: (what: string) => void,
): Promise<void> {
  while (!isOver()) {
    await life.sleep(stream.fraction() * 6000);
    const engine = machine.device?.engine;
    if (isOver() || !engine?.ready || engine.stopping) continue;
    const folders = foldersOf(engine);
    if (folders.length === 0) continue;
    const path = stream.pick(folders);
    const isRemoval = stream.chance(0.6);
    told(`${isRemoval ? 'removes' : 'brings'} ${path}`);
    // Not waited for: the engine may be killed in the middle of it, and then never answers.
    void (isRemoval ? removeFolder(engine, path, false) : bringFolder(engine, path)).then(
      (answer) => told(`${path}: ${answer.kind === 'ok' ? answer.value.sentence : answer.code}`),
      () => undefined,
    );
  }
}

/** Everything comes down again. */
export async function bringAll(machine: Machine): Promise<void> {
  const engine = machine.device?.engine;
  if (!engine) return;
  for (const node of engine.state.online.folders()) {
    const path = engine.state.remotePathOf(node);
    if (path !== null && engine.state.remote.get(node)?.live) await bringFolder(engine, path);
  }
}
