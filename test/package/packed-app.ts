/** Packs the app for tests, once per process, and only when the one that is there is not of these very sources. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUTPUT = join(ROOT, 'release', 'test', 'linux-unpacked');
const STAMP = join(ROOT, 'release', 'test', '.stamp');
const ABANDONED_MS = 600_000;

export interface PackedApp {
  readonly folder: string;
  readonly executable: string;
  readonly archive: string;
  readonly resources: string;
  /** The command line inside the package. */
  readonly tidemark: string;
}

/** What the last build consists of, and how it is packed. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const builds = [
    'out/.builds.json',
    'out/app/.builds.json',
    'electron-builder.yml',
    'bin/tidemark',
    'package.json',
  ];
  const scripts = readdirSync(join(ROOT, 'build'))
    .filter((name) => /\.(?:mjs|sh)$/.test(name))
    .map((name) => `build/${name}`);
  for (const file of [...builds, ...scripts.sort()]) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    // Only the newest of the builds that are known.
    const newest: unknown = file.endsWith('.builds.json') ? JSON.parse(text) : text;
    hash.update(JSON.stringify(Array.isArray(newest) ? newest[0] : newest));
  }
  for (const entry of ['out/app/main.mjs', 'out/app/preload.cjs', 'out/app/renderer/main.js', 'out/cli.js'])
    hash.update(`${statSync(join(ROOT, entry)).mtimeMs}`);
  return hash.digest('hex');
}

function run(words: readonly string[]): void {
  const ran = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${words.join(' ')} failed:\n${ran.stdout}\n${ran.stderr}`);
}

function pack(): void {
  run(['src/setup.mjs', '--app']);
  const wanted = fingerprint();
  const isThere = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && existsSync(OUTPUT);
  if (isThere) return;
  run(['build/package.mjs', '--test']);
  writeFileSync(STAMP, wanted);
}

/** Test files run side by side: two that pack into one folder would take each other's files away. */
function alone(work: () => void): void {
  const lock = join(ROOT, 'release', '.packing');
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > ABANDONED_MS) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

let packed = false;

export function packedApp(): PackedApp {
  if (!packed) {
    alone(pack);
    packed = true;
  }
  const resources = join(OUTPUT, 'resources');
  return {
    folder: OUTPUT,
    executable: join(OUTPUT, 'tidemark-app'),
    archive: join(resources, 'app.asar'),
    resources,
    tidemark: join(resources, 'tidemark', 'bin', 'tidemark'),
  };
}
