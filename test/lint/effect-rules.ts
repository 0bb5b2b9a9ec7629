import { isBoundToEnvironment } from './import-rules.ts';
import { lineAt } from './source-text.ts';
import { isIn, type SourceFile, type Violation } from './violation.ts';

interface Effect {
  readonly pattern: RegExp;
  readonly name: string;
}

/** A global, not a property or a key of the same name. */
const GLOBAL = String.raw`(?<![\w$.]|\.\s)`;

const CLOCK_AND_CHANCE: readonly Effect[] = [
  { name: 'Date.now', pattern: new RegExp(`${GLOBAL}Date\\s*\\.\\s*now\\b`, 'g') },
  { name: 'new Date()', pattern: new RegExp(`${GLOBAL}new\\s+Date\\s*(?:\\(\\s*\\)|(?!\\s*\\())`, 'g') },
  { name: 'Math.random', pattern: new RegExp(`${GLOBAL}Math\\s*\\.\\s*random\\b`, 'g') },
  { name: 'a timer', pattern: new RegExp(`${GLOBAL}(?:setTimeout|setInterval)\\b(?!\\s*[?:])`, 'g') },
  { name: 'performance', pattern: new RegExp(`${GLOBAL}performance\\s*\\.`, 'g') },
  { name: 'crypto', pattern: new RegExp(`${GLOBAL}crypto\\s*\\.`, 'g') },
  { name: 'fetch', pattern: new RegExp(`${GLOBAL}fetch\\s*\\(`, 'g') },
];

const ONLY_IN_EFFECTS: readonly Effect[] = [
  ...CLOCK_AND_CHANCE,
  { name: 'a timer', pattern: new RegExp(`${GLOBAL}setImmediate\\b(?!\\s*[?:])`, 'g') },
  { name: 'process', pattern: new RegExp(`${GLOBAL}process\\s*(?:\\.|\\[|\\?\\.)`, 'g') },
  { name: 'globalThis', pattern: new RegExp(`${GLOBAL}globalThis\\b`, 'g') },
  { name: 'console', pattern: new RegExp(`${GLOBAL}console\\s*\\.`, 'g') },
  { name: 'import.meta', pattern: /\bimport\.meta\b/g },
];

const find = (
  file: SourceFile,
  rule: string,
  effects: readonly Effect[],
  where: string,
): readonly Violation[] =>
  effects.flatMap(({ pattern, name }) =>
    [...file.lexed.bare.matchAll(pattern)].map((hit) => ({
      rule,
      path: file.path,
      line: lineAt(file.lexed.bare, hit.index),
      message: `${name} is an effect; ${where}`,
    })),
  );

/** Clock, chance, timers and the like, where values only come from arguments or from the Environment. */
export const checkEffects = (files: readonly SourceFile[]): readonly Violation[] =>
  files.flatMap((file) => {
    if (isIn(file.path, 'src/protocol', 'src/core')) {
      return find(file, 'pure-code', ONLY_IN_EFFECTS, 'pure folders take it as an argument');
    }
    if (isBoundToEnvironment(file.path)) {
      return find(file, 'environment-only', CLOCK_AND_CHANCE, 'the engine takes it from its Environment');
    }
    return [];
  });
