/** How like a reported name is to one that was: people misspell, shorten, and tell the end of a path only. */
import { foldKey } from '../../src/core/names/fold.ts';
import type { NameWish } from '../metadata/explain-rows.ts';

const LEAST = 3;
/** Pieces of a name in which every misspelling leaves some untouched. */
const PIECES = 4;
/** What is longer is cut: nobody remembers more of a name. */
const LONGEST = 120;
/** Short names are written with two letters swapped more often than they have three in a row left then. */
const SHORT = 12;

const lettersOf = (text: string) => [...text];

/** What to look for: pieces that a name with a slip or two still has, or how it begins where it is too short for that. */
export function wishFor(reported: string): NameWish {
  const folded = foldKey(reported).slice(0, LONGEST);
  const letters = lettersOf(folded);
  if (letters.length < LEAST) return { kind: 'beginning', folded };
  const pieces = new Set<string>();
  for (const written of letters.length <= SHORT ? [letters, ...swapped(letters)] : [letters])
    for (const piece of piecesOf(written)) pieces.add(piece);
  for (const word of folded.split(/[^\p{L}\p{N}]+/u)) if (lettersOf(word).length >= LEAST) pieces.add(word);
  return { kind: 'pieces', pieces: [...pieces] };
}

function piecesOf(letters: readonly string[]): readonly string[] {
  const size = Math.max(LEAST, Math.ceil(letters.length / PIECES));
  const starts = Array.from({ length: Math.ceil(letters.length / size) }, (_, i) => i * size);
  // The last piece is as long as the others: it overlaps.
  return starts.map((at) => {
    const from = Math.max(0, Math.min(at, letters.length - size));
    return letters.slice(from, from + size).join('');
  });
}

/** The same letters with two neighbours swapped, in every place. */
function swapped(letters: readonly string[]): readonly (readonly string[])[] {
  return letters
    .slice(1)
    .map((letter, i) => [...letters.slice(0, i), letter, letters[i] ?? '', ...letters.slice(i + 2)]);
}

function groupsOf(folded: string): ReadonlyMap<string, number> {
  const letters = lettersOf(`  ${folded} `);
  const groups = new Map<string, number>();
  for (let i = 0; i + LEAST <= letters.length; i += 1) {
    const group = letters.slice(i, i + LEAST).join('');
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return groups;
}

/** From 0 to 1; 1 only for the same name, whatever its case. A name that holds all that was typed comes close. */
export function likeness(reported: string, name: string): number {
  const [a, b] = [foldKey(reported).slice(0, LONGEST), foldKey(name)];
  if (a === b) return 1;
  // Many leave out the ending.
  const stem = b.replace(/(?<=.)\.[^.]{1,8}$/u, '');
  const how = Math.max(sameGroups(a, b), stem === b ? 0 : 0.98 * sameGroups(a, stem));
  return Math.min(0.99, b.includes(a) && a !== '' ? Math.max(how, 0.8) : how);
}

/** Dice's coefficient over groups of three letters. */
function sameGroups(a: string, b: string): number {
  const [wanted, had] = [groupsOf(a), groupsOf(b)];
  let common = 0;
  let all = 0;
  for (const [group, count] of wanted) {
    common += Math.min(count, had.get(group) ?? 0);
    all += count;
  }
  for (const count of had.values()) all += count;
  return all === 0 ? 0 : (2 * common) / all;
}
