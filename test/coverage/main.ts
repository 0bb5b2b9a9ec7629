/** `npm run coverage`: prints how many branches of each area the tests take, and fails unless it is all of them. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Area, HALVES, type Half } from './areas.ts';
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { type FileBranches, readLcov } from './lcov.ts';

const repository = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { only: { type: 'string' } } });

/** Runs the tests of one half; `null` when one of them failed. */
function run({ name, tests, areas }: Half): readonly FileBranches[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-coverage-'));
  const told = join(folder, 'lcov.info');
  const include = areas.flatMap(({ sources }) => sources.map((glob) => `--test-coverage-include=${glob}`));
  console.log(`${name}: ${tests.join(' ')}`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--test',
      '--test-concurrency=2',
      '--experimental-test-coverage',
      ...include,
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=lcov',
      `--test-reporter-destination=${told}`,
      ...tests,
    ],
    { cwd: repository, stdio: 'inherit' },
  );
  const text = readFileSync(told, 'utf8');
  rmSync(folder, { recursive: true });
  return status === 0 ? readLcov(text) : null;
}

interface Missed {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function missedOf(branches: FileBranches): readonly Missed[] {
  const file = relative(repository, join(repository, relative(repository, branches.file)));
  const lines = readFileSync(join(repository, file), 'utf8').split('\n');
  return branches.missed.map((line) => ({ file, line, text: (lines[line - 1] ?? '').trim() }));
}

function isExcepted({ file, text }: Missed): Exception | undefined {
  return EXCEPTIONS.find((each) => each.file === file && text.includes(each.text));
}

/** One line of the table; what is missing below it. Answers whether all of it is covered. */
function report({ name, sources }: Area, all: readonly FileBranches[], used: Set<Exception>): boolean {
  const files = new Set(sources.flatMap((glob) => globSync(glob, { cwd: repository })));
  const ours = all.filter(({ file }) => files.has(relative(repository, file)) || files.has(file));
  const open: Missed[] = [];
  let excepted = 0;
  for (const missed of ours.flatMap(missedOf)) {
    const exception = isExcepted(missed);
    if (exception === undefined) open.push(missed);
    else {
      used.add(exception);
      excepted += 1;
    }
  }
  const total = ours.reduce((sum, file) => sum + file.total, 0);
  const share = total === 0 ? 0 : (100 * (total - open.length - excepted)) / (total - excepted);
  console.log(
    `${name.padEnd(24)} ${String(ours.length).padStart(3)} files ${String(total).padStart(5)} branches ` +
      `${String(excepted).padStart(4)} excepted ${share.toFixed(1).padStart(6)} %`,
  );
  for (const { file, line, text } of open) console.log(`  not taken: ${file}:${line}  ${text}`);
  return total > 0 && open.length === 0;
}

let isWhole = true;
for (const half of HALVES) {
  if (values.only !== undefined && values.only !== half.name) continue;
  const branches = run(half);
  if (branches === null) {
    console.log(`${half.name}: a test failed`);
    isWhole = false;
    continue;
  }
  const used = new Set<Exception>();
  for (const area of half.areas) isWhole = report(area, branches, used) && isWhole;
  const files = new Set(
    half.areas.flatMap(({ sources }) => sources.flatMap((glob) => globSync(glob, { cwd: repository }))),
  );
  for (const exception of EXCEPTIONS)
    if (files.has(exception.file) && !used.has(exception)) {
      console.log(`  no exception any more: ${exception.file}  ${exception.text}`);
      isWhole = false;
    }
}
process.exitCode = isWhole ? 0 : 1;
