import type { LexedSource } from './source-text.ts';

export interface TreeFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface SourceFile extends TreeFile {
  readonly lexed: LexedSource;
}

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** One line per finding, in the form that editors and terminals make clickable. */
export const describeViolation = ({ rule, path, line, message }: Violation): string =>
  `${path}${line === undefined ? '' : `:${line}`}  ${rule}: ${message}`;

const CODE = /\.(?:ts|tsx|mts|mjs|cjs|js)$/;

export const isCode = (path: string): boolean => CODE.test(path);

/** Example trees and recorded data: not ours to name or to shorten. */
export const isFixture = (path: string): boolean => path.split('/').includes('fixtures');

export const isIn = (path: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => path.startsWith(`${folder}/`));
