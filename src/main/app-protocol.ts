/** `tidemark-app://pages/…`: the app's own pages, from one folder, by a short list of types. Nothing else is served. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Session } from 'electron';
import { APP_SCHEME } from '../ipc/window-names.ts';
import { POLICY_HEADER } from './content-security.ts';

export const PAGES_HOST = 'pages';
export const PAGES_ORIGIN = `${APP_SCHEME}://${PAGES_HOST}`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Only what the bundler makes: plain names, no dots in front, no way up. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

function addressOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** The file of the pages folder that an address means; null for any that means none. */
export function pageFile(address: string): string | null {
  const url = addressOf(address);
  if (url === null || url.protocol !== `${APP_SCHEME}:` || url.host !== PAGES_HOST) return null;
  const name = url.pathname.slice(1);
  if (name === '') return 'index.html';
  return NAME.test(name) && Object.hasOwn(TYPES, extname(name)) ? name : null;
}

const refuse = (status: number) => new Response(null, { status });

async function answer(folder: string, request: Request): Promise<Response> {
  if (request.method !== 'GET') return refuse(405);
  const file = pageFile(request.url);
  const bytes = file === null ? null : await readFile(join(folder, file)).catch(() => null);
  if (file === null || bytes === null) return refuse(404);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY_HEADER,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    },
  });
}

export function serveApp(session: Session, folder: string): void {
  session.protocol.handle(APP_SCHEME, (request) => answer(folder, request));
}
