/** What came into staging and may be the only copy of a save: kept in the trash of this device, never erased. */
import type { NodeId } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import type { Context } from './context.ts';

interface StagedSave {
  readonly node: NodeId;
  readonly path: RelPath;
  readonly staged: string;
}

/** The name of something in the trash: when it came, and whose it is. */
export function trashName({ clock }: Environment, node: NodeId): string {
  return `${Math.floor(clock.now()).toString(36)}-${node}`;
}

/** False: the disk did not let it go there, and it still lies in staging. */
export async function keepInTrash(context: Context, save: StagedSave, why: string): Promise<boolean> {
  const { env, state } = context;
  const { node, path } = save;
  const name = trashName(env, node);
  const kept = await env.disk.stagedToTrash(save.staged, name);
  if (kept.kind === 'failed') return kept.trouble === 'gone';
  state.trash.add({ name, node, path, kind: 'file', version: null, why, at: env.clock.now() });
  return true;
}
