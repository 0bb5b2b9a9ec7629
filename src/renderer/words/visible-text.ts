/**
 * Names as they are, made harmless to read. They come from other people's computers: what cannot be seen (controls,
 * direction marks, fillers) is shown as its code, so that no name passes for another one.
 */

const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]|\u034f/gu;
/** A joiner inside an emoji, or between letters of a script that writes with them, belongs to the name. */
const JOINER = /^[\u200c\u200d]$/;
const BEFORE_JOINER = /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\u0600-\u0dff]|\ufe0f)$/u;
const AFTER_JOINER = /^[\p{Extended_Pictographic}\u0600-\u0dff]/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

export function visibleText(text: string): string {
  return text.replace(UNSEEN, (char, at: number) => {
    if (JOINER.test(char) && BEFORE_JOINER.test(text.slice(0, at)) && AFTER_JOINER.test(text.slice(at + 1))) {
      return char;
    }
    return `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** A name inside a sentence: one that is written from right to left must not turn the words around it. */
export function inSentence(name: string): string {
  const shown = visibleText(name);
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}

/** "report" and ".pdf": an ending that is long, or all there is, belongs to the name. */
export function splitEnding(name: string): readonly [string, string] {
  const dot = name.lastIndexOf('.');
  const ending = name.slice(dot);
  return dot > 0 && ending.length > 1 && ending.length <= 12 ? [name.slice(0, dot), ending] : [name, ''];
}
