import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type LogLevel } from 'esbuild';
import { bundleApp, isPageSource } from './bundle-app.ts';
import { replaceOutput } from './bundle-output.ts';
import { entryPoints, moduleUrls } from './bundle-urls.ts';

/** Native modules and what drags platform packages in stay where npm put them. */
const EXTERNAL = ['better-sqlite3', '@napi-rs/blake-hash', 'blake3', 'chokidar', '*.node'];

/**
 * CommonJS dependencies call `require`, which ESM lacks. A global (not a constant) cannot collide with the
 * `createRequire` of a source file, and esbuild's own shim looks for exactly this name.
 */
const BANNER = `import { createRequire as tidemarkRequire } from 'node:module';
globalThis.require ??= tidemarkRequire(import.meta.url);`;

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
 * Bundles every entry point that exists into `out/`, which stays flat: a literal URL relative to the
 * bundle then means the same in every file. The app goes into `out/app`. Returns the names of the bundles.
 */
export const bundle = async (root: string, logLevel: LogLevel = 'warning'): Promise<readonly string[]> => {
  const outFolder = join(root, 'out');
  const files = await sourceFiles(root);
  const entries = entryPoints(
    root,
    files.filter((file) => !isPageSource(file)),
  );
  await mkdir(outFolder, { recursive: true });
  const app = bundleApp(root, files, logLevel);
  const [names, appNames] = await Promise.all([bundleEngine(root, outFolder, entries, logLevel), app]);
  return [...names, ...appNames];
};

const bundleEngine = async (
  root: string,
  outFolder: string,
  entries: ReadonlyMap<string, string>,
  logLevel: LogLevel,
): Promise<readonly string[]> => {
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
    await replaceOutput({
      staging,
      outFolder,
      isEntry: (file) => names.has(file.replace(/\.js(\.map)?$/, '')),
      isOurs: (file) => /^[^/]+\.js(\.map)?$/.test(file),
    });
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
