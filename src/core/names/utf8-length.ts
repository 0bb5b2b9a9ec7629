/** Bytes of a string in UTF-8. A lone surrogate counts as the three bytes of its replacement. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isTrailing(text.charCodeAt(i + 1))) {
      length += 4;
      i += 1;
    } else length += 3;
  }
  return length;
}

/** The longest beginning of `text` that has at most `most` bytes in UTF-8 and ends between two code points. */
export function utf8Prefix(text: string, most: number): string {
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += utf8Length(character);
    if (length > most) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
