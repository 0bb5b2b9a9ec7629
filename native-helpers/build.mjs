#!/usr/bin/env node
// Builds the compiled helpers with the system's C++ compiler and the headers that come with the project's Node.
// Nothing is downloaded. Where it cannot build, it says so in one line and succeeds: everything works without, slower
// and with documented, narrower guarantees. Plain JavaScript for Node >= 18, because it runs during installation.
//
//   node native-helpers/build.mjs [--force] [--require]     --require: exit 1 when the helper is not there afterwards
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, 'disk', 'src');
const target = join(here, 'disk', 'build', 'disk.node');

function findHeaders() {
  const candidates = [
    join(here, '..', 'node_modules', `node-linux-${process.arch}`, 'include', 'node'),
    join(dirname(process.execPath), '..', 'include', 'node'),
    '/usr/include/node',
  ];
  return candidates.find((folder) => existsSync(join(folder, 'node_api.h')));
}

function upToDate(inputs) {
  if (!existsSync(target)) return false;
  const built = statSync(target).mtimeMs;
  return inputs.every((file) => statSync(file).mtimeMs <= built);
}

/** Why the helper could not be built, or null. */
function build() {
  if (process.platform !== 'linux') return `there is no compiled helper for ${process.platform} yet`;
  const files = readdirSync(sources).map((name) => join(sources, name));
  const inputs = [...files, fileURLToPath(import.meta.url)];
  if (!process.argv.includes('--force') && upToDate(inputs)) return null;
  const headers = findHeaders();
  if (headers === undefined) return 'the Node headers are not installed';
  const compiler = process.env.CXX || 'g++';
  const temporary = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  const units = files.filter((file) => file.endsWith('.cc'));
  const flags = ['-std=c++17', '-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-fvisibility=hidden'];
  const linking = ['-static-libstdc++', '-static-libgcc', '-o', temporary];
  const run = spawnSync(compiler, [...flags, `-I${headers}`, ...units, ...linking], { encoding: 'utf8' });
  if (run.error) return `the C++ compiler "${compiler}" did not start (${run.error.code})`;
  if (run.status !== 0) {
    rmSync(temporary, { force: true });
    return `the C++ compiler failed: ${run.stderr.split('\n').find((line) => line.includes('error')) ?? 'no message'}`;
  }
  // Renamed into place: a running engine keeps the file it has loaded, a starting one never sees half of it.
  renameSync(temporary, target);
  console.log('native-helpers: built disk/build/disk.node');
  return null;
}

const trouble = build();
if (trouble !== null) console.log(`native-helpers: the plain JavaScript disk is used, because ${trouble}`);
if (trouble !== null && process.argv.includes('--require')) process.exitCode = 1;
