import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';

/**
 * Sources run both as they are (Node strips the types) and bundled into one flat folder, so every file that
 * is found at run time is named by a literal relative to the source: `new URL('./x', import.meta.url)`.
 * Bundling moves the source, so those literals have to move too. This plugin does it:
 *
 *   readFileSync(new URL('./x.sql', import.meta.url), 'utf8')  ->  the text itself
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

/** Blanks comments that fill whole lines, so that prose about these patterns is not taken for code. */
const withoutProse = (text) => text.replace(/^[ \t]*(?:\/\/|\/?\*).*$/gm, (line) => ' '.repeat(line.length));

const lineOf = (text, index) => text.slice(0, index).split('\n').length;

const newlinesIn = (text) => '\n'.repeat(text.split('\n').length - 1);

/**
 * Rewrites the literals of one source file. Pure but for `readText`.
 * @param {{ path: string, text: string, outFolder: string, entries: ReadonlyMap<string, string>,
 *   readText: (path: string) => Promise<string> }} source `path` is absolute; `entries` maps the absolute
 *   path of each entry point to the name of its bundle.
 * @returns {Promise<{ text: string, read: string[], errors: { text: string, line: number }[] }>}
 */
export const rewriteUrls = async ({ path, text, outFolder, entries, readText }) => {
  const code = withoutProse(text);
  const errors = [];
  const fail = (index, message) => errors.push({ line: lineOf(text, index), text: message });
  const literals = [...code.matchAll(ANY_URL)];
  for (const hit of code.matchAll(BASE_ARGUMENT)) {
    if (literals.some((url) => hit.index > url.index && hit.index < url.index + url[0].length)) continue;
    fail(
      hit.index,
      'a path relative to import.meta.url has to be a literal, or the bundle cannot find the file',
    );
  }
  for (const hit of code.matchAll(MODULE_PATH)) {
    fail(hit.index, `${hit[0]} differs once bundled: use new URL('./name', import.meta.url)`);
  }

  const edits = [];
  const read = [];
  for (const hit of code.matchAll(READ_TEXT)) {
    const target = resolve(dirname(path), hit[2]);
    if (extname(target) !== '.sql') continue;
    read.push(target);
    const literal = await readText(target).then(JSON.stringify, () => undefined);
    if (literal === undefined) fail(hit.index, `${hit[2]} cannot be read`);
    else edits.push({ start: hit.index, length: hit[0].length, by: literal });
  }
  const inlined = (index) => edits.some((edit) => index >= edit.start && index < edit.start + edit.length);
  for (const hit of literals) {
    if (inlined(hit.index)) continue;
    const target = resolve(dirname(path), hit[2]);
    const bundle = entries.get(target);
    if (bundle !== undefined) {
      edits.push({
        start: hit.index,
        length: hit[0].length,
        by: `new URL('./${bundle}.js', import.meta.url)`,
      });
    } else if (extname(target) === '.ts') {
      fail(hit.index, `${hit[2]} is no entry point, so it has no bundle of its own`);
    } else if (extname(target) === '.sql') {
      fail(
        hit.index,
        `read ${hit[2]} by readFileSync(new URL(…), 'utf8'), which the bundle turns into the text`,
      );
    } else {
      const folder = hit[2].endsWith('/') ? '/' : '';
      const seen = relative(outFolder, target).split(sep).join('/');
      const dotted = seen.startsWith('.') ? seen : `./${seen}`;
      const by = `new URL(${JSON.stringify(dotted + folder)}, import.meta.url)`;
      edits.push({ start: hit.index, length: hit[0].length, by });
    }
  }
  return { text: applyEdits(text, edits), read, errors };
};

/** Keeps the number of lines, so that source maps and stack traces stay right. */
const applyEdits = (text, edits) => {
  let result = text;
  for (const { start, length, by } of [...edits].sort((a, b) => b.start - a.start)) {
    const gone = result.slice(start, start + length);
    result = result.slice(0, start) + by + newlinesIn(gone) + result.slice(start + length);
  }
  return result;
};

/**
 * The esbuild plugin around `rewriteUrls`, for the project's own TypeScript sources.
 * @param {{ root: string, outFolder: string, entries: ReadonlyMap<string, string> }} options
 */
export const moduleUrls = ({ root, outFolder, entries }) => ({
  name: 'module-urls',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (relative(root, path).split(sep).includes('node_modules')) return undefined;
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const readText = (target) => readFile(target, 'utf8');
      const { text, read, errors } = await rewriteUrls({ path, text: source, outFolder, entries, readText });
      return {
        contents: text,
        loader: 'ts',
        watchFiles: read,
        errors: errors.map((error) => ({
          text: error.text,
          location: {
            file: relative(root, path),
            line: error.line,
            lineText: source.split('\n')[error.line - 1],
          },
        })),
      };
    });
  },
});

/** Every `*.ts` that starts a thread or a process of its own, by absolute path, with its bundle's name. */
export const entryPoints = (root, sourceFiles) => {
  const fixed = new Map([
    ['src/cli/main.ts', 'cli'],
    ['src/engine/main.ts', 'engine'],
    ['server-stub/main.ts', 'server'],
  ]);
  const entries = new Map();
  const owners = new Map();
  for (const file of sourceFiles) {
    const worker = /(?:^|\/)([a-z0-9-]+-worker)\.ts$/.exec(file);
    const name = fixed.get(file) ?? worker?.[1];
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (owner !== undefined) throw new Error(`${file} and ${owner} would both be bundled as ${name}.js`);
    owners.set(name, file);
    entries.set(join(root, file), name);
  }
  return entries;
};
