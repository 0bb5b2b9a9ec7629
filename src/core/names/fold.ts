/**
 * Keys under which names are the same. `nfcKey`: the same characters (unique per folder, RULES 14). `foldKey`: the same
 * on a disk that folds case. Names themselves are never changed by either.
 *
 * Folding comes from a table in this folder. Normalisation comes from `String.prototype.normalize`: the stability policy
 * of Unicode guarantees that the normal forms of assigned characters never change, and the runtime, with its own Unicode
 * data, is pinned by the project too. Only a character assigned after that runtime was built could come out
 * differently elsewhere, and the server, which decides on uniqueness, does so alone.
 */
import { FULL_FOLDS, SINGLE_FOLDS } from './fold-table.ts';

const NOT_ASCII = /[^\0-\x7f]/;
const UPPER_ASCII = /[A-Z]/g;

const FOLDS: ReadonlyMap<string, string> = readFolds();

/** The name in NFC. */
export function nfcKey(name: string): string {
  return NOT_ASCII.test(name) ? name.normalize('NFC') : name;
}

/** Canonical caseless matching (Unicode D145): full case folding of the decomposed name; in NFC, to be compact. */
export function foldKey(name: string): string {
  if (!NOT_ASCII.test(name)) {
    return name.replace(UPPER_ASCII, (letter) => String.fromCharCode(letter.charCodeAt(0) | 0x20));
  }
  let folded = '';
  for (const character of name.normalize('NFD')) folded += FOLDS.get(character) ?? character;
  return folded.normalize('NFC');
}

function readFolds(): Map<string, string> {
  const folds = new Map<string, string>();
  for (const row of SINGLE_FOLDS.trim().split(/\s+/)) {
    const [from = '', target = ''] = row.split('>');
    const [range = '', step = '1'] = from.split('/');
    const [first = '', last = first] = range.split(':');
    const start = Number.parseInt(first, 16);
    for (let code = start; code <= Number.parseInt(last, 16); code += Number(step)) {
      const mapped = Number.parseInt(target, 16) + code - start;
      folds.set(String.fromCodePoint(code), String.fromCodePoint(mapped));
    }
  }
  for (const row of FULL_FOLDS.trim().split(/\s+/)) {
    const [from = '', targets = ''] = row.split('>');
    const mapped = targets.split('.').map((code) => Number.parseInt(code, 16));
    folds.set(String.fromCodePoint(Number.parseInt(from, 16)), String.fromCodePoint(...mapped));
  }
  return folds;
}
