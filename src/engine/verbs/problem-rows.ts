/** Troubles as the control contract shows them. */
import type { ProblemRow } from '../../ipc/shapes.ts';
import { type Problem, problemSentence } from '../state/problems.ts';

export function problemRow(problem: Problem): ProblemRow {
  const { path, code, facts, since } = problem;
  const file = path || 'The folder';
  return { path, code, facts: { ...facts, file }, sentence: problemSentence(problem), since };
}
