import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Sources run both as they are (Node strips the types) and bundled into one flat folder, so every file that
 * is found at run time is named by a literal relative to the source: `new URL('./x', import.meta.url)`.
 * Bundling moves the source, so those literals have to move too. This plugin does it:
 *
 *   readFileSync(new URL('./x.sql', import.meta.url), 'utf8')  ->  the text itself (.css and .js, too)
 *   new URL('./hash-worker.ts', import.meta.url)               ->  the bundle of that entry point
 *   new URL('../../native-helpers/x.node', import.meta.url)    ->  the same file, seen from the out folder
 *
 * What it cannot follow (a computed path, import.meta.dirname) fails the build instead of the user's start.
 */

const URL_OF_MODULE = String.raw`new\s+URL\(\s*(['"])(\.{1,2}\/[^'"\n]*)\1\s*,\s*import\.meta\.url\s*,?\s*\)`;
const ANY_URL = new RegExp(URL_OF_MODULE, 'g');
const READ_TEXT = new RegExp(
  String.raw`\breadFileSync\(\s*${URL_OF_MODULE}\s*,\s*(['"])utf-?8\3\s*,?\s*\)`,
  'g',
);
const BASE_ARGUMENT = /,\s*import\.meta\.url\b/g;
const MODULE_PATH = /\bimport\.meta\.(?:dirname|filename)\b/g;

/** Kinds of files that become text in the bundle. */
const INLINED: ReadonlySet<string> = new Set(['.sql', '.css', '.js']);

interface Edit {
  readonly start: number;
  readonly length: number;
  readonly by: string;
}

export interface SourceToRewrite {
  /** Absolute, like `outFolder` and the keys of `entries`. */
  readonly path: string;
  readonly text: string;
  readonly outFolder: string;
  /** The bundle's name of each entry point. */
  readonly entries: ReadonlyMap<string, string>;
  /** The text of a file, or undefined when there is none. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

export interface Rewritten {
  readonly text: string;
  readonly inlined: readonly string[];
  readonly errors: readonly { readonly line: number; readonly text: string }[];
}

/** Blanks comments that fill whole lines, so that prose about these patterns is not taken for code. */
const withoutProse = (text: string): string =>
  text.replace(/^[ \t]*(?:\/\/|\/?\*).*$/gm, (line) => ' '.repeat(line.length));

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** Keeps the number of lines, so that source maps and stack traces stay right. */
const applyEdits = (text: string, edits: readonly Edit[]): string => {
  let result = text;
  for (const { start, length, by } of edits.toSorted((a, b) => b.start - a.start)) {
    const gone = result.slice(start, start + length);
    const lines = '\n'.repeat(gone.split('\n').length - 1);
    result = result.slice(0, start) + by + lines + result.slice(start + length);
  }
  return result;
};

/** What a literal URL becomes in the bundle, or why it cannot be kept. */
const movedUrl = (source: SourceToRewrite, literal: string): { by: string } | { trouble: string } => {
  const target = resolve(dirname(source.path), literal);
  const bundle = source.entries.get(target);
  if (bundle !== undefined) return { by: `new URL('./${bundle}.js', import.meta.url)` };
  if (extname(target) === '.ts')
    return { trouble: `${literal} is no entry point, so it has no bundle of its own` };
  if (extname(target) === '.sql') {
    return {
      trouble: `read ${literal} by readFileSync(new URL(…), 'utf8'), which the bundle turns into the text`,
    };
  }
  const seen = relative(source.outFolder, target).split(sep).join('/');
  const dotted = (seen.startsWith('.') ? seen : `./${seen}`) + (literal.endsWith('/') ? '/' : '');
  return { by: `new URL(${JSON.stringify(dotted)}, import.meta.url)` };
};

/** Rewrites the literals of one source file. */
export const rewriteUrls = async (source: SourceToRewrite): Promise<Rewritten> => {
  const code = withoutProse(source.text);
  const errors: { line: number; text: string }[] = [];
  const fail = (index: number, text: string) => errors.push({ line: lineOf(code, index), text });
  const edits: Edit[] = [];
  const inlined: string[] = [];
  const covers = (start: number, length: number, index: number) => index >= start && index < start + length;

  const urls = [...code.matchAll(ANY_URL)];
  for (const hit of code.matchAll(BASE_ARGUMENT)) {
    if (urls.some((url) => covers(url.index, url[0].length, hit.index))) continue;
    fail(
      hit.index,
      'a path relative to import.meta.url has to be a literal, or the bundle cannot find the file',
    );
  }
  for (const hit of code.matchAll(MODULE_PATH)) {
    fail(hit.index, `${hit[0]} differs once bundled: use new URL('./name', import.meta.url)`);
  }
  for (const hit of code.matchAll(READ_TEXT)) {
    const target = resolve(dirname(source.path), hit[2] ?? '');
    if (!INLINED.has(extname(target))) continue;
    const text = await source.readText(target);
    if (text === undefined) fail(hit.index, `${hit[2]} cannot be read`);
    inlined.push(target);
    edits.push({ start: hit.index, length: hit[0].length, by: JSON.stringify(text ?? '') });
  }
  for (const hit of urls) {
    if (edits.some((edit) => covers(edit.start, edit.length, hit.index))) continue;
    const moved = movedUrl(source, hit[2] ?? '');
    if ('trouble' in moved) fail(hit.index, moved.trouble);
    else edits.push({ start: hit.index, length: hit[0].length, by: moved.by });
  }
  return { text: applyEdits(source.text, edits), inlined, errors };
};

export interface BundleFolders {
  readonly root: string;
  readonly outFolder: string;
  readonly entries: ReadonlyMap<string, string>;
}

/** The esbuild plugin around `rewriteUrls`, for the project's own TypeScript sources. */
export const moduleUrls = ({ root, outFolder, entries }: BundleFolders): Plugin => ({
  name: 'module-urls',
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      if (relative(root, path).split(sep).includes('node_modules')) return undefined;
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.')) return undefined;
      const readText = (target: string) => readFile(target, 'utf8').catch(() => undefined);
      const rewritten = await rewriteUrls({ path, text, outFolder, entries, readText });
      return {
        contents: rewritten.text,
        loader: path.endsWith('x') ? 'tsx' : 'ts',
        watchFiles: [path, ...rewritten.inlined],
        errors: rewritten.errors.map((error) => ({
          text: error.text,
          location: {
            file: relative(root, path),
            line: error.line,
            lineText: text.split('\n')[error.line - 1],
          },
        })),
      };
    });
  },
});

const FIXED_ENTRIES: ReadonlyMap<string, string> = new Map([
  ['src/cli/main.ts', 'cli'],
  ['src/engine/main.ts', 'engine'],
  ['server-stub/main.ts', 'server'],
]);

/** Every source that starts a process or a thread of its own, by absolute path, with its bundle's name. */
export const entryPoints = (root: string, sourceFiles: readonly string[]): ReadonlyMap<string, string> => {
  const entries = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const file of sourceFiles) {
    const name = FIXED_ENTRIES.get(file) ?? /(?:^|\/)([a-z0-9-]+-worker)\.ts$/.exec(file)?.[1];
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (owner !== undefined) throw new Error(`${file} and ${owner} would both be bundled as ${name}.js`);
    owners.set(name, file);
    entries.set(join(root, file), name);
  }
  return entries;
};
