/** Languages: a screen's words stand beside it, in every language, and a language that lacks one does not compile. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Language } from '../../ipc/window.ts';
import { type Formats, formatsOf } from './formats.ts';

/** Texts are strings, or functions of what they are about. */
export type Words = { readonly [name: string]: string | ((...about: never[]) => string) };
/** The same names and the same arguments in every language; the texts are free. */
export type Same<W extends Words> = {
  readonly [N in keyof W]: W[N] extends (...about: infer A) => string ? (...about: A) => string : string;
};
export interface Catalogue<W extends Words> {
  readonly en: Same<W>;
  readonly de: Same<W>;
}

export function catalogue<W extends Words>(all: { readonly en: W; readonly de: Same<W> }): Catalogue<W> {
  return { en: all.en as unknown as Same<W>, de: all.de };
}

interface Spoken {
  readonly language: Language;
  readonly formats: Formats;
}
const Spoken = createContext<Spoken>({ language: 'en', formats: formatsOf('en') });

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  const spoken = useMemo(() => ({ language, formats: formatsOf(language) }), [language]);
  return <Spoken value={spoken}>{children}</Spoken>;
}

export function useLanguage(): Language {
  return useContext(Spoken).language;
}
/** Numbers, sizes, times, as the language writes them. */
export function useFormats(): Formats {
  return useContext(Spoken).formats;
}
export function useWords<W extends Words>(words: Catalogue<W>): Same<W> {
  return words[useLanguage()];
}
