/** Lines of an ignore file that can match nothing, such as a bracket that is not closed. Pure. */
import { parseIgnore } from '../../../../core/ignore/parse.ts';

export interface DeadLine {
  readonly line: number;
  readonly text: string;
}

export function deadLines(rules: string): readonly DeadLine[] {
  return parseIgnore(rules)
    .filter((rule) => rule.test.kind === 'never')
    .map(({ line, text }) => ({ line, text }));
}
