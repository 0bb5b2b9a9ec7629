/** What the app itself can offer for a trouble, by its code. What the engine can do comes with the trouble. */

export type AppRemedy = 'sign-in' | 'link-again' | 'open-folder' | 'show-file' | 'look-again';

const REMEDIES: Readonly<Record<string, readonly AppRemedy[]>> = {
  'signed-out': ['sign-in'],
  'device-cloned': ['link-again'],
  'root-replaced': ['link-again'],
  'root-gone': ['look-again'],
  'root-unwritable': ['open-folder', 'look-again'],
  'root-full': ['open-folder', 'look-again'],
  'state-full': ['open-folder', 'look-again'],
  'disk-full': ['open-folder', 'look-again'],
  'no-access': ['show-file'],
  'in-the-way': ['show-file'],
  'bad-name': ['show-file'],
  'name-not-text': ['show-file'],
  'not-a-file': ['show-file'],
  'disk-error': ['show-file'],
  'file-too-large': ['show-file'],
  'silent-change': ['show-file'],
};

export function appRemedies(code: string): readonly AppRemedy[] {
  return REMEDIES[code] ?? [];
}
