/** Node's coverage in the form of lcov: the branches of each file. */
export interface FileBranches {
  readonly file: string;
  readonly total: number;
  /** Line numbers, one for each branch that was never taken. */
  readonly missed: readonly number[];
}

export function readLcov(text: string): readonly FileBranches[] {
  const files: FileBranches[] = [];
  let file = '';
  let total = 0;
  let missed: number[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('SF:')) {
      file = line.slice(3);
      total = 0;
      missed = [];
    } else if (line.startsWith('BRDA:')) {
      const [at, , , taken] = line.slice(5).split(',');
      total += 1;
      if (taken === '0' || taken === '-') missed.push(Number(at));
    } else if (line === 'end_of_record') files.push({ file, total, missed });
  }
  return files;
}
