import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTree } from './read-tree.ts';
import { checkStructure } from './structure.ts';
import { describeViolation } from './violation.ts';

/** The checks that need no test: types, format and lint, structure. All run, so that one run tells all. */

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
}

const tool = (name: string, script: string, args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (bytes: Buffer) => {
      output += bytes.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ name, passed: false, output: error.message }));
    child.on('close', (code) => resolve({ name, passed: code === 0, output }));
  });

const structure = (): Outcome => {
  const violations = checkStructure(readTree(root));
  return {
    name: 'structure',
    passed: violations.length === 0,
    output: violations.map(describeViolation).join('\n'),
  };
};

const outcomes = [
  structure(),
  ...(await Promise.all([
    tool('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']),
    tool('types of the pages', 'typescript/bin/tsc', ['-p', 'tsconfig.renderer.json']),
    tool('types of the tests of the pages', 'typescript/bin/tsc', ['-p', 'tsconfig.pages-test.json']),
    tool('format and lint', '@biomejs/biome/bin/biome', [
      'ci',
      '--colors=off',
      '--diagnostic-level=warn',
      '.',
    ]),
  ])),
];
for (const { name, passed, output } of outcomes) {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!passed) console.log(output.trimEnd());
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;
