/** What lies in staging without a download under way. */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Context } from './context.ts';

/**
 * Downloads that were not finished: kept while they are still wanted (they resume), else erased. Never a user's bytes.
 * Answers how many were kept, and how many the disk did not let go.
 */
export async function clearStaging(
  context: Context,
): Promise<{ readonly kept: number; readonly stuck: number }> {
  const { env, state } = context;
  const open = new Set(state.intents.open().map(({ staged }) => staged));
  const unwanted: string[] = [];
  let kept = 0;
  for (const entry of await env.disk.listStaged()) {
    const name = entry.name;
    // Until an exchange is settled, what lies there may be a save.
    if (name === null || open.has(name)) continue;
    const node = name.slice(-36);
    if (isNodeId(node) && isWanted(context, parseNodeId(node), name)) kept += 1;
    else unwanted.push(name);
  }
  if (unwanted.length === 0) return { kept, stuck: 0 };
  await env.disk.eraseStaged(unwanted);
  const there = new Set((await env.disk.listStaged()).map(({ name }) => name));
  return { kept, stuck: unwanted.filter((name) => there.has(name)).length };
}

function isWanted({ state }: Context, node: NodeId, staged: string): boolean {
  const remote = state.remote.get(node);
  const version = remote?.live ? remote.head?.version : undefined;
  return (
    version !== undefined && staged.startsWith(`${version}-`) && state.synced.get(node)?.version !== version
  );
}

/** Where a version of a node is assembled. */
export function stagedName(version: string, node: NodeId): string {
  return `${version}-${node}`;
}

export function isNodeId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
