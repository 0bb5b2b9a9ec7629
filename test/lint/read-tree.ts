import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TreeFile } from './violation.ts';

const NOT_OURS = new Set(['.git', 'node_modules', 'out', 'build', 'coverage', '.desk']);

const GIT_LIST: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'ignore'],
};

/** What git tracks or would track. Undefined when this is no clone (a source archive, say). */
const listedByGit = (root: string): readonly string[] | undefined => {
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    return execFileSync('git', args, { ...GIT_LIST, cwd: root })
      .split('\0')
      .filter(Boolean);
  } catch {
    return undefined;
  }
};

const listedByWalk = (root: string, folder = root): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listedByWalk(root, path);
    return entry.isFile() ? [relative(root, path).split(sep).join('/')] : [];
  });

/** All files of the repository. One that vanishes between listing and reading is none. */
export const readTree = (root: string): readonly TreeFile[] =>
  [...new Set(listedByGit(root) ?? listedByWalk(root))].sort().flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(root, path), 'utf8') }];
    } catch {
      return [];
    }
  });
