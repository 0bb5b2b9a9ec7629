/** What went wrong, in the user's language: English is the table of the protocol, the others stand here. */

import type { Language } from '../../ipc/window.ts';
import { ERRORS, type ErrorCode, type Facts, filledIn, sentenceOf } from '../../protocol/errors.ts';
import { germanDetail } from './details-de.ts';
import { GERMAN_ERRORS } from './errors-de.ts';
import { inSentence } from './visible-text.ts';

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

/** What the engine said about a case, within a sentence. */
export function detailIn(language: Language, detail: string): string {
  return inSentence(language === 'en' ? detail : germanDetail(detail));
}

/** `fallback` is what the engine said, for a code that this app does not know. */
export function errorSentence(language: Language, code: string, facts: Facts, fallback = ''): string {
  if (!isErrorCode(code)) return fallback;
  const isGerman = language !== 'en';
  const shown = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? inSentence(isGerman && name === 'detail' ? germanDetail(value) : value)
        : value,
    ]),
  );
  return isGerman ? filledIn(GERMAN_ERRORS[code], shown, 'Eine Datei') : sentenceOf(code, shown);
}
