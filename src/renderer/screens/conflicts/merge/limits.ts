/** What may be merged in place; the same as the contract's MERGED_BYTES, without loading its schemas. */
export const MERGE_LIMIT = 1024 * 1024;
