import { lineAt } from './source-text.ts';
import { isCode, isIn, type SourceFile, type TreeFile, type Violation } from './violation.ts';

const DEFAULT_EXPORT = /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g;

/**
 * A thing has one name everywhere: the one it is exported under. Declarations tell of others' modules as they are, and a
 * tool reads its settings from where it looks for them.
 */
export const checkExports = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(({ path }) => !path.endsWith('.d.ts') && !path.endsWith('.config.ts'))
    .flatMap(({ path, lexed }) =>
      [...lexed.bare.matchAll(DEFAULT_EXPORT)].map((hit) => ({
        rule: 'named-exports',
        path,
        line: lineAt(lexed.bare, hit.index),
        message: 'export it under its name',
      })),
    );

// Written in pieces, so that this file does not name what it forbids.
const BUILD_MACHINE = new RegExp(String.raw`(?<![\w.~$\}/-])/${'work'}/|\.${'library'}\b`, 'g');

/** Paths of the machine something was written on mean nothing on any other. */
export const checkPaths = (files: readonly TreeFile[]): readonly Violation[] =>
  files
    .filter(({ path, text }) => path !== 'package-lock.json' && !text.includes('\0'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(BUILD_MACHINE)].map((hit) => ({
        rule: 'machine-path',
        path,
        line: lineAt(text, hit.index),
        message: `${hit[0].trim()} is a path of one machine`,
      })),
    );

const FOCUSED = /\b(?:test|it|describe|suite)\s*\.\s*only\b|\bonly\s*:\s*true\b/g;
const SWITCHED_OFF =
  /\b(?:test|it|describe|suite)\s*\.\s*(?:skip|todo)\b|\b(?:skip|todo)\s*:\s*(?:true\b|['"`])|\bt\s*\.\s*todo\s*\(/g;
const SKIPPED_INSIDE = /\bt\s*\.\s*skip\s*\(/g;
const ISSUE_NUMBER = /#\d+/;

/** The line of a hit and the one above, comments included. */
const around = (text: string, index: number): string => {
  const line = lineAt(text, index);
  return text
    .split('\n')
    .slice(Math.max(0, line - 2), line)
    .join('\n');
};

/** A test that does not run is a claim that nobody checks: it needs an issue, or a condition. */
export const checkSkips = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(({ path }) => isIn(path, 'test') && isCode(path))
    .flatMap(({ path, text, lexed }) => {
      const found = (pattern: RegExp) => [...lexed.bare.matchAll(pattern)].map(({ index }) => index);
      const off = found(SWITCHED_OFF).filter((index) => !ISSUE_NUMBER.test(around(text, index)));
      const inside = found(SKIPPED_INSIDE).filter(
        (index) => !/\bif\s*\(/.test(around(lexed.bare, index)) && !ISSUE_NUMBER.test(around(text, index)),
      );
      const violation = (message: string) => (index: number) => ({
        rule: 'skipped-test',
        path,
        line: lineAt(text, index),
        message,
      });
      return [
        ...found(FOCUSED).map(violation('a focused test switches all others off')),
        ...off.map(violation('a test that is switched off names its issue (#123)')),
        ...inside.map(violation('a test skips itself only under an if, or names its issue (#123)')),
      ];
    });
