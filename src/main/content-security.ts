/** What the app's pages may load and run: their own files, nothing inline, nothing from anywhere else. */
import { PREVIEW_SCHEME } from '../ipc/window-names.ts';

const PREVIEW = `${PREVIEW_SCHEME}:`;

const IN_PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  `img-src 'self' ${PREVIEW}`,
  "font-src 'self'",
  // The first page of a PDF is drawn by a script of ours, which has to fetch it.
  `connect-src 'self' ${PREVIEW}`,
  "worker-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** For the page's own head: a second lock, should the header ever be lost. */
export const POLICY_IN_PAGE = IN_PAGE.join('; ');

/** The header may say one thing more that a page cannot say about itself. */
export const POLICY_HEADER = [...IN_PAGE, "frame-ancestors 'none'"].join('; ');
