/** Languages: a screen's words stand beside it, in every language, and a language that lacks one does not compile. */
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
