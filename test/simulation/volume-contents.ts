/**
 * Contents of files that are only in memory yet, and what a power cut leaves of them.
 *
 * What real file systems promise: after `fsync` the file is whole. Before, anything between the last durable state and the
 * newest may show: old bytes, no bytes at all under a new size's name (delayed allocation), the beginning only, or the
 * right length with zeros where blocks were never written (XFS, NTFS). Writeback begins after some thirty seconds.
 */
import type { Stream } from './random.ts';
import type { FileState, PastState, SimNode } from './volume-node.ts';

/** Dirty pages are written by then. */
const WRITTEN_WITHIN_MS = 35_000;
/** States remembered of one file: those between them are forgotten. */
const MOST = 6;

export function stateOf({ bytes, mtimeNs, ctimeNs, executable }: SimNode): FileState {
  return { bytes, mtimeNs, ctimeNs, executable };
}

/** To be called before a file is changed. */
export function remember(node: SimNode, now: number): void {
  if (node.kind !== 'file') return;
  if (node.past.length >= MOST) node.past.pop();
  node.past.push({ at: now, state: stateOf(node) });
}

const OUTCOMES = { newest: 30, oldest: 20, between: 15, beginning: 15, zeros: 10, empty: 10 } as const;

/** The power is cut: true when the file shows something else now. */
export function cutContent(node: SimNode, now: number, stream: Stream): boolean {
  const written = now - stream.fraction() * WRITTEN_WITHIN_MS;
  const lost = node.past.filter(({ at }) => at > written);
  node.past = [];
  const [oldest] = lost;
  if (oldest === undefined) return false;
  const newest = stateOf(node);
  const left = whatIsLeft(newest, lost, stream);
  Object.assign(node, left);
  return left.bytes !== newest.bytes;
}

function whatIsLeft(newest: FileState, lost: readonly PastState[], stream: Stream): FileState {
  // Bytes that were durable stay as they are, whatever becomes of times and permissions.
  if (lost.every(({ state }) => state.bytes === newest.bytes)) return stream.pick(lost).state;
  const outcome = stream.weighted(OUTCOMES);
  const somewhere = stream.below(newest.bytes.length + 1);
  switch (outcome) {
    case 'newest':
      return newest;
    case 'oldest':
      return lost[0]?.state ?? newest;
    case 'between':
      return stream.pick(lost).state;
    case 'beginning':
      return { ...newest, bytes: newest.bytes.slice(0, somewhere) };
    case 'zeros': {
      const bytes = new Uint8Array(newest.bytes.length);
      bytes.set(newest.bytes.subarray(0, somewhere));
      return { ...newest, bytes };
    }
    default:
      return { ...newest, bytes: new Uint8Array(0) };
  }
}
