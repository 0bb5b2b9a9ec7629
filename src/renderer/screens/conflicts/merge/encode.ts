/** A merged text as the bytes that are sent. Pure. */

/** What ends a line: CR LF only when every line of every text ends so. Else LF, and what stands before it stays. */
export function lineEnd(texts: readonly string[]): '\n' | '\r\n' {
  const has = texts.some((text) => text.includes('\r\n'));
  return has && !texts.some((text) => /(?:^|[^\r])\n/.test(text)) ? '\r\n' : '\n';
}

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** UTF-8, with the byte order mark that was there before. */
export function encoded(text: string, bom: boolean): Uint8Array {
  return new TextEncoder().encode(bom ? `\ufeff${text}` : text);
}
