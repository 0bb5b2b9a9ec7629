/**
 * What tells an overwriting that scrambles files from everyday work: the new bytes look like noise where the old ones
 * did not, or the name got one more extension while the content changed (DESIGN 4, "Delete brake").
 */

/** The head of a file that is looked at. */
export const ENTROPY_SAMPLE = 64 * 1024;
/** Fewer bytes say nothing: even noise cannot show all values. */
const LEAST_SAMPLE = 1024;
/** Bits per byte: encrypted contents lie at 7.8 and more, texts and programs below 6.5. */
const NOISE = 7.5;
/** What was noise before (pictures, archives) may become other noise. */
const JUMP = 1;

/** Bits per byte of the head of a content, 0 to 8; null for contents that are too short to tell. */
export function byteEntropy(content: Uint8Array): number | null {
  const length = Math.min(content.length, ENTROPY_SAMPLE);
  if (length < LEAST_SAMPLE) return null;
  const counts = new Uint32Array(256);
  for (const byte of content.subarray(0, length)) counts[byte]! += 1;
  let sum = 0;
  for (const count of counts) if (count > 0) sum += count * Math.log2(count);
  return Math.log2(length) - sum / length;
}

/** Did a content become noise? Unknown (null) on either side never counts. */
export function isEntropyJump(before: number | null, after: number | null): boolean {
  return before !== null && after !== null && after >= NOISE && after - before >= JUMP;
}

/** The extension kept and more appended: `a.docx` → `a.docx.locked`. Another one instead is a conversion. */
export function isExtensionJump(oldName: string, newName: string): boolean {
  return oldName.lastIndexOf('.') > 0 && newName.startsWith(`${oldName}.`) && !newName.endsWith('.');
}
