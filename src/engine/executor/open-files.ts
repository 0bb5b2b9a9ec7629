/**
 * Files that another program has open for writing. A program that truncates first and writes its bytes later would
 * write them into what came out of an exchange, or into the trash, where nobody looks. So neither happens meanwhile: the
 * node rests for a while, its name is looked at again, and the finished save is met as an edit.
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import { reportDiskTrouble } from '../local/disk-problems.ts';
import type { Context } from './context.ts';

/** A save takes moments; what is still open at this try (some seconds) is told, so that the user can close it. */
const TOLD_FROM_TRY = 4;

interface OpenFile {
  readonly node: NodeId;
  readonly path: RelPath;
}

/** Those of these regular files that have to wait for their writer; each is seen to. */
export async function waitingForWriters(
  context: Context,
  files: readonly OpenFile[],
): Promise<ReadonlySet<NodeId>> {
  if (files.length === 0) return new Set();
  const written = await context.env.disk.beingWritten(files.map((each) => each.path));
  const waiting = files.filter((_file, i) => written[i] === true);
  for (const each of waiting) wait(context, each);
  return new Set(waiting.map((each) => each.node));
}

function wait(context: Context, { node, path }: OpenFile): void {
  const { state, operations, scanner, env } = context;
  const row = state.local.get(node);
  if (row) scanner.lookAt(row.parent, row.name);
  operations.defer(node);
  if (operations.triesOf(node) < TOLD_FROM_TRY) return;
  const detail = `${path}: open for writing in another program`;
  reportDiskTrouble(state, node, path, { kind: 'failed', trouble: 'busy', detail }, env.clock.now());
}
