/** Builds the app into `out/app`: main and preload for Electron's Node, the pages for its Chromium. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type LogLevel } from 'esbuild';
import { replaceOutput } from './bundle-output.ts';
import { moduleUrls } from './bundle-urls.ts';
import { POLICY_IN_PAGE } from './main/content-security.ts';

/** The oldest Electron that runs it is 33: the fallback for machines that cannot download the pinned one. */
const NODE = 'node20.18';
const CHROME = 'chrome130';

const MAIN = 'src/main/main.ts';
const PRELOAD = 'src/preload/preload.ts';
const PAGE = 'src/renderer/index.html';
const PAGE_SCRIPT = 'src/renderer/main.tsx';

/** Stands in the page's head: the policy is written in one place only. */
const POLICY_MARK = '%CONTENT_SECURITY_POLICY%';

/** CommonJS dependencies call `require`, which ESM lacks. */
const REQUIRE = `import { createRequire as tidemarkRequire } from 'node:module';
globalThis.require ??= tidemarkRequire(import.meta.url);`;

const isWorker = (file: string): boolean => /^src\/renderer\/.*-worker\.ts$/.test(file);

function pageEntries(root: string, sourceFiles: readonly string[]): ReadonlyMap<string, string> {
  const workers = sourceFiles.filter(isWorker);
  return new Map(
    [PAGE_SCRIPT, ...workers].map((file) => [join(root, file), file.replace(/^.*\/|\.tsx?$/g, '')]),
  );
}

/** What belongs to the pages and not to the engine's bundles. */
export function isPageSource(file: string): boolean {
  return file.startsWith('src/renderer/');
}

/** The page with its policy filled in. */
export async function writePage(root: string, folder: string): Promise<void> {
  const text = await readFile(join(root, PAGE), 'utf8');
  if (!text.includes(POLICY_MARK)) throw new Error(`${PAGE} has to name ${POLICY_MARK} in its head`);
  if (/<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|https?:/i.test(text))
    throw new Error(`${PAGE} must hold nothing inline and nothing remote`);
  await writeFile(join(folder, 'index.html'), text.replaceAll(POLICY_MARK, POLICY_IN_PAGE));
}

/** Nothing when this is a checkout without an app. */
export async function bundleApp(
  root: string,
  sourceFiles: readonly string[],
  logLevel: LogLevel = 'warning',
): Promise<readonly string[]> {
  if (!sourceFiles.includes(MAIN)) return [];
  const outFolder = join(root, 'out', 'app');
  const staging = join(outFolder, `.next-${process.pid}`);
  const page = join(staging, 'renderer');
  await rm(staging, { recursive: true, force: true });
  await mkdir(page, { recursive: true });
  const shared = {
    absWorkingDir: root,
    bundle: true,
    sourcesContent: false,
    logLevel,
  } satisfies BuildOptions;
  const entries = pageEntries(root, sourceFiles);
  try {
    await Promise.all([
      build({
        ...shared,
        entryPoints: [{ in: MAIN, out: 'main' }],
        outdir: staging,
        outExtension: { '.js': '.mjs' },
        chunkNames: 'main-[hash]',
        splitting: true,
        format: 'esm',
        platform: 'node',
        target: NODE,
        sourcemap: 'linked',
        external: ['electron'],
        banner: { js: REQUIRE },
        plugins: [moduleUrls({ root, outFolder, entries: new Map() })],
      }),
      build({
        ...shared,
        entryPoints: [{ in: PRELOAD, out: 'preload' }],
        outdir: staging,
        outExtension: { '.js': '.cjs' },
        format: 'cjs',
        platform: 'node',
        target: NODE,
        external: ['electron'],
      }),
      build({
        ...shared,
        entryPoints: [...entries].map(([path, name]) => ({ in: path, out: name })),
        outdir: page,
        entryNames: '[name]',
        chunkNames: 'chunk-[hash]',
        assetNames: '[name]-[hash]',
        splitting: true,
        format: 'esm',
        platform: 'browser',
        target: CHROME,
        minify: true,
        // Shown in bug reports; the packages leave them out.
        sourcemap: 'linked',
        jsx: 'automatic',
        define: { 'process.env.NODE_ENV': '"production"' },
        loader: {
          '.module.css': 'local-css',
          '.woff2': 'file',
          '.woff': 'empty',
          '.svg': 'file',
          '.png': 'file',
        },
        plugins: [moduleUrls({ root, outFolder: join(outFolder, 'renderer'), entries })],
      }),
      writePage(root, page),
    ]);
    await replaceOutput({
      staging,
      outFolder,
      isEntry: (file) => /^(?:main\.mjs|preload\.cjs|renderer\/(?:index\.html|main\.(?:js|css)))$/.test(file),
      isOurs: (file) => /\.(?:mjs|cjs|js|css|map|html|woff2|svg|png)$/.test(file),
    });
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  return ['app'];
}
