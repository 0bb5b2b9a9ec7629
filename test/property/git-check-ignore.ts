/** Asks the real git what it would ignore: the reference that `src/core/ignore` is compared with. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface IgnoreCase {
  /** Ignore files by folder, '' being the case's own root. */
  readonly files: readonly { readonly folder: string; readonly text: string }[];
  readonly paths: readonly { readonly path: string; readonly isFolder: boolean }[];
}

/** The deciding line of each path of each case; '' where no line matches. */
export type GitAnswers = readonly (readonly string[])[];

/** One repository with a folder per case, and one git process for all questions. */
export function askGit(cases: readonly IgnoreCase[]): GitAnswers {
  const root = mkdtempSync(join(tmpdir(), 'ignore-'));
  try {
    git(root, ['init', '-q', '--template=', '.'], '');
    const questions: string[] = [];
    cases.forEach(({ files, paths }, number) => {
      for (const { path, isFolder } of paths) {
        const full = join(root, `c${number}`, path);
        mkdirSync(isFolder ? full : dirname(full), { recursive: true });
        if (!isFolder) writeFileSync(full, '');
        questions.push(`c${number}/${path}`);
      }
      for (const { folder, text } of files) {
        const full = join(root, `c${number}`, folder, '.gitignore');
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, text);
      }
    });
    const output = git(
      root,
      ['check-ignore', '--no-index', '--stdin', '-z', '-v', '-n'],
      questions.join('\0'),
    );
    return readAnswers(cases, questions, output);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Source, line number, pattern and path of each question, each ended by NUL. */
function readAnswers(cases: readonly IgnoreCase[], questions: readonly string[], output: string): GitAnswers {
  const fields = output.split('\0');
  if (fields.length !== questions.length * 4 + 1) throw new Error(`git gave ${fields.length} fields`);
  let at = 0;
  return cases.map(({ paths }) =>
    paths.map(() => {
      if (fields[at * 4 + 3] !== questions[at]) throw new Error(`git answered for ${fields[at * 4 + 3]}`);
      at += 1;
      return fields[(at - 1) * 4 + 2] ?? '';
    }),
  );
}

function git(root: string, args: readonly string[], input: string): string {
  const settings = ['-c', 'core.ignoreCase=false', '-c', 'core.excludesFile=/dev/null'];
  const env = {
    PATH: process.env['PATH'],
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const result = spawnSync('git', [...settings, ...args], {
    cwd: root,
    input,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // check-ignore says 1 when nothing at all is ignored.
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0 && result.status !== 1) throw new Error(`git: ${result.stderr}`);
  return result.stdout;
}
