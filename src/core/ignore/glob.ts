/**
 * The wildcards of gitignore. A pattern is compiled to a row of tokens, and a text is run against all positions of that
 * row at once, so that matching costs at most (length of text) × (length of pattern): ignore files are synced, and a
 * peer's pattern must not be able to stall this device by backtracking.
 *
 * Patterns and texts are byte strings. In paths `*`, `?` and sets stop at a slash and `**` may stand for folders; in
 * names, which have no slash, all stars are alike.
 */
import { assertNever } from '../../protocol/assert-never.ts';
import { readSet } from './character-set.ts';

/** A compiled pattern. */
export type Glob = readonly Token[];

export type Token =
  | { readonly kind: 'character'; readonly code: number }
  /** One of 256 bytes: 1 where it belongs to the set. */
  | { readonly kind: 'set'; readonly members: Uint8Array }
  /** Any number of bytes but slashes. */
  | { readonly kind: 'star' }
  /** Any number of bytes. */
  | { readonly kind: 'all' }
  /** Stands for nothing; the token behind it may be left out. */
  | { readonly kind: 'optional' }
  /** Any number of bytes up to and with a slash. */
  | { readonly kind: 'folders' };

const SLASH = 0x2f;
const ANY: Token = { kind: 'set', members: new Uint8Array(256).fill(1) };
const ANY_BUT_SLASH: Token = { kind: 'set', members: new Uint8Array(256).fill(1).fill(0, SLASH, SLASH + 1) };

/** Compiles; null when the pattern cannot match anything (a set that is not closed, a lone backslash at the end). */
export function compile(pattern: string, pathname: boolean): Glob | null {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at];
    if (character === '*') {
      const stars = readStars(pattern, at, pathname);
      tokens.push(...stars.tokens);
      at = stars.next;
    } else if (character === '[') {
      const set = readSet(pattern, at);
      if (set === null) return null;
      if (pathname) set.members[SLASH] = 0;
      tokens.push({ kind: 'set', members: set.members });
      at = set.next;
    } else if (character === '?') {
      tokens.push(pathname ? ANY_BUT_SLASH : ANY);
      at += 1;
    } else {
      if (character === '\\') at += 1;
      if (at >= pattern.length) return null;
      tokens.push({ kind: 'character', code: pattern.charCodeAt(at) });
      at += 1;
    }
  }
  return tokens;
}

/** Two or more stars mean folders only where they are a whole component; elsewhere they are one star. */
function readStars(
  pattern: string,
  from: number,
  pathname: boolean,
): { readonly tokens: readonly Token[]; readonly next: number } {
  let next = from;
  while (pattern[next] === '*') next += 1;
  if (!pathname) return { tokens: [{ kind: 'all' }], next };
  const opens = from === 0 || pattern[from - 1] === '/';
  if (next - from < 2 || !opens) return { tokens: [{ kind: 'star' }], next };
  if (next === pattern.length || pattern.startsWith('\\/', next)) return { tokens: [{ kind: 'all' }], next };
  if (pattern[next] === '/') return { tokens: [{ kind: 'optional' }, { kind: 'folders' }], next: next + 1 };
  return { tokens: [{ kind: 'star' }], next };
}

/** Whether the whole of `text`, from `from` on, matches. */
export function matches(glob: Glob, text: string, from: number): boolean {
  let now = new Uint8Array(glob.length + 1);
  let next = new Uint8Array(glob.length + 1);
  arrive(glob, now, 0);
  for (let at = from; at < text.length; at += 1) {
    if (!step(glob, now, next, text.charCodeAt(at))) return false;
    [now, next] = [next, now];
    next.fill(0);
  }
  return now[glob.length] === 1;
}

/** Marks a position, and those behind tokens that may stand for nothing. */
function arrive(glob: Glob, positions: Uint8Array, position: number): void {
  for (let at = position; positions[at] === 0; ) {
    positions[at] = 1;
    const kind = glob[at]?.kind;
    if (kind === 'optional') {
      positions[at + 1] = 1;
      at += 2;
    } else if (kind === 'star' || kind === 'all') at += 1;
    else return;
  }
}

/** Reads one byte from every marked position; false when no position is left. */
function step(glob: Glob, now: Uint8Array, next: Uint8Array, code: number): boolean {
  let alive = false;
  for (let at = 0; at < glob.length; at += 1) {
    if (now[at] === 0) continue;
    const target = after(glob[at]!, at, code);
    if (target < 0) continue;
    alive = true;
    arrive(glob, next, target);
    // A slash may end these folders, or be one of several.
    if (glob[at]!.kind === 'folders') next[at] = 1;
  }
  return alive;
}

/** The position that reading `code` at a token leads to, or -1. */
function after(token: Token, at: number, code: number): number {
  switch (token.kind) {
    case 'character':
      return token.code === code ? at + 1 : -1;
    case 'set':
      return token.members[code] === 1 ? at + 1 : -1;
    case 'star':
      return code === SLASH ? -1 : at;
    case 'all':
      return at;
    case 'folders':
      return code === SLASH ? at + 1 : at;
    case 'optional':
      return -1;
    default:
      return assertNever(token, 'token');
  }
}
