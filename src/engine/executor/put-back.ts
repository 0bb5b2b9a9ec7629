/**
 * Overwrites that were held and rejected: what stands here goes to the trash, and the version last agreed on comes down
 * again, under the name it has for everybody.
 */
import { folderOf } from '../../core/names/path-parts.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Context } from './context.ts';
import { trashName } from './keep-in-trash.ts';
import { slotKey } from './operations.ts';

const WHY = 'the held overwriting was rejected';

export async function putBack(context: Context, nodes: readonly NodeId[]): Promise<void> {
  const { env, operations, state } = context;
  const items = nodes.flatMap((node) => {
    const row = state.local.get(node);
    const path = state.pathOf(node);
    const name = trashName(env, node);
    return row?.kind === 'file' && path !== null ? [{ node, row, path, name }] : [];
  });
  const keys = items.flatMap(({ node, row }) => [node, slotKey(row.parent, row.name)]);
  operations.touch(keys);
  operations.holdBack(nodes);
  try {
    // Without a base, what is cut short here shows as missing, never as deleted.
    state.transaction(() => {
      for (const { node } of items) state.synced.remove(node);
    });
    const moved = await env.disk.toTrash(items);
    const folders = items.map(({ path }) => folderOf(path));
    await context.flusher.folders([...new Set(folders)]);
    state.transaction(() => {
      items.forEach(({ node, path, name }, i) => {
        const outcome = moved[i];
        if (outcome?.kind === 'found')
          state.trash.add({ name, node, path, kind: 'file', version: null, why: WHY, at: env.clock.now() });
        // What the disk does not let go stays, as a file of its own beside the one that comes.
        else if (outcome?.trouble !== 'gone') return;
        state.local.remove(node);
        context.record(node, 'put back', WHY, path);
      });
    });
  } finally {
    operations.letDecide(nodes);
    operations.letGo(keys);
  }
}
