import { assertNever } from '../../protocol/assert-never.ts';
import { matches } from './glob.ts';
import type { Rule, Test } from './parse.ts';

/** What a rule is asked about; both texts are byte strings. */
export interface Candidate {
  /** Path from the folder the rules stand in. */
  readonly path: string;
  /** Last component of the path. */
  readonly name: string;
  readonly isFolder: boolean;
}

/** The last rule that matches, which is the one that decides; null when none does. */
export function lastMatch(rules: readonly Rule[], candidate: Candidate): Rule | null {
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const rule = rules[at]!;
    if (rule.folderOnly && !candidate.isFolder) continue;
    if (passes(rule.test, rule.scope === 'name' ? candidate.name : candidate.path)) return rule;
  }
  return null;
}

function passes(test: Test, text: string): boolean {
  switch (test.kind) {
    case 'exact':
      return text === test.text;
    case 'ending':
      return text.endsWith(test.text);
    case 'glob':
      return text.startsWith(test.start) && matches(test.glob, text, test.start.length);
    case 'never':
      return false;
    default:
      return assertNever(test, 'test');
  }
}
