/**
 * What V8 tells of the processes of a test run, put together: a branch is a range that any of them told apart, and it was
 * taken if the innermost range around it was entered in one of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Told {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly isBlockCoverage: boolean; readonly ranges: readonly Range[] }[];
  }[];
}

/** A branch that was never taken. */
export interface Missed {
  readonly file: string;
  readonly line: number;
  /** The line it begins on, and its own text. */
  readonly text: string;
  readonly branch: string;
}

export interface FileBranches {
  readonly file: string;
  readonly total: number;
  readonly missed: readonly Missed[];
}

/** All that was told of the functions of a file: by function, the ranges of each process that ran it. */
type Functions = Map<string, (readonly Range[])[]>;

/** The branches of those files that `wants` names, from a folder that `NODE_V8_COVERAGE` filled. */
export function readV8(folder: string, wants: (file: string) => boolean): readonly FileBranches[] {
  const files = new Map<string, Functions>();
  for (const name of readdirSync(folder)) {
    const told = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Told;
    for (const { url, functions } of told.result) {
      if (!url.startsWith('file:')) continue;
      const file = fileURLToPath(url);
      if (wants(file)) gather(files, file, functions);
    }
  }
  return [...files].map(([file, functions]) => branchesOf(file, functions));
}

function gather(
  files: Map<string, Functions>,
  file: string,
  told: Told['result'][number]['functions'],
): void {
  const functions = files.get(file) ?? new Map<string, (readonly Range[])[]>();
  files.set(file, functions);
  for (const { ranges } of told) {
    const [whole] = ranges;
    if (whole === undefined) continue;
    const key = keyOf(whole);
    functions.set(key, [...(functions.get(key) ?? []), ranges]);
  }
}

function keyOf({ startOffset, endOffset }: Range): string {
  return `${startOffset} ${endOffset}`;
}

function branchesOf(file: string, functions: Functions): FileBranches {
  const source = readFileSync(file, 'utf8');
  const missed: Missed[] = [];
  let total = 0;
  for (const runs of functions.values()) {
    const branches = new Map(runs.flat().map((range) => [keyOf(range), range]));
    total += branches.size;
    for (const branch of branches.values())
      if (runs.every((ranges) => countOf(branch, ranges) === 0)) missed.push(missedAt(file, source, branch));
  }
  return { file, total, missed: missed.toSorted((one, other) => one.line - other.line) };
}

/** How often a process entered the branch. */
function countOf(branch: Range, ranges: readonly Range[]): number {
  let innermost: Range | null = null;
  for (const range of ranges) {
    if (range.startOffset > branch.startOffset || range.endOffset < branch.endOffset) continue;
    if (innermost === null || lengthOf(range) <= lengthOf(innermost)) innermost = range;
  }
  return innermost?.count ?? 0;
}

function lengthOf({ startOffset, endOffset }: Range): number {
  return endOffset - startOffset;
}

function missedAt(file: string, source: string, { startOffset, endOffset }: Range): Missed {
  // What follows an early end begins with the white space after it.
  const text = source.slice(startOffset, endOffset);
  const start = startOffset + (text.length - text.trimStart().length);
  const line = source.slice(0, start).split('\n').length;
  return {
    file,
    line,
    text: (source.split('\n')[line - 1] ?? '').trim(),
    branch: text.trim().split('\n')[0]?.slice(0, 60) ?? '',
  };
}
