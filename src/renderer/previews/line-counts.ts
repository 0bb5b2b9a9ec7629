/** How much two texts differ, in lines. Pure. */
import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

export interface LineCounts {
  readonly added: number;
  readonly removed: number;
  /** Places where something changed. */
  readonly places: number;
}

/** Bounded work: very different texts are compared coarsely rather than for long. */
export const DIFF_EFFORT = { scanLimit: 2000, timeout: 400 } as const;

export function documentOf(text: string): Text {
  return Text.of(text.split(/\r\n?|\n/));
}

export function lineCounts(before: Text, after: Text): LineCounts {
  const chunks = Chunk.build(before, after, DIFF_EFFORT);
  const linesOf = (text: Text, from: number, to: number, end: number) =>
    to === from ? 0 : text.lineAt(end).number - text.lineAt(from).number + 1;
  return {
    added: chunks.reduce((sum, each) => sum + linesOf(after, each.fromB, each.toB, each.endB), 0),
    removed: chunks.reduce((sum, each) => sum + linesOf(before, each.fromA, each.toA, each.endA), 0),
    places: chunks.length,
  };
}
