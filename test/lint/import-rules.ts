import { posix } from 'node:path';
import { importsOf, lineAt } from './source-text.ts';
import { isIn, type SourceFile, type Violation } from './violation.ts';

/**
 * Who may import whom, besides itself. The order is the one data takes: an import only points up. The ipc
 * contract and the native parts stand above the engine, which implements the one and calls the other.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/protocol': [],
  'src/core': ['src/protocol'],
  'src/ipc': ['src/protocol', 'src/core'],
  'native-helpers': [],
  'src/engine': ['src/protocol', 'src/core', 'src/ipc', 'native-helpers'],
  'src/main': ['src/protocol', 'src/core', 'src/ipc', 'native-helpers', 'src/engine', 'src/cli'],
  'src/preload': ['src/protocol', 'src/core', 'src/ipc'],
  'src/renderer': ['src/protocol', 'src/core', 'src/ipc'],
  'src/cli': ['src/protocol', 'src/core', 'src/ipc', 'native-helpers', 'src/engine', 'server-stub'],
  'server-stub': ['src/protocol', 'src/core'],
};

const layerOf = (path: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((layer) => isIn(path, layer));

const target = (file: SourceFile, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(file.path), specifier));

const checkDirection = (file: SourceFile): readonly Violation[] => {
  const layer = layerOf(file.path);
  if (layer === undefined) return [];
  const allowed = [layer, ...(MAY_IMPORT[layer] ?? [])];
  return importsOf(file.lexed)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .filter(({ specifier }) => !isIn(target(file, specifier), ...allowed))
    .map(({ specifier, line }) => ({
      rule: 'import-direction',
      path: file.path,
      line,
      message: `${layer} must not import ${target(file, specifier)}`,
    }));
};

const PURE_FOLDERS = ['src/protocol', 'src/core'];
const PURE_PACKAGES = /^typebox(?:\/|$)/;

const checkPureImports = (file: SourceFile): readonly Violation[] =>
  isIn(file.path, ...PURE_FOLDERS)
    ? importsOf(file.lexed)
        .filter(({ specifier }) => !specifier.startsWith('.') && !PURE_PACKAGES.test(specifier))
        .map(({ specifier, line }) => ({
          rule: 'pure-imports',
          path: file.path,
          line,
          message: `a pure folder must not import ${specifier}`,
        }))
    : [];

const EFFECT_MODULES =
  /^(?:node:)?(?:fs|net|tls|dgram|dns|http|https|http2|child_process|crypto|timers|perf_hooks)(?:\/|$)|^(?:undici|chokidar)(?:\/|$)/;

/** Where the engine touches the world: behind the Environment, in worker threads and in the wiring. */
const EFFECT_FILES = [
  /^src\/engine\/environment\//,
  /^src\/engine\/(?:[a-z-]+\/)?node-[^/]+\.ts$/,
  /^src\/engine\/local\/[^/]+-worker\.ts$/,
  /^src\/engine\/main\.ts$/,
];

export const isBoundToEnvironment = (path: string): boolean =>
  isIn(path, 'src/engine') && !EFFECT_FILES.some((pattern) => pattern.test(path));

const SQL_TEXT =
  /readFileSync\(\s*new URL\(\s*(['"])[^'"\n]+\.sql\1\s*,\s*import\.meta\.url\s*\)\s*,\s*(['"])utf-?8\2\s*,?\s*\)/g;

/** SQL is part of the program, only kept in files of its own: reading it is no effect. */
const readsOnlySql = (file: SourceFile, specifier: string, clause: string): boolean => {
  if (specifier !== 'node:fs' || !/^\{\s*readFileSync,?\s*\}$/.test(clause)) return false;
  const uses = file.lexed.bare.match(/\breadFileSync\s*\(/g) ?? [];
  return uses.length === (file.lexed.code.match(SQL_TEXT) ?? []).length;
};

const checkEnvironment = (file: SourceFile): readonly Violation[] =>
  isBoundToEnvironment(file.path)
    ? importsOf(file.lexed)
        .filter(({ specifier }) => EFFECT_MODULES.test(specifier))
        .filter(({ specifier, clause }) => !readsOnlySql(file, specifier, clause))
        .map(({ specifier, line }) => ({
          rule: 'environment-only',
          path: file.path,
          line,
          message: `${specifier} has to be reached through the Environment`,
        }))
    : [];

const checkDatabase = (file: SourceFile): readonly Violation[] =>
  isIn(file.path, 'src/engine') && !isIn(file.path, 'src/engine/state')
    ? importsOf(file.lexed)
        .filter(({ specifier }) => /^(?:better-sqlite3|node:sqlite)(?:\/|$)/.test(specifier))
        .map(({ specifier, line }) => ({
          rule: 'database-in-state',
          path: file.path,
          line,
          message: `only src/engine/state may import ${specifier}`,
        }))
    : [];

/** What the bundler leaves to Node (`EXTERNAL` in src/bundle.ts), Node's own modules, and our own files. */
const LOADED_BY_NODE = /^(?:\.|node:|better-sqlite3$|@napi-rs\/blake-hash$|blake3$|chokidar$)/;
const AWAITED = /\bawait\s+import\s*\(\s*(['"`])([^'"`\n]+)\1/g;

/** A CommonJS package that is bundled and imported at need has no named exports, unlike under Node. */
const checkAwaited = (file: SourceFile): readonly Violation[] =>
  isIn(file.path, 'src', 'server-stub') && !file.path.endsWith('.mjs')
    ? [...file.lexed.code.matchAll(AWAITED)]
        .filter((hit) => !LOADED_BY_NODE.test(hit[2] ?? ''))
        .map((hit) => ({
          rule: 'bundled-import',
          path: file.path,
          line: lineAt(file.lexed.code, hit.index),
          message: `import a file at need that imports ${hit[2]} statically: bundled, the names would be undefined`,
        }))
    : [];

/** Every rule about what a source names. */
export const checkImports = (files: readonly SourceFile[]): readonly Violation[] =>
  files.flatMap((file) => [
    ...checkDirection(file),
    ...checkPureImports(file),
    ...checkEnvironment(file),
    ...checkDatabase(file),
    ...checkAwaited(file),
  ]);
