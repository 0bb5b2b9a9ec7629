const NOT_ASCII = /[^\0-\x7f]/;

/** The UTF-8 of a text as a string with one character (U+0000 to U+00FF) per byte. */
export function toByteString(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
