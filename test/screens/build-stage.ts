/** Builds renderer and stage into a folder of their own. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { writePage } from '../../src/bundle-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function buildStage(work: string) {
  const pages = join(work, 'pages');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/renderer/main.tsx', 'src/renderer/pdf-worker.ts'],
    outdir: pages,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'chrome130',
    jsx: 'automatic',
    loader: { '.woff2': 'file' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  await writePage(root, pages);
  const node = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node' as const,
    target: 'node20.18',
    external: ['electron'],
    logLevel: 'warning',
  } satisfies BuildOptions;
  const main = join(work, 'main.cjs');
  await build({ ...node, entryPoints: ['test/screens/stage-main.ts'], outfile: main, format: 'cjs' });
  const preload = join(work, 'preload.cjs');
  await build({ ...node, entryPoints: ['test/screens/stage-preload.ts'], outfile: preload, format: 'cjs' });
  return { main, pages, preload };
}
