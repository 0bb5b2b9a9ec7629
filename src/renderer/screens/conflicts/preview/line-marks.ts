/** Which words of a line differ from the line it stands against. Pure. */
import { presentableDiff } from '@codemirror/merge';

export interface Mark {
  readonly text: string;
  readonly changed: boolean;
}

/** Lines longer than this are marked as a whole. */
const LONGEST = 1000;

export function marksOf(before: string, after: string): readonly Mark[] {
  if (before.length > LONGEST || after.length > LONGEST || before === '' || after === '')
    return [{ text: after, changed: false }];
  const marks: Mark[] = [];
  let at = 0;
  let same = 0;
  for (const change of presentableDiff(before, after)) {
    if (change.fromB > at) marks.push({ text: after.slice(at, change.fromB), changed: false });
    if (change.toB > change.fromB) marks.push({ text: after.slice(change.fromB, change.toB), changed: true });
    same += change.fromB - at;
    at = change.toB;
  }
  if (at < after.length) marks.push({ text: after.slice(at), changed: false });
  same += after.length - at;
  // Hardly anything in common: marks would be confetti.
  return same < after.length / 4 ? [{ text: after, changed: false }] : marks;
}
