/** Whether anything is still going to happen by itself: only then is it "syncing". */
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';

/** Of very many waiting nodes only so many are looked at; the rest is taken to be like them. */
const SAMPLE = 2000;

/**
 * Nothing is under way, the journal is read, and whatever still differs has a problem or is in a folder that has one:
 * it is tried again now and then, and told as what cannot sync.
 */
export function isHeldUp({ ready, connection, state, journal, scanner, operations }: Engine): boolean {
  if (!ready || !connection.online || state.problems.count() === 0) return false;
  const cursor = state.meta.cursor();
  if (cursor === null || cursor.seq < journal.serverHead) return false;
  if (operations.busy || scanner.busy || scanner.firstScanPending) return false;
  const hasProblem = (start: NodeId): boolean => {
    let node: NodeId | undefined = start;
    for (; node !== undefined; node = state.remote.get(node)?.parent)
      if (state.problems.get(node) !== null) return true;
    return false;
  };
  const nodes = state.frontier.nodes().slice(0, SAMPLE);
  return nodes.length > 0 && nodes.every(hasProblem);
}
