import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type LogLevel } from 'esbuild';
import { entryPoints, moduleUrls } from './bundle-urls.ts';

/** Native modules and what drags platform packages in stay where npm put them. */
const EXTERNAL = ['better-sqlite3', '@napi-rs/blake-hash', 'blake3', 'chokidar', '*.node'];

/**
 * CommonJS dependencies call `require`, which ESM lacks. A global (not a constant) cannot collide with the
 * `createRequire` of a source file, and esbuild's own shim looks for exactly this name.
 */
const BANNER = `import { createRequire as tidemarkRequire } from 'node:module';
globalThis.require ??= tidemarkRequire(import.meta.url);`;

/** A chunk that an older, still running engine may yet import is left alone this long. */
const KEEP_OLD_MS = 24 * 60 * 60 * 1000;

const sourceFiles = async (root: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const top of ['src', 'server-stub']) {
    const entries = await readdir(join(root, top), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      found.push(relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
    }
  }
  return found.sort();
};

/**
 * Renames the new files over the old ones, chunks before the entry points that name them: whoever starts in
 * between gets a whole program, old or new.
 */
const replaceOutput = async (
  staging: string,
  outFolder: string,
  entryNames: ReadonlySet<string>,
): Promise<void> => {
  const isEntry = (file: string) => entryNames.has(file.replace(/\.js(\.map)?$/, ''));
  const fresh = (await readdir(staging)).sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
  for (const file of fresh) await rename(join(staging, file), join(outFolder, file));
  await rm(staging, { recursive: true });
  for (const file of await readdir(outFolder)) {
    if (!/\.js(\.map)?$/.test(file) || fresh.includes(file)) continue;
    const path = join(outFolder, file);
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (isEntry(file) || age > KEEP_OLD_MS) await rm(path, { force: true });
  }
};

/**
 * Bundles every entry point that exists into `out/`, which stays flat: a literal URL relative to the
 * bundle then means the same in every file. Returns the names of the bundles.
 */
export const bundle = async (root: string, logLevel: LogLevel = 'warning'): Promise<readonly string[]> => {
  const outFolder = join(root, 'out');
  const entries = entryPoints(root, await sourceFiles(root));
  await mkdir(outFolder, { recursive: true });
  if (entries.size === 0) return [];
  const staging = join(outFolder, `.next-${process.pid}`);
  await rm(staging, { recursive: true, force: true });
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [...entries].map(([path, name]) => ({ in: path, out: name })),
      outdir: staging,
      entryNames: '[name]',
      chunkNames: 'chunk-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      sourcemap: 'linked',
      sourcesContent: false,
      external: EXTERNAL,
      banner: { js: BANNER },
      plugins: [moduleUrls({ root, outFolder, entries })],
      logLevel,
    });
    const names = new Set(entries.values());
    await replaceOutput(staging, outFolder, names);
    return [...names];
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
};

/** esbuild prints what is wrong with the sources by itself; a stack of the bundler adds nothing. */
const isReported = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);

if (import.meta.main) {
  try {
    const names = await bundle(fileURLToPath(new URL('..', import.meta.url)));
    console.error(names.length === 0 ? 'Nothing to bundle yet.' : `Bundled ${names.join(', ')} into out/.`);
  } catch (error) {
    if (!isReported(error)) console.error(error);
    process.exitCode = 1;
  }
}
