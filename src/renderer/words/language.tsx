/** The language a window speaks; see catalogue.ts for the words. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Language } from '../../ipc/window.ts';
import type { Catalogue, Same, Words } from './catalogue.ts';
import { type Formats, formatsOf } from './formats.ts';

export { type Catalogue, catalogue, type Same, type Words } from './catalogue.ts';

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
