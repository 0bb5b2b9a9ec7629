/** What kind of content bytes are, without believing their name more than needed. Pure. */

export type PreviewKind = 'image' | 'pdf' | 'text';

const IMAGES = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'avif', 'ico']);

/** By the name; 'text' is only a try: the bytes decide. Drawings that are programs (SVG) are read as text. */
export function kindOfName(path: string): PreviewKind {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  if (IMAGES.has(extension)) return 'image';
  return extension === 'pdf' ? 'pdf' : 'text';
}

export const TEXT_BYTES = 1024 * 1024;

/** Null when it is no text: not UTF-8, or with what text never has. The byte order mark stays part of it. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  let controls = 0;
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  if (controls > bytes.length / 100) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** What ends a line: only when every line of every text ends so. Else a line ends at LF and what is before it stays. */
export function lineEnd(texts: readonly string[]): '\n' | '\r\n' {
  const all = texts.join('');
  const bare = /(?:^|[^\r])\n/.test(all);
  return !bare && all.includes('\r\n') ? '\r\n' : '\n';
}
