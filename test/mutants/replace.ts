/** The text of files with a deliberate bug in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant, Replacement } from './mutant.ts';

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Where the text that a mutant replaces stands: exactly one place, or the mutant means nothing any more. */
function replaced(id: string, text: string, { file, find, replace }: Replacement): string {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(`${id}: its text occurs ${parts.length - 1} times in ${file}, not once`);
  return parts.join(replace);
}

/** The changed files, below the repository, with their new texts. */
export function mutated({ id, file, find, replace, also = [] }: Mutant): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const each of [{ file, find, replace }, ...also]) {
    const text = texts.get(each.file) ?? readFileSync(join(REPOSITORY, each.file), 'utf8');
    texts.set(each.file, replaced(id, text, each));
  }
  return texts;
}
