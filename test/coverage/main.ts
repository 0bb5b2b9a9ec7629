/** `npm run coverage`: prints how many branches of each area the tests take, and fails unless it is all of them. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Area, HALVES, type Half } from './areas.ts';
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { type FileBranches, type Missed, readV8 } from './v8.ts';

const repository = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { only: { type: 'string' } } });

/** Runs the tests of one half; `null` when one of them failed. */
function run({ name, tests, skip, areas }: Half): readonly FileBranches[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-coverage-'));
  console.log(`${name}: ${tests.join(' ')}`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--test',
      '--test-concurrency=2',
      '--test-reporter=dot',
      ...skip.map((pattern) => `--test-skip-pattern=${pattern}`),
      ...tests,
    ],
    { cwd: repository, stdio: 'inherit', env: { ...process.env, NODE_V8_COVERAGE: folder } },
  );
  const files = new Set(areas.flatMap(filesOf));
  const branches = readV8(folder, (file) => files.has(relative(repository, file)));
  rmSync(folder, { recursive: true });
  return status === 0 ? branches : null;
}

function filesOf({ sources }: Area): readonly string[] {
  return sources.flatMap((glob) => globSync(glob, { cwd: repository }));
}

function isExcepted({ file, text }: Missed): Exception | undefined {
  return EXCEPTIONS.find((each) => each.file === relative(repository, file) && text.includes(each.text));
}

/** One line of the table; what is missing below it. Answers whether all of it is covered. */
function report(area: Area, all: readonly FileBranches[], used: Set<Exception>): boolean {
  const files = filesOf(area);
  const ours = all.filter(({ file }) => files.includes(relative(repository, file)));
  const open: Missed[] = [];
  let excepted = 0;
  for (const missed of ours.flatMap((each) => each.missed)) {
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
    `${area.name.padEnd(24)} ${String(ours.length).padStart(3)} files ${String(total).padStart(5)} branches ` +
      `${String(excepted).padStart(4)} excepted ${share.toFixed(1).padStart(6)} %`,
  );
  for (const { file, line, branch } of open)
    console.log(`  not taken: ${relative(repository, file)}:${line}  ${branch}`);
  const unmet = files.filter((each) => !ours.some((met) => relative(repository, met.file) === each));
  const unloaded = unmet.filter(hasCode);
  for (const file of unloaded) console.log(`  no test loads ${file}`);
  return total > 0 && open.length === 0 && unloaded.length === 0;
}

/** More than types: those are loaded by nobody. */
function hasCode(file: string): boolean {
  const code = stripTypeScriptTypes(readFileSync(join(repository, file), 'utf8'));
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim() !== '';
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
  const files = new Set(half.areas.flatMap(filesOf));
  for (const exception of EXCEPTIONS)
    if (files.has(exception.file) && !used.has(exception)) {
      console.log(`  no exception any more: ${exception.file}  ${exception.text}`);
      isWhole = false;
    }
}
process.exitCode = isWhole ? 0 : 1;
