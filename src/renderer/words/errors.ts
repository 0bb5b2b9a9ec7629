/** What went wrong, in the user's language: English is the table of the protocol, the others stand here. */

import type { Language } from '../../ipc/window.ts';
import { ERRORS, type ErrorCode, sentenceOf } from '../../protocol/errors.ts';
import { GERMAN_ERRORS } from './errors-de.ts';
import { inSentence } from './visible-text.ts';

type Facts = Readonly<Record<string, string | number>>;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

/** `fallback` is what the engine said, for a code that this app does not know. */
export function errorSentence(language: Language, code: string, facts: Facts, fallback = ''): string {
  if (!isErrorCode(code)) return fallback;
  const shown = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' ? inSentence(value) : value,
    ]),
  );
  if (language === 'en') return sentenceOf(code, shown);
  return GERMAN_ERRORS[code].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = shown[name];
    return value === undefined ? (name === 'file' ? 'Eine Datei' : whole) : String(value);
  });
}
