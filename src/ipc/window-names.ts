/**
 * The names that windows and main share. Apart from the schemas of `window.ts`, so that preload and pages need not
 * load those: import values from here, types from there.
 */

/** Names of the channels between preload and main. */
export const CHANNELS = { ask: 'tidemark:ask', engine: 'tidemark:engine', event: 'tidemark:event' } as const;

/**
 * Pictures and PDFs of a version, for previews: `tidemark-preview://version/<node>/<version>`. Main answers with the
 * bytes and a type from a short list by their first bytes, or 404, 413, 415; never with anything that can run.
 */
export const PREVIEW_SCHEME = 'tidemark-preview';
export const PREVIEW_BYTES = 32 * 1024 * 1024;

export function previewUrl(node: string, version: string): string {
  return `${PREVIEW_SCHEME}://version/${encodeURIComponent(node)}/${encodeURIComponent(version)}`;
}

/** The app's own pages. */
export const APP_SCHEME = 'tidemark-app';
