/** A stretch of the target that stands in one source: target[start, end) = source[offset, offset + end - start). */
export interface Run {
  /** Index into the sources of the signature index. */
  source: number;
  offset: number;
  start: number;
  end: number;
}
