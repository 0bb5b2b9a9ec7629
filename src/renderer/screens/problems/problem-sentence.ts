/** The whole sentence of one trouble. Pure. */
import { baseName } from '../../../core/names/path-parts.ts';
import type { ProblemRow } from '../../../ipc/shapes.ts';
import type { Language } from '../../../ipc/window.ts';
import { errorSentence } from '../../words/errors.ts';

import { problemWords } from './causes.ts';
import { troublesOf } from './legal-name.ts';

/** What is wrong with a name is said in the user's language, not as the engine put it. */
export function problemSentence(problem: ProblemRow, language: Language): string {
  const { code, path, facts, sentence } = problem;
  const reason = nameReason(path, language).replace(/\.$/, '');
  const isName = code === 'name-held' || code === 'bad-name';
  return errorSentence(
    language,
    code,
    isName && reason !== '' ? { ...facts, detail: reason } : facts,
    sentence,
  );
}

/** Why some system cannot hold the name; empty when all can. */
export function nameReason(path: string, language: Language): string {
  const w = problemWords[language];
  return troublesOf(baseName(path))
    .map((kind) => w[kind])
    .join(' ');
}
