/**
 * Which names may stand in a tree at all. Every name that arrives from the wire or is read from the disk passes here
 * before it is used for anything: a name is one component, or it is refused.
 */
import { LIMITS } from '../../protocol/limits.ts';
import { foldKey } from './fold.ts';
import { utf8Length } from './utf8-length.ts';

export type NameRefusal =
  | 'empty'
  | 'dot' // '.' or '..'
  | 'separator' // '/'
  | 'nul'
  | 'too-long'
  | 'surrogate' // not expressible in UTF-8
  | 'reserved';

export type NameCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly why: NameRefusal; readonly sentence: string };

const OK: NameCheck = { kind: 'ok' };
const RESERVED = '.tidemark';
/** Ignore rules of one device alone stand in a file that no other device ever gets. */
const LOCAL_RULES = '.tidemarkignore.local';
/** What NTFS would call the reserved folder by its short alias. */
const SHORT_ALIAS = /^tidema~\d+$/;
/** Characters that HFS+ leaves out when it compares names. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** What Windows takes for the name of a stream of a file, and what it drops from the end of the rest. */
const STREAM = /:.*$/s;
const DROPPED_ENDING = /[. ]+$/;

export function checkName(name: string): NameCheck {
  if (name === '') return refused('empty', 'A name is empty.');
  if (name === '.' || name === '..') return refused('dot', `"${name}" is not a name but a direction.`);
  if (name.includes('/')) return refused('separator', `The name ${quoted(name)} contains "/".`);
  if (name.includes('\0')) return refused('nul', `The name ${quoted(name)} contains a NUL character.`);
  if (!name.isWellFormed()) {
    return refused('surrogate', `The name ${quoted(name)} contains half a character.`);
  }
  const bytes = utf8Length(name);
  if (bytes > LIMITS.nameBytes) {
    const sizes = `${bytes} bytes long, ${LIMITS.nameBytes} are possible`;
    return refused('too-long', `The name ${quoted(name)} is ${sizes}.`);
  }
  if (isReservedName(name)) {
    return refused('reserved', `The name ${quoted(name)} is reserved for Tidemark itself.`);
  }
  return OK;
}

function refused(why: NameRefusal, sentence: string): NameCheck {
  return { kind: 'refused', why, sentence };
}

/**
 * `.tidemark` and everything that begins with `.tidemark-`, at every level, under every spelling that some disk takes
 * for the same: other case or normal form, characters HFS+ ignores, endings Windows drops, the short alias. It is
 * refused in both directions, so that no peer reaches the control files and no user's file is mistaken for one.
 * `.tidemarkignore` is an ordinary, synced file; `.tidemarkignore.local`, its twin of one device, is not.
 */
export function isReservedName(name: string): boolean {
  const key = foldKey(name.replace(IGNORED_BY_HFS, '')).replace(STREAM, '').replace(DROPPED_ENDING, '');
  return key === RESERVED || key === LOCAL_RULES || key.startsWith(`${RESERVED}-`) || SHORT_ALIAS.test(key);
}

/** For people: escapes what would not print, shortens what would fill the screen. */
export function quoted(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 60).toWellFormed()}…` : name;
  const escaped = shown.replace(
    /[\0-\x1f\x7f-\x9f"\\\u200b-\u200f\u2028-\u202e\u2066-\u206f\ufeff]|\p{Surrogate}/gu,
    (character) =>
      character === '"' || character === '\\'
        ? `\\${character}`
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}
