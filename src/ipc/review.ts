/** Batches that the brake holds: deletions, and overwrites that look encrypted. Everything else syncs on; the default answer keeps the files. */
import { type Static, Type } from 'typebox';
import {
  Count,
  Millis,
  Next,
  nullable,
  oneOf,
  open,
  PageParams,
  record,
  Sentence,
  ShownPath,
  Without,
} from './shapes.ts';

export const ReviewRow = open({
  id: Type.String(),
  what: oneOf('delete', 'overwrite'),
  /** 'sending': made here and not yet sent. 'receiving': made elsewhere and not yet done here. */
  direction: oneOf('sending', 'receiving'),
  files: Count,
  /** Part of all files in the folder, 0 to 1. */
  share: Type.Number({ minimum: 0, maximum: 1 }),
  bytes: Count,
  /** The folder that all of it lies in ('' is the synced folder itself), and the first paths. */
  folder: ShownPath,
  paths: Type.Array(ShownPath, { maxItems: 100 }),
  device: Type.String(),
  user: Type.String(),
  firstAt: Millis,
  lastAt: Millis,
  sentence: Sentence,
});
export type ReviewRow = Static<typeof ReviewRow>;

export const ReviewListParams = record(PageParams);
export const ReviewListResult = open({ batches: Type.Array(ReviewRow), next: Next, without: Without });
export type ReviewListResult = Static<typeof ReviewListResult>;

/** Every file of a batch, in pages: there may be a hundred thousand. */
export const ReviewFilesParams = record({ id: Type.String({ minLength: 1, maxLength: 64 }), ...PageParams });
export const ReviewFilesResult = open({
  files: Type.Array(open({ path: ShownPath, size: nullable(Count) })),
  total: Count,
  next: Next,
});
export type ReviewFilesResult = Static<typeof ReviewFilesResult>;

export const ReviewParams = record({ id: Type.String({ minLength: 1, maxLength: 64 }) });
/** `files`: how many the list showed. When more are held by now, nothing is decided. */
export const ReviewApproveParams = record({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  files: Type.Optional(Count),
});
/** Approving carries the batch out everywhere; rejecting brings the files back as they were. Both can be undone for 30 days. */
export const ReviewResult = open({
  id: Type.String(),
  decision: oneOf('approved', 'rejected'),
  files: Count,
  sentence: Sentence,
});
export type ReviewResult = Static<typeof ReviewResult>;
