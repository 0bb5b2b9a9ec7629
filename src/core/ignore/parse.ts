/**
 * The text of an ignore file, as rules. The format is gitignore's, to the letter: what `git check-ignore` says about a
 * file is what this folder says, and a test compares the two on thousands of generated cases. There are no errors: a
 * line that cannot match anything is a rule that matches nothing.
 */

import { toByteString } from './byte-string.ts';
import { compile, type Glob } from './glob.ts';

export interface Rule {
  /** The line as written, without its trailing spaces. */
  readonly text: string;
  /** Line number, from 1. */
  readonly line: number;
  /** `!…`: what this matches is included again. */
  readonly negated: boolean;
  /** `…/`: matches folders only. */
  readonly folderOnly: boolean;
  /** `name`: against the last component at any depth. `path`: against the path from the rule's own folder. */
  readonly scope: 'name' | 'path';
  readonly test: Test;
}

/** Everything here is a byte string: one character per byte of the UTF-8, since that is what gitignore matches. */
export type Test =
  | { readonly kind: 'exact'; readonly text: string }
  /** `*.ext` and its like. */
  | { readonly kind: 'ending'; readonly text: string }
  /** What stands before the first wildcard, then the rest. */
  | { readonly kind: 'glob'; readonly start: string; readonly glob: Glob }
  | { readonly kind: 'never' };

const WILDCARD = /[*?[\\]/;

/** Rules in the order of their lines. */
export function parseIgnore(text: string): readonly Rule[] {
  const rules: Rule[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  lines.forEach((line, at) => {
    if (line === '' || line.startsWith('#')) return;
    // As git reads lines as C strings, a NUL ends one.
    const clean = trimTrailingSpaces(line.replace(/\r$/, '').split('\0', 1)[0] ?? '');
    rules.push(parseRule(clean, at + 1));
  });
  return rules;
}

function parseRule(text: string, line: number): Rule {
  const negated = text.startsWith('!');
  const body = toByteString(negated ? text.slice(1) : text);
  const folderOnly = body.endsWith('/');
  const pattern = folderOnly ? body.slice(0, -1) : body;
  const scope = pattern.includes('/') ? 'path' : 'name';
  const test = scope === 'name' ? nameTest(pattern) : pathTest(pattern.replace(/^\//, ''));
  return { text, line, negated, folderOnly, scope, test };
}

function nameTest(pattern: string): Test {
  if (!WILDCARD.test(pattern)) return { kind: 'exact', text: pattern };
  if (pattern.startsWith('*') && !WILDCARD.test(pattern.slice(1))) {
    return { kind: 'ending', text: pattern.slice(1) };
  }
  return globTest(pattern, false);
}

function pathTest(pattern: string): Test {
  return WILDCARD.test(pattern) ? globTest(pattern, true) : { kind: 'exact', text: pattern };
}

// What precedes the first wildcard is compared as it is, and the rest is matched as if it began there. In paths that
// matters: the stars of `foo**/bar` so stand at the beginning of the rest and match folders, as they do in git.
function globTest(pattern: string, pathname: boolean): Test {
  const wildcard = pattern.search(WILDCARD);
  const glob = compile(pattern.slice(wildcard), pathname);
  return glob === null ? { kind: 'never' } : { kind: 'glob', start: pattern.slice(0, wildcard), glob };
}

/** Trailing spaces go, unless a backslash precedes the first of them; other white space stays. */
function trimTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') {
      at += 1;
      // A lone backslash at the end keeps everything before it.
      end = Math.min(at + 1, line.length);
    } else if (line[at] !== ' ') end = at + 1;
  }
  return line.slice(0, end);
}
