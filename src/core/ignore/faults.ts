/** Lines of an ignore file that are no rule, or not the one that was meant: the format has no errors, people do. */
import { parseIgnore, type Rule } from './parse.ts';

export interface IgnoreFault {
  /** From 1. */
  readonly line: number;
  readonly sentence: string;
}

export function ignoreFaults(text: string): readonly IgnoreFault[] {
  return parseIgnore(text).flatMap((rule) => {
    const sentence = faultOf(rule);
    return sentence === null ? [] : [{ line: rule.line, sentence }];
  });
}

function faultOf(rule: Rule): string | null {
  const pattern = rule.text.replace(/^!/, '');
  if (rule.text === '') return null;
  if (/^\/*$/.test(pattern)) return 'It names nothing.';
  if (rule.test.kind === 'never') return 'A bracket or a backslash in it is not closed: it matches nothing.';
  if (/^(?:[A-Za-z]:[\\/]|~\/)/.test(pattern)) return 'Paths begin at the folder that this file stands in.';
  if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(pattern)) return 'Paths are written without "." and "..".';
  if (pattern.includes('//')) return 'It has two "/" in a row: it matches nothing.';
  if (/\\[A-Za-z0-9]/.test(pattern)) return 'Folders are parted by "/": a backslash is not one.';
  return null;
}
