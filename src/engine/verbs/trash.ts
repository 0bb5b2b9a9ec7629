/** The trash: what the server can bring back for everybody, and what only this computer kept. */
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import type { TrashRow } from '../../ipc/history.ts';
import { parseNodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { TRASH_KEPT_MS, type Trashed } from '../state/trash-table.ts';
import { claimBase, claimNow } from './claims.ts';

export async function listTrash(engine: Engine): Promise<Answer<Result<'trash.list'>>> {
  const { account } = engine.parts;
  if (!engine.ready) return refused('unavailable');
  const items: TrashRow[] = [];
  if (engine.connection.online) {
    const listed = await engine.server.trash();
    if (listed.kind === 'trouble')
      return refused(listed.code, { server: account.serverUrl, detail: listed.detail });
    for (const { event, path, below } of listed.value.items) {
      const content = event.head?.content;
      items.push({
        id: event.node,
        path,
        kind: event.kind,
        below,
        size: content?.kind === 'file' ? content.size : null,
        deletedAt: event.at,
        device: event.deviceName,
        user: event.user,
        where: 'server',
        expiresAt: null,
      });
    }
  }
  for (const each of engine.state.trash.list(500))
    if (each.version === null) items.push(keptHere(engine, each));
  return ok({ items, next: null });
}

/** Contents that never were a version: only this computer has them. */
function keptHere(engine: Engine, each: Trashed): TrashRow {
  const { account } = engine.parts;
  const kind = each.kind === 'folder' || each.kind === 'symlink' ? each.kind : 'file';
  return {
    id: `here:${each.name}`,
    path: each.path,
    kind,
    below: 0,
    size: null,
    deletedAt: each.at,
    device: account.device,
    user: account.user,
    where: 'here',
    expiresAt: each.at + TRASH_KEPT_MS,
  };
}

export async function restoreTrash(engine: Engine, id: string): Promise<Answer<Result<'trash.restore'>>> {
  if (!engine.ready) return refused('unavailable');
  if (id.startsWith('here:')) return restoreHere(engine, id);
  let node: ReturnType<typeof parseNodeId>;
  try {
    node = parseNodeId(id);
  } catch {
    return refused('not-found');
  }
  const answer = await claimNow(engine, (key) => ({ op: 'undelete', key, node, ...claimBase(engine, node) }));
  if (answer.kind === 'refused') return answer;
  const path = engine.state.remotePathOf(answer.value.node) ?? '';
  return ok({ id, path, sentence: `${path} is back, on every device.` });
}

async function restoreHere(engine: Engine, id: string): Promise<Answer<Result<'trash.restore'>>> {
  const item = engine.state.trash.get(id.slice('here:'.length));
  if (!item) return refused('not-found');
  const path = await freeName(engine, item.path);
  const back = await engine.parts.env.disk.fromTrash(item.name, path);
  if (back.kind === 'failed') return refused('disk-error', { file: path, detail: back.detail });
  engine.state.trash.remove(item.name);
  void engine.scan();
  return ok({ id, path, sentence: `${path} is back on this computer and goes up.` });
}

async function freeName(engine: Engine, path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path} (restored ${number})`;
    if ((await engine.parts.env.disk.look(candidate)).kind === 'failed') return candidate;
  }
}
