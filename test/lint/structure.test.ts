import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTree } from './read-tree.ts';
import { checkStructure } from './structure.ts';
import { describeViolation, type TreeFile } from './violation.ts';

/** Adds the READMEs that every folder needs, so that a case shows nothing but its own rule. */
const tree = (files: Readonly<Record<string, string>>): readonly TreeFile[] => {
  const named = Object.entries(files).map(([path, text]) => ({ path, text }));
  const folders = new Set(named.map(({ path }) => path.split('/').slice(0, -1).join('/')));
  const readmes = [...folders].map((folder) => ({ path: `${folder}/README.md`, text: '# A folder\n' }));
  return [...named, ...readmes.filter(({ path }) => !(path in files))];
};

const broken = (files: Readonly<Record<string, string>>): readonly string[] => [
  ...new Set(checkStructure(tree(files)).map(({ rule }) => rule)),
];

const accepts = (files: Readonly<Record<string, string>>) =>
  assert.deepEqual(checkStructure(tree(files)).map(describeViolation), []);

const lines = (count: number): string => 'export {};\n'.repeat(count);

test('an import that points down the order of layers is found', () => {
  const down = [
    ['src/protocol/a.ts', '../core/b.ts'],
    ['src/core/tree/a.ts', '../../engine/b.ts'],
    ['src/core/a.ts', '../ipc/b.ts'],
    ['src/ipc/a.ts', '../engine/b.ts'],
    ['src/engine/a.ts', '../cli/b.ts'],
    ['src/engine/a.ts', '../../server-stub/b.ts'],
    ['src/renderer/a.ts', '../engine/b.ts'],
    ['src/cli/a.ts', '../main/b.ts'],
    ['src/cli/a.ts', '../bundle.ts'],
    ['server-stub/a.ts', '../src/engine/b.ts'],
    ['server-stub/routes/a.ts', '../../src/cli/b.ts'],
    ['src/engine/a.ts', '../../test/b.ts'],
  ] as const;
  for (const [path, specifier] of down) {
    assert.deepEqual(
      broken({ [path]: `import { b } from '${specifier}';` }),
      ['import-direction'],
      path + specifier,
    );
  }
});

test('an import that points up the order of layers is accepted', () => {
  accepts({
    'src/core/tree/a.ts':
      "import type { Id } from '../../protocol/ids.ts';\nimport { b } from '../names/b.ts';",
    'src/engine/a.ts': "import { c } from '../ipc/c.ts';\nexport { d } from '../../native-helpers/d.ts';",
    'src/cli/a.ts': "await import('../engine/start.ts');\nawait import('../../server-stub/start.ts');",
    'server-stub/a.ts': "import { x } from '../src/core/x.ts';",
    'test/core/a.ts': "import { x } from '../../src/cli/x.ts';",
  });
});

test('every way to name a module is seen: type-only, re-exported, for its effect, dynamic, over several lines', () => {
  for (const text of [
    "import type { E } from '../engine/e.ts';",
    "export * from '../engine/e.ts';",
    "export { e } from '../engine/e.ts';",
    "import '../engine/e.ts';",
    "const e = await import('../engine/e.ts');",
    "type E = import('../engine/e.ts').E;",
    "import {\n  e,\n  // a comment\n  f,\n} from '../engine/e.ts';",
  ]) {
    assert.deepEqual(broken({ 'src/core/a.ts': text }), ['import-direction'], text);
  }
});

test('imports in comments and in strings are none', () => {
  accepts({
    'src/core/a.ts': [
      "// import { e } from '../engine/e.ts';",
      "/* import '../engine/e.ts'; */",
      'const text = "import { e } from \'../engine/e.ts\'";',
      `const more = \`\${text} import '../engine/e.ts'\`;`,
    ].join('\n'),
  });
});

test('a pure folder that imports Node or a package other than typebox is found', () => {
  for (const name of ['node:fs', 'node:crypto', 'node:path', 'fs', 'undici', 'better-sqlite3', 'blake3']) {
    assert.deepEqual(broken({ 'src/core/a.ts': `import { x } from '${name}';` }), ['pure-imports'], name);
    assert.deepEqual(broken({ 'src/protocol/a.ts': `import { x } from '${name}';` }), ['pure-imports'], name);
  }
  accepts({ 'src/protocol/a.ts': "import { Type } from 'typebox';\nimport { Check } from 'typebox/value';" });
});

test('clock, chance, timers and other effects in a pure folder are found', () => {
  for (const text of [
    'const now = Date.now();',
    'const now = new Date();',
    'const dice = Math.random();',
    'setTimeout(act, 5);',
    'setInterval(act, 5);',
    'setImmediate(act);',
    'const wait = setTimeout;',
    'const id = crypto.randomUUID();',
    'const where = process.platform;',
    'const all = globalThis;',
    'const t = performance.now();',
    'await fetch(url);',
    "console.log('x');",
    'const here = import.meta.url;',
    `const text = \`at \${Date.now()}\`;`,
  ]) {
    assert.deepEqual(broken({ 'src/core/a.ts': text }), ['pure-code'], text);
  }
});

test('what only looks like an effect is accepted in a pure folder', () => {
  accepts({
    'src/core/a.ts': [
      '// Date.now() and Math.random() stay outside.',
      "const text = 'process.exit and Date.now()';",
      'const when = new Date(millis);',
      'const next = clock.setTimeout(5);',
      'interface Timers { setTimeout: (act: Act) => void }',
      'const step = batch.process.name;',
      'const match = /Math.random\\(\\)/.test(text);',
      'const max = Math.max(1, 2) / Math.min(1, 2);',
    ].join('\n'),
  });
});

test('an effect in the engine that does not go through the Environment is found', () => {
  for (const name of [
    'node:fs',
    'node:fs/promises',
    'node:net',
    'node:http',
    'node:https',
    'node:http2',
    'node:child_process',
    'node:crypto',
    'node:timers/promises',
    'undici',
    'chokidar',
  ]) {
    assert.deepEqual(
      broken({ 'src/engine/local/scan.ts': `import { x } from '${name}';` }),
      ['environment-only'],
      name,
    );
  }
  for (const text of [
    'Date.now();',
    'Math.random();',
    'setTimeout(act);',
    'setInterval(act);',
    'performance.now();',
  ]) {
    assert.deepEqual(broken({ 'src/engine/executor/a.ts': text }), ['environment-only'], text);
  }
});

test('the files that implement the Environment may have effects', () => {
  const text = "import { open } from 'node:fs/promises';\nexport const at = Date.now();";
  accepts({
    'src/engine/local/node-disk.ts': text,
    'src/engine/remote/node-transport.ts': text,
    'src/engine/environment/clock.ts': text,
    'src/engine/local/hash-worker.ts': text,
    'src/engine/main.ts': text,
  });
});

test('the engine opens databases in src/engine/state only', () => {
  const text = "import Database from 'better-sqlite3';";
  accepts({ 'src/engine/state/open.ts': text });
  assert.deepEqual(broken({ 'src/engine/local/a.ts': text }), ['database-in-state']);
});

test('the engine may read SQL beside its source, and nothing else by the same import', () => {
  const sql = "const sql = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');\n";
  const from = "import { readFileSync } from 'node:fs';\n";
  accepts({ 'src/engine/state/a.ts': from + sql });
  for (const text of [
    `${from}${sql}readFileSync(path);`,
    `${from}const text = readFileSync(new URL('./list.txt', import.meta.url), 'utf8');`,
    `import { readFileSync, rmSync } from 'node:fs';\n${sql}`,
  ]) {
    assert.deepEqual(broken({ 'src/engine/state/a.ts': text }), ['environment-only'], text);
  }
});

test('a bundled package that is imported at need is found, because its names would be undefined', () => {
  const text = "const { fastify } = await import('fastify');";
  assert.deepEqual(broken({ 'server-stub/a.ts': text }), ['bundled-import']);
  accepts({
    'server-stub/a.ts': "await import('./b.ts');\nawait import('better-sqlite3');\nawait import('node:fs');",
    'test/server/a.test.ts': text,
  });
});

test('a file over 500 lines is found wherever code lives', () => {
  const short = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`src/core/s${index}.ts`, lines(9)]),
  );
  for (const path of [
    'src/core/long.ts',
    'server-stub/long.ts',
    'test/core/long.test.ts',
    'native-helpers/long.cc',
  ]) {
    assert.deepEqual(broken({ ...short, [path]: lines(501) }), ['file-size'], path);
    accepts({ ...short, [path]: lines(500) });
  }
});

test('too many long files are found: one in ten over 300 lines, or half of them over 100', () => {
  const sizes = (counts: readonly number[]) =>
    Object.fromEntries(counts.map((count, index) => [`src/core/f${index}.ts`, lines(count)]));
  const nine = Array.from({ length: 8 }, () => 50);
  accepts(sizes([...nine, 300, 400]));
  assert.deepEqual(broken(sizes([...nine, 301, 400])), ['file-size']);
  accepts(sizes([90, 100, 150]));
  assert.deepEqual(broken(sizes([90, 101, 150])), ['file-size']);
  accepts({ ...sizes([90]), 'test/a/long.test.ts': lines(400), 'test/a/longer.test.ts': lines(450) });
});

test('a name that says nothing is found, and native-helpers is the one exception', () => {
  for (const path of [
    'src/core/utils.ts',
    'src/core/utils/a.ts',
    'server-stub/helpers/a.ts',
    'test/common.ts',
    'test/a/helpers.test.ts',
    'src/engine/sync-manager.ts',
    'src/native-helpers/a.ts',
  ]) {
    assert.deepEqual(broken({ [path]: '' }), ['names'], path);
  }
  accepts({
    'native-helpers/disk/a.ts': '',
    'src/core/common-prefix.ts': '',
    'src/engine/native-helper.ts': '',
  });
});

test('a name that is not in kebab-case is found', () => {
  for (const path of ['src/core/scanTree.ts', 'src/core/Tree.ts', 'src/core/scan_tree.ts', 'src/My/a.ts']) {
    assert.deepEqual(broken({ [path]: '' }), ['names'], path);
  }
  accepts({ 'src/core/scan-tree.test.ts': '', 'src/engine/state/001-first.sql': '', 'src/core/b2.ts': '' });
});

test('a folder with code and without README, and a README over 20 lines, are found', () => {
  const alone = [{ path: 'src/core/tree/a.ts', text: '' }];
  assert.deepEqual(
    checkStructure(alone).map(({ rule, path }) => `${rule} ${path}`),
    ['readme src/core/tree'],
  );
  assert.deepEqual(broken({ 'src/core/a.ts': '', 'src/core/README.md': 'x\n'.repeat(21) }), ['readme']);
  accepts({ 'src/core/a.ts': '', 'src/core/README.md': 'x\n'.repeat(20) });
});

test('a default export is found', () => {
  for (const text of ['export default 5;', 'const a = 1;\nexport { a as default };']) {
    assert.deepEqual(broken({ 'src/core/a.ts': text }), ['named-exports'], text);
  }
  accepts({ 'src/core/a.ts': "const text = 'export default 5';\n// export default 5" });
  accepts({ 'test/e2e/tool.config.ts': 'export default 5;' });
});

test('a path of the machine something was written on is found in any file', () => {
  const folder = `/${'work'}/`;
  for (const text of [`see ${folder}main/x.ts`, `'${folder}x'`, `a .${'library'}/list`]) {
    assert.deepEqual(broken({ 'docs/notes.md': text }), ['machine-path'], text);
  }
  accepts({ 'docs/notes.md': `home${folder}x and ~${folder}y and ./out${folder}z` });
});

test('a test that is switched off without an issue, or focused at all, is found', () => {
  for (const text of [
    "test.skip('x', () => {});",
    "test.todo('x');",
    "test('x', { skip: true }, () => {});",
    "test('x', { todo: 'later' }, () => {});",
    "test.only('x', () => {}); // #12",
    "test('x', { only: true }, () => {});",
    "test('x', (t) => {\n  act();\n  t.skip('because');\n});",
  ]) {
    assert.deepEqual(broken({ 'test/core/a.test.ts': text }), ['skipped-test'], text);
  }
  accepts({
    'test/core/a.test.ts': [
      "test.skip('x', () => {}); // #12",
      '// See #13.',
      "test.todo('y');",
      "test('z', { skip: isRoot ? false : 'needs root' }, (t) => {",
      "  if (!mounted) t.skip('no such file system here');",
      '});',
    ].join('\n'),
  });
});

test('this repository keeps its own rules', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const found = checkStructure(readTree(root)).map(describeViolation);
  assert.deepEqual(found, []);
});
