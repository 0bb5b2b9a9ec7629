/** What is wrong with a name, character by character, and one that every system can hold. Pure. */
import {
  type NameTroubleKind,
  nameTroubles,
  PLATFORM_RULES,
  type Platform,
} from '../../../core/names/portability.ts';
import { utf8Length } from '../../../core/names/utf8-length.ts';
import { checkName } from '../../../core/names/valid-name.ts';
import { splitEnding, visibleText } from '../../words/visible-text.ts';

const PLATFORMS: readonly Platform[] = ['windows', 'macos', 'linux'];
const WINDOWS = PLATFORM_RULES.windows;

export interface NamePart {
  readonly text: string;
  readonly offends: boolean;
}

function offends(characters: readonly string[], index: number): boolean {
  const character = characters[index] ?? '';
  if (character < ' ' || WINDOWS.illegal.includes(character)) return true;
  return characters.slice(index).every((each) => WINDOWS.endings.includes(each));
}

/** The name in pieces, those that some system cannot hold marked; a device's name is marked whole. */
export function markedName(name: string): readonly NamePart[] {
  const characters = [...name];
  const [stem = ''] = name.split('.', 1);
  const device = troublesOf(name).some((kind) => kind === 'device') ? [...stem].length : 0;
  const parts: { text: string; offends: boolean }[] = [];
  for (const [index, character] of characters.entries()) {
    const bad = index < device || offends(characters, index);
    const last = parts.at(-1);
    if (last !== undefined && last.offends === bad) last.text += character;
    else parts.push({ text: character, offends: bad });
  }
  return parts;
}

/** Why some system cannot hold it; empty when all can. */
export function troublesOf(name: string): readonly NameTroubleKind[] {
  const kinds = PLATFORMS.flatMap((platform) =>
    nameTroubles(name, platform)
      .filter((trouble) => trouble.impossible)
      .map((trouble) => trouble.kind),
  );
  return [...new Set(kinds)];
}

export type NameFault = NameTroubleKind | 'empty' | 'same' | 'reserved' | 'separator';

/** Null when `name` can be the new name. */
export function nameFault(name: string, before: string): NameFault | null {
  if (name.trim() === '') return 'empty';
  if (name === before) return 'same';
  const check = checkName(name);
  if (check.kind === 'refused') {
    if (check.why === 'separator') return 'separator';
    if (check.why === 'too-long') return 'too-long';
    return check.why === 'nul' || check.why === 'surrogate' ? 'control' : 'reserved';
  }
  return troublesOf(name)[0] ?? null;
}

const MAX_BYTES = 240;

function shortened(stem: string, ending: string): string {
  const characters = [...stem];
  while (utf8Length(characters.join('') + ending) > MAX_BYTES) characters.pop();
  return characters.join('') + ending;
}

/** What cannot be seen is left out, but for what holds an emoji together. */
function withoutUnseen(name: string): string {
  return visibleText(name).replace(/‹U\+[0-9A-F]{4,6}›/g, '');
}

/** As near to `name` as every system allows. `twin`: it must also differ from one that differs in case only. */
export function proposedName(name: string, twin = false): string {
  const cleaned = [...withoutUnseen(name)]
    .map((character) => (character < ' ' ? '' : WINDOWS.illegal.includes(character) ? '-' : character))
    .join('')
    .replace(/[. ]+$/, '');
  const [stem, ending] = splitEnding(cleaned === '' ? 'unnamed' : cleaned);
  const safe = troublesOf(stem + ending).includes('device') ? `${stem}_${ending}` : stem + ending;
  const [safeStem, safeEnding] = splitEnding(safe);
  return shortened(twin || safe === name ? `${safeStem} (2)` : safeStem, safeEnding);
}
