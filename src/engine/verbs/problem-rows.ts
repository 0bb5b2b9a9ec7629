/** Troubles as the control contract shows them. */
import type { ProblemRow } from '../../ipc/shapes.ts';
import type { Engine } from '../engine.ts';
import { type Problem, problemSentence } from '../state/problems.ts';

export function problemRow(engine: Engine, problem: Problem): ProblemRow {
  const { path, code, facts, since } = problem;
  const shown = engine.shown(path);
  const sentence = problemSentence(problem, shown);
  return { path, code, facts: { ...facts, file: shown || 'The folder' }, sentence, since };
}
