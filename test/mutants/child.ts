/** Runs hunts in processes of their own, with or without the bug. */
import { type ExecFileException, execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catch, parseCatch } from './catch.ts';
import type { Mutant, TestHunt } from './mutant.ts';
import { REPOSITORY } from './replace.ts';

const HERE = import.meta.dirname;
/** Every child loads the same sources but for one. */
const CACHE = join(tmpdir(), 'tidemark-mutants-compiled');

export interface HuntOrder {
  readonly mutant: Mutant;
  /** Without it the same runs are made with the product as it is. */
  readonly withBug: boolean;
  readonly first?: number;
  readonly most?: number;
  readonly timeoutMs: number;
}

/** Rejects when the child fails or does not end: neither says that a check noticed anything. */
export function huntInChild(order: HuntOrder): Promise<Catch | null> {
  return order.mutant.hunt.by === 'test' ? runTest(order, order.mutant.hunt) : runHunt(order);
}

async function runHunt(order: HuntOrder): Promise<Catch | null> {
  const { first, most } = order;
  const range = first === undefined ? [] : [String(first), ...(most === undefined ? [] : [String(most)])];
  const { error, stdout, stderr } = await run(order, [join(HERE, 'hunt.ts'), order.mutant.id, ...range]);
  if (error === null) return parseCatch(stdout);
  throw new Error(`${order.mutant.id}: ${error.killed === true ? 'no end' : stderr.slice(-2000)}`);
}

/** One test file in the child itself, so that the bug is there too; only tests with that name. */
async function runTest(order: HuntOrder, { file, name }: TestHunt): Promise<Catch | null> {
  const only = `--test-name-pattern=${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
  const how = ['--test', '--test-isolation=none', '--test-reporter=tap', only];
  const { error, stdout, stderr } = await run(order, [...how, join(REPOSITORY, file)]);
  if (!/^# tests [1-9]/m.test(stdout)) throw new Error(`${order.mutant.id}: no such test: ${name}`);
  if (error === null) return null;
  const failed = /^\s*not ok \d+ - (.*)$/m.exec(stdout)?.[1];
  if (error.code === 1 && failed !== undefined) return { seed: null, sentence: failed };
  throw new Error(`${order.mutant.id}: ${error.killed === true ? 'no end' : (stdout + stderr).slice(-2000)}`);
}

interface Ended {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run({ mutant, withBug, timeoutMs }: HuntOrder, args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, TIDEMARK_MUTANT: withBug ? mutant.id : '', NODE_COMPILE_CACHE: CACHE };
  const options = { env, timeout: timeoutMs, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', join(HERE, 'mutate.ts'), ...args],
      options,
      (error, stdout, stderr) => resolve({ error, stdout, stderr }),
    );
  });
}
