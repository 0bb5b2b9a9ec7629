import { checkEffects } from './effect-rules.ts';
import { checkImports } from './import-rules.ts';
import { checkNames, checkReadmes, checkSizes } from './shape-rules.ts';
import { lexSource } from './source-text.ts';
import { checkExports, checkPaths, checkSkips } from './text-rules.ts';
import { isCode, isFixture, type TreeFile, type Violation } from './violation.ts';

/** Everything about the shape of the repository that a compiler does not see. */
export const checkStructure = (files: readonly TreeFile[]): readonly Violation[] => {
  const sources = files
    .filter(({ path }) => isCode(path) && !isFixture(path))
    .map((file) => ({ ...file, lexed: lexSource(file.text) }));
  return [
    ...checkImports(sources),
    ...checkEffects(sources),
    ...checkSizes(files),
    ...checkNames(files),
    ...checkReadmes(files),
    ...checkExports(sources),
    ...checkPaths(files),
    ...checkSkips(sources),
  ];
};
