/** The content of a version, put together from the pieces of `cat`, and whether it is text. Pure but for the asking. */
import type { Params, Result } from '../../ipc/contract.ts';
import type { EngineReply } from '../../ipc/window.ts';

/** Larger texts are not shown: nobody reads them in a window this size, and they would make it stall. */
export const TEXT_LIMIT = 2 * 1024 * 1024;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export type Decoded =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: Encoding; readonly bom: boolean }
  | { readonly kind: 'binary' };

export type VersionText =
  | (Extract<Decoded, { kind: 'text' }> & { readonly size: number })
  | { readonly kind: 'binary'; readonly size: number }
  | { readonly kind: 'too-large'; readonly size: number }
  | { readonly kind: 'failed'; readonly reply: Exclude<EngineReply<'cat'>, { kind: 'ok' }> };

export type AskCat = (params: Params<'cat'>) => Promise<EngineReply<'cat'>>;
export interface VersionChosen {
  readonly node: string;
  readonly version: string;
}

export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** Every piece of one exact version, or why not. Stops at the first piece when the whole is beyond the limit. */
export async function readVersion(
  askCat: AskCat,
  { node, version }: VersionChosen,
  limit = TEXT_LIMIT,
): Promise<VersionText> {
  const pieces: Uint8Array[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    const reply = await askCat({ node, version, offset });
    if (reply.kind !== 'ok') return { kind: 'failed', reply };
    const piece: Result<'cat'> = reply.value;
    if (piece.size > limit) return { kind: 'too-large', size: piece.size };
    pieces.push(bytesOfBase64(piece.bytes));
    // An answer that leads nowhere must not be asked for ever.
    if (piece.next !== null && piece.next <= offset) break;
    offset = piece.next;
  }
  const bytes = joined(pieces);
  return { ...decodeText(bytes), size: bytes.length };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Text is what decodes without loss and holds no control characters but tabs, line ends and form feeds. */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodedAs('utf-16le', bytes, true);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodedAs('utf-16be', bytes, true);
  const utf8 = decodedAs('utf-8', bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  return utf8.kind === 'text' ? utf8 : decodedAs('windows-1252', bytes, false);
}

const CONTROLS = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]/;

function decodedAs(encoding: Encoding, bytes: Uint8Array, bom: boolean): Decoded {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return CONTROLS.test(text) ? { kind: 'binary' } : { kind: 'text', text, encoding, bom };
  } catch {
    return { kind: 'binary' };
  }
}
