/**
 * How a conflict copy is called: `roadmap (conflict - DEVICE, USER, 2026-09-18 18.02, v18).xlsx`. The server names it,
 * once, so that every device shows the same; the link to its ancestor is by id, never by this name.
 */
import { LIMITS } from '../../protocol/limits.ts';
import { utf8Length, utf8Prefix } from '../names/utf8-length.ts';

export interface ConflictCopy {
  /** Name of the file whose head won. */
  readonly name: string;
  readonly device: string;
  readonly user: string;
  /** When the losing edit was made, milliseconds since 1970, shown in UTC. */
  readonly at: number;
  /** Number of the version it started from; null where there is none, as for two creates of one name. */
  readonly versionNumber: number | null;
  /** Whether a name is in use in the folder. */
  readonly taken: (candidate: string) => boolean;
}

export interface ParsedConflictName {
  /** The name without the suffix. */
  readonly original: string;
  readonly device: string;
  readonly user: string;
  /** As shown: `2026-09-18 18.02`, UTC. */
  readonly at: string;
  readonly versionNumber: number | null;
  /** The number that makes it unique; 1 when none is written. */
  readonly copy: number;
}

/** Longest device or user in a suffix. */
const LABEL_LENGTH = 24;
/** An ending that is longer, or has other characters, is part of a sentence and not an extension. */
const EXTENSION = /^(.+?)((?:\.tar)?\.[\p{L}\p{N}_+-]{1,16})$/isu;
const SUFFIX =
  /^(.*?) ?\(conflict - ([\w .-]{1,24}), ([\w .-]{1,24}), (\d{4}-\d\d-\d\d \d\d\.\d\d)(?:, v(\d{1,15}))?\)(?: ([1-9]\d{0,8}))?$/s;
const LAST_MINUTE = Date.UTC(9999, 11, 31, 23, 59);

/** A free name for a conflict copy. An existing conflict suffix is replaced, so that suffixes never nest. */
export function conflictName(copy: ConflictCopy): string {
  const { stem, extension } = split(copy.name);
  const base = peel(stem);
  const labels = [label(copy.device, 'device'), label(copy.user, 'user'), minuteOf(copy.at)];
  if (copy.versionNumber !== null) labels.push(`v${copy.versionNumber}`);
  const suffix = `(conflict - ${labels.join(', ')})`;
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? suffix : `${suffix} ${number}`;
    const candidate = fitted(base, ending, extension);
    if (!copy.taken(candidate)) return candidate;
  }
}

/** The same form for the later of two creates of one name, which have no version in common. */
export function clashName(clash: Omit<ConflictCopy, 'versionNumber'>): string {
  return conflictName({ ...clash, versionNumber: null });
}

/** Recognises a name this module made; null for every other name. */
export function parseConflictName(name: string): ParsedConflictName | null {
  const { stem, extension } = split(name);
  const match = SUFFIX.exec(stem);
  if (match === null) return null;
  const [, base = '', device = '', user = '', at = '', version, number] = match;
  return {
    original: base + extension,
    device,
    user,
    at,
    versionNumber: version === undefined ? null : Number(version),
    copy: number === undefined ? 1 : Number(number),
  };
}

/** Stem and extension; `.tar.gz` and its like stay whole, a dotfile has none. */
function split(name: string): { readonly stem: string; readonly extension: string } {
  const match = EXTENSION.exec(name);
  return { stem: match?.[1] ?? name, extension: match?.[2] ?? '' };
}

/** Takes every conflict suffix off a stem, also those that other software nested. */
function peel(stem: string): string {
  let base = stem;
  for (let match = SUFFIX.exec(base); match !== null; match = SUFFIX.exec(base)) base = match[1] ?? '';
  return base;
}

/** Plain ASCII that every platform allows; letters lose their accents rather than vanish. */
function label(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .replace(/[^A-Za-z0-9 ._-]+/g, '-')
    .replace(/ {2,}/g, ' ')
    .replace(/-{2,}/g, '-');
  return trimmed(trimmed(plain).slice(0, LABEL_LENGTH)) || otherwise;
}

function trimmed(text: string): string {
  return text.replace(/^[ ._-]+|[ ._-]+$/g, '');
}

/** `2026-09-18 18.02`. A moment outside the four-digit years is moved to their edge. */
function minuteOf(at: number): string {
  const moment = new Date(Math.min(Math.max(0, Math.floor(at) || 0), LAST_MINUTE));
  return moment.toISOString().slice(0, 16).replace('T', ' ').replace(':', '.');
}

/** Shortens the stem, never the suffix or the extension, to what a name may have. */
function fitted(base: string, ending: string, extension: string): string {
  const room = LIMITS.nameBytes - utf8Length(ending) - utf8Length(extension) - 1;
  const kept = utf8Length(base) <= room ? base : utf8Prefix(base, room).trimEnd();
  return kept === '' ? ending + extension : `${kept} ${ending}${extension}`;
}
