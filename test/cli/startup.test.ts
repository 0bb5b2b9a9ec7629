import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that is loaded with a source, without what it loads on use; types cost nothing. */
function loadedWith(sources: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(join(root, path), 'utf8');
    for (const [, types, from] of text.matchAll(
      /^(?:import|export)\s+(type\s)?(?:[^'";]*\sfrom\s)?'([^']+)';/gm,
    )) {
      if (types !== undefined || from === undefined) continue;
      if (from.startsWith('.')) visit(relative(root, join(root, dirname(path), from)));
      else seen.add(from);
    }
  };
  for (const source of sources) visit(source);
  return seen;
}

test('"tidemark status" loads nothing that takes time to load', () => {
  const loaded = loadedWith(['src/cli/main.ts', 'src/cli/run-cli.ts', 'src/cli/verb-live.ts']);
  assert.ok(loaded.has('src/ipc/node-control-client.ts'), 'the imports were followed');
  const packages = [...loaded].filter((name) => !name.startsWith('src/') && !name.startsWith('node:'));
  assert.deepEqual(packages, []);
  assert.deepEqual(
    [...loaded].filter((name) => name.startsWith('src/engine/') || name.startsWith('server-stub/')),
    [],
  );
});

const run = (words: readonly string[], input = '') =>
  spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), ...words], { input, encoding: 'utf8' });

test('the process ends with the exit code of the verb, and its words on the right streams', () => {
  const version = run(['--version']);
  assert.equal(version.status, 0);
  assert.match(version.stdout, /^tidemark \d+\.\d+\.\d+\n$/);
  const wrong = run(['statsu']);
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /There is no verb "statsu"/);
});

test('a reader that has seen enough is no error', () => {
  const command = `'${process.execPath}' '${join(root, 'src/cli/main.ts')}' --help | true; exit "\${PIPESTATUS[0]}"`;
  const piped = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
  assert.deepEqual([piped.status, piped.stderr], [0, '']);
});
