/** The trash: what the server can bring back for everybody, and what only this computer kept. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import type { TrashRow } from '../../ipc/history.ts';
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { TRASH_KEPT_MS, type Trashed } from '../state/trash-table.ts';
import { claimBase, claimNow, claimTogether } from './claims.ts';
import { pathNow } from './conflict-sides.ts';
import { noServer } from './no-server.ts';
import { refusedBy } from './refused-by.ts';
import {
  APART_MS,
  type BatchMark,
  formatMark,
  markBatches,
  parseMark,
  seqOf,
  type TrashItem,
} from './trash-batches.ts';
import { plural } from './words.ts';

/** Ids, and the pages, of what only this computer kept. */
export const HERE = 'here:';
/** Claims of one batch. */
const CLAIMS = 500;
const PAGE = 200;

/** What the server keeps, newest first; then what only this computer kept. */
export async function listTrash(
  engine: Engine,
  { after, limit = PAGE }: Params<'trash.list'>,
): Promise<Answer<Result<'trash.list'>>> {
  if (!engine.ready) return refused('unavailable');
  if (after?.startsWith(HERE) || !engine.connection.online) return ok(keptPage(engine, after ?? HERE, limit));
  const mark = parseMark(after ?? '');
  const listed = await engine.server.trashPage(mark?.seq ?? null);
  if (listed.kind === 'trouble') return refusedBy(engine, listed);
  const { items, hasMore } = listed.value;
  const page = items.slice(0, limit);
  const marks = markBatches(page, mark);
  const rows = page.map((item, i) => serverRow(item, marks[i]));
  const last = marks.at(-1);
  if ((hasMore || items.length > limit) && last) return ok({ items: rows, next: formatMark(last) });
  if (rows.length === limit) return ok({ items: rows, next: HERE });
  const kept = keptPage(engine, HERE, limit - rows.length);
  return ok({ items: [...rows, ...kept.items], next: kept.next });
}

function serverRow({ event, path, below }: TrashItem, mark: BatchMark | undefined): TrashRow {
  const content = event.head?.content;
  return {
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
    batch: mark ? String(mark.batch) : null,
  };
}

function keptPage(engine: Engine, after: string, limit: number): Result<'trash.list'> {
  const match = /^here:(-?\d{1,16}) (.+)$/s.exec(after);
  const from = match === null ? null : { at: Number(match[1]), name: match[2] ?? '' };
  const kept = engine.state.trash.keptOnly(from, limit + 1);
  const page = kept.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((each) => keptHere(engine, each)),
    next: kept.length > limit && last ? `${HERE}${last.at} ${last.name}` : null,
  };
}

/** Contents that never were a version: only this computer has them. */
function keptHere(engine: Engine, each: Trashed): TrashRow {
  const { account } = engine.parts;
  const kind = each.kind === 'folder' || each.kind === 'symlink' ? each.kind : 'file';
  return {
    id: `${HERE}${each.name}`,
    path: each.path,
    kind,
    below: 0,
    size: null,
    deletedAt: each.at,
    device: account.device,
    user: account.user,
    where: 'here',
    expiresAt: each.at + TRASH_KEPT_MS,
    batch: null,
  };
}

export async function restoreTrash(
  engine: Engine,
  params: Params<'trash.restore'>,
): Promise<Answer<Result<'trash.restore'>>> {
  if (!engine.ready) return refused('unavailable');
  if ('batch' in params) return restoreBatch(engine, params.batch);
  const { id } = params;
  if (id.startsWith(HERE)) return restoreHere(engine, id);
  let node: NodeId;
  try {
    node = parseNodeId(id);
  } catch {
    return refused('not-found');
  }
  const below = engine.state.remote.deadWith(node).length;
  const answer = await claimNow(engine, (key) => ({ op: 'undelete', key, node, ...claimBase(engine, node) }));
  if (answer.kind === 'refused') return answer;
  const path = pathNow(engine, answer.value.node);
  return ok({ id, path, restored: 1 + below, sentence: `${engine.shown(path)} is back, on every device.` });
}

/** All that is left of a batch: folders first, so that everything returns to where it stood. */
async function restoreBatch(engine: Engine, batch: string): Promise<Answer<Result<'trash.restore'>>> {
  const found = await batchItems(engine, batch);
  if (found.kind === 'refused') return found;
  const depth = ({ path }: TrashItem) => path.split('/').length;
  const items = found.value.toSorted((a, b) => depth(a) - depth(b));
  const back: { readonly node: NodeId; readonly below: number }[] = [];
  for (let from = 0; from < items.length; ) {
    const level = items
      .slice(from, from + CLAIMS)
      .filter((item) => depth(item) === depth(items[from] ?? item));
    from += level.length;
    const answer = await claimTogether(
      engine,
      level.map(({ event: { node } }) => (key) => {
        return { op: 'undelete', key, node, ...claimBase(engine, node) } as const;
      }),
    );
    if (answer.kind === 'refused') {
      if (back.length === 0) return answer;
      break;
    }
    for (const { kind, node } of answer.value)
      if (kind === 'committed' || kind === 'renamed')
        back.push({ node, below: level.find(({ event }) => event.node === node)?.below ?? 0 });
  }
  const first = back[0];
  if (!first) return refused('not-found');
  const restored = back.reduce((sum, { below }) => sum + 1 + below, 0);
  const left = items.length - back.length;
  const path = pathNow(engine, first.node);
  const what = restored === 1 ? `${engine.shown(path)} is` : `${restored} files and folders are`;
  const rest = left === 0 ? '' : ` ${plural(left, 'other')} could not be brought back; try again.`;
  return ok({ id: batch, path, restored, sentence: `${what} back, on every device.${rest}` });
}

/** From the latest deletion of the batch backwards, as far as they hang together. */
async function batchItems(engine: Engine, batch: string): Promise<Answer<readonly TrashItem[]>> {
  const first = /^[1-9]\d{0,15}$/.test(batch) ? Number(batch) : null;
  if (first === null) return refused('not-found');
  const cut = noServer(engine);
  if (cut) return cut;
  const found: TrashItem[] = [];
  let mark: BatchMark | null = null;
  for (let before = first + 1; ; ) {
    const listed = await engine.server.trashPage(before);
    if (listed.kind === 'trouble') return refusedBy(engine, listed);
    for (const item of listed.value.items) {
      if (mark === null && seqOf(item) !== first) continue;
      if (mark !== null && mark.at - item.event.at > APART_MS) return ok(found);
      if (mark !== null && item.event.device !== mark.device) continue;
      mark = { seq: seqOf(item), batch: first, device: item.event.device, at: item.event.at };
      found.push(item);
    }
    const last = listed.value.items.at(-1);
    if (!listed.value.hasMore || !last || mark === null) return ok(found);
    before = seqOf(last);
  }
}

async function restoreHere(engine: Engine, id: string): Promise<Answer<Result<'trash.restore'>>> {
  const item = engine.state.trash.get(id.slice(HERE.length));
  if (!item) return refused('not-found');
  const path = await freeName(engine, item.path);
  const back = await engine.parts.env.disk.fromTrash(item.name, path);
  if (back.kind === 'failed') return refused('disk-error', { file: path, detail: back.detail });
  engine.state.trash.remove(item.name);
  void engine.scan();
  return ok({
    id,
    path,
    restored: 1,
    sentence: `${engine.shown(path)} is back on this computer and goes up.`,
  });
}

async function freeName(engine: Engine, path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path} (restored ${number})`;
    if ((await engine.parts.env.disk.look(candidate)).kind === 'failed') return candidate;
  }
}
