/**
 * Files that the disk failed to make durable. A second flush may say yes of bytes that the system has dropped, so it proves
 * nothing: what is agreed on is the server's, and after a power cut these files are fetched, whatever they look like.
 */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Context } from './context.ts';

const KEY = 'unflushed-files';
const BETWEEN = ' ';

export function unflushedFiles({ state }: Pick<Context, 'state'>): ReadonlySet<NodeId> {
  const told = state.meta.get(KEY) ?? '';
  return new Set(told === '' ? [] : told.split(BETWEEN).map(parseNodeId));
}

/** Noted before the synced tree says anything of them: a state that knows of one knows of the other. */
export function noteUnflushed(context: Pick<Context, 'state'>, nodes: readonly NodeId[]): void {
  put(context, new Set([...unflushedFiles(context), ...nodes]));
}

/** Written anew, and flushed: these bytes are on the disk. */
export function noteFlushed(context: Pick<Context, 'state'>, nodes: readonly NodeId[]): void {
  const before = unflushedFiles(context);
  if (!nodes.some((node) => before.has(node))) return;
  put(context, new Set([...before].filter((node) => !nodes.includes(node))));
}

function put({ state }: Pick<Context, 'state'>, nodes: ReadonlySet<NodeId>): void {
  if (nodes.size === 0) state.meta.remove(KEY);
  else state.meta.set(KEY, [...nodes].join(BETWEEN));
}
