/** Sets in brackets: `[a-z]`, `[!a-z]`, `[^a-z]`, `[[:digit:]_]`, with backslashes, over bytes. */

export interface CharacterSet {
  /** 1 for each of the 256 bytes that belongs to the set. */
  readonly members: Uint8Array;
  /** Position behind the closing bracket. */
  readonly next: number;
}

/** Named classes cover ASCII only; white space is what git takes for it, without vertical tab and form feed. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t\n\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

/** Reads the set that opens at `from`; null when it is not closed or names an unknown class. */
export function readSet(pattern: string, from: number): CharacterSet | null {
  const members = new Uint8Array(256);
  let at = from + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  // A bracket in the first place is a member, so that a set can hold it.
  const first = at;
  let previous = -1;
  while (at < pattern.length && (pattern[at] !== ']' || at === first)) {
    const named = readClass(pattern, at);
    if (named !== null) {
      if (named.class === undefined) return null;
      addClass(members, named.class);
      previous = -1;
      at = named.next;
      continue;
    }
    const range = pattern[at] === '-' && previous >= 0 && at + 1 < pattern.length && pattern[at + 1] !== ']';
    if (range) at += 1;
    if (pattern[at] === '\\') at += 1;
    if (at >= pattern.length) return null;
    const code = pattern.charCodeAt(at);
    members.fill(1, range ? previous : code, code + 1);
    previous = range ? -1 : code;
    at += 1;
  }
  if (at >= pattern.length) return null;
  if (negated) for (let code = 0; code < 256; code += 1) members[code] = members[code] === 1 ? 0 : 1;
  return { members, next: at + 1 };
}

/** A `[:name:]` at this place; null when what stands here is an ordinary member. */
function readClass(
  pattern: string,
  at: number,
): { readonly class: RegExp | undefined; readonly next: number } | null {
  if (!pattern.startsWith('[:', at)) return null;
  const close = pattern.indexOf(']', at + 2);
  // Without any bracket to come the whole set is not closed either.
  if (close < 0) return { class: undefined, next: pattern.length };
  if (close === at + 2 || pattern[close - 1] !== ':') return null;
  return { class: CLASSES.get(pattern.slice(at + 2, close - 1)), next: close + 1 };
}

function addClass(members: Uint8Array, named: RegExp): void {
  for (let code = 0; code < 128; code += 1) if (named.test(String.fromCharCode(code))) members[code] = 1;
}
