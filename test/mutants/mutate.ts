/**
 * Loaded before anything else (`--import`): puts the bug that `TIDEMARK_MUTANT` names into the source as it is loaded.
 * The product has no switches; what is tested is its own text but for one place.
 */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mutantOf } from './all-mutants.ts';
import { mutated, REPOSITORY } from './replace.ts';

const id = process.env['TIDEMARK_MUTANT'] ?? '';
/** Ends the process with this code. */
export const NEVER_LOADED = 42;

const sources = new Map<string, string>();
const unloaded = new Set<string>();

/** Were the files with the bug loaded? If not, whatever was run says nothing about it. */
function wasApplied(): boolean {
  return unloaded.size === 0;
}

if (id !== '') {
  for (const [file, source] of mutated(mutantOf(id))) {
    const url = pathToFileURL(join(REPOSITORY, file)).href;
    sources.set(url, source);
    unloaded.add(url);
  }
  registerHooks({
    load: (url, context, nextLoad) => {
      const source = sources.get(url);
      if (source === undefined) return nextLoad(url, context);
      unloaded.delete(url);
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
  process.on('exit', () => {
    if (wasApplied()) return;
    console.error('the file with the bug was never loaded');
    process.exitCode = NEVER_LOADED;
  });
}
