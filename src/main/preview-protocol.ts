/** `tidemark-preview://version/NODE/VERSION`: pictures and PDFs by their first bytes, and nothing that can run. */
import type { Session } from 'electron';
import { PREVIEW_BYTES, PREVIEW_SCHEME } from '../ipc/window-names.ts';
import { PAGES_ORIGIN } from './app-protocol.ts';
import { type Cat, eachPiece, type VersionName } from './version-content.ts';

const NODE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const VERSION = /^[0-9a-f]{12}\.[1-9][0-9]{0,15}$/;

/** Null for any address that is none of ours. */
export function previewedVersion(address: string): VersionName | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== `${PREVIEW_SCHEME}:` || url.host !== 'version') return null;
  const [, node = '', version = '', ...rest] = url.pathname.split('/');
  return rest.length === 0 && NODE.test(node) && VERSION.test(version) ? { node, version } : null;
}

const text = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to);

/** By what the file begins with; its name says nothing. SVG is no picture here: it can hold scripts. */
export function pictureType(bytes: Buffer): string | null {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
  if (/^GIF8[79]a/.test(text(bytes, 0, 6))) return 'image/gif';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'image/webp';
  if (text(bytes, 4, 8) === 'ftyp' && /^avi[fs]/.test(text(bytes, 8, 12))) return 'image/avif';
  // A size, four empty bytes and where the pixels begin: two letters alone would be any text.
  if (text(bytes, 0, 2) === 'BM' && bytes.length > 14 && bytes.readUInt32LE(6) === 0) return 'image/bmp';
  if (text(bytes, 0, 5) === '%PDF-') return 'application/pdf';
  return null;
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'access-control-allow-origin': PAGES_ORIGIN,
  'cross-origin-resource-policy': 'cross-origin',
  // A version never changes.
  'cache-control': 'private, max-age=3600, immutable',
};

const refuse = (status: number) => new Response(null, { status, headers: HEADERS });

async function answer(cat: Cat, request: Request): Promise<Response> {
  const version = request.method === 'GET' ? previewedVersion(request.url) : null;
  if (version === null) return refuse(404);
  const pieces: Buffer[] = [];
  let status = 200;
  let type = '';
  const last = await eachPiece(cat, version, (piece, bytes) => {
    if (pieces.length === 0) {
      type = (piece.kind === 'file' && pictureType(bytes)) || '';
      status = piece.size > PREVIEW_BYTES ? 413 : type === '' ? 415 : 200;
    }
    pieces.push(bytes);
    return status === 200;
  });
  if ('code' in last) return refuse(404);
  if (status !== 200) return refuse(status);
  return new Response(Buffer.concat(pieces), { headers: { ...HEADERS, 'content-type': type } });
}

export function servePreviews(session: Session, cat: Cat): void {
  session.protocol.handle(PREVIEW_SCHEME, (request) => answer(cat, request));
}
