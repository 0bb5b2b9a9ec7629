import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../src/bundle.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const project = (files: Readonly<Record<string, string>>): string => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tidemark-bundle-')));
  made.push(root);
  for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(modules, join(root, 'node_modules'));
  return root;
};

const runNode = (root: string, path: string): string =>
  execFileSync(process.execPath, [join(root, path)], { encoding: 'utf8', cwd: tmpdir() });

const PROGRAM = {
  'src/cli/main.ts': `
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    import { Worker } from 'node:worker_threads';
    import { hashInThread } from '../engine/local/hash.ts';
    const { word } = await import('./commands/word.ts');
    const data = readFileSync(new URL('../../data.txt', import.meta.url), 'utf8');
    const engine = fileURLToPath(new URL('../engine/main.ts', import.meta.url));
    console.log(word, data, await hashInThread('abc'), execFileSync(process.execPath, [engine], { encoding: 'utf8' }));`,
  'src/cli/commands/word.ts': `
    import { readFileSync } from 'node:fs';
    export const word = readFileSync(new URL('./word.sql', import.meta.url), 'utf8');`,
  'src/cli/commands/word.sql': 'SELECT \'a\' || "b" -- `c` ${d}\n',
  'src/engine/main.ts':
    "import { hashInThread } from './local/hash.ts';\nconsole.log(await hashInThread('engine'));",
  'src/engine/local/hash.ts': `
    import { Worker } from 'node:worker_threads';
    export const hashInThread = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { workerData: text });
        worker.on('message', resolve).on('error', reject);
      });`,
  'src/engine/local/hash-worker.ts': `
    import { parentPort, workerData } from 'node:worker_threads';
    parentPort?.postMessage('hash of ' + workerData);`,
  'data.txt': 'data',
};

test('a bundled program says what the unbundled one says, its threads, processes and SQL included', async () => {
  const root = project(PROGRAM);
  const before = runNode(root, 'src/cli/main.ts');
  assert.match(before, /SELECT.*data hash of abc hash of engine/s);
  assert.deepEqual([...(await bundle(root))].sort(), ['cli', 'engine', 'hash-worker']);
  for (const gone of ['word.sql', 'word.ts']) rmSync(join(root, 'src/cli/commands', gone));
  assert.equal(runNode(root, 'out/cli.js'), before);
});

test('what is imported at need stays in a file of its own', async () => {
  const root = project({
    'src/cli/main.ts': "if (process.argv[2] === 'x') await import('./big.ts');",
    'src/cli/big.ts': 'console.log("the big part");',
  });
  await bundle(root);
  const output = readdirSync(join(root, 'out')).filter((name) => name.endsWith('.js'));
  assert.equal(output.length, 2);
  assert.equal(runNode(root, 'out/cli.js'), '');
});

test('packages that call require from inside a bundle work', async () => {
  const root = project({
    'server-stub/main.ts': `
      import { fastify } from 'fastify';
      import { Agent } from 'undici';
      const app = fastify();
      const schema = { querystring: { type: 'object', properties: { n: { type: 'integer' } } } };
      app.get('/', { schema }, async (request) => request.query);
      console.log((await app.inject('/?n=5')).body, typeof Agent);
      await app.close();`,
  });
  await bundle(root);
  assert.equal(runNode(root, 'out/server.js'), '{"n":5} function\n');
});

test('a program whose sources do not exist yet is left out', async () => {
  const root = project({ 'src/protocol/a.ts': 'export const a = 1;' });
  assert.deepEqual(await bundle(root), []);
});

test('a broken source leaves the last good bundle in place', async () => {
  const root = project({ 'src/cli/main.ts': "console.log('good');" });
  await bundle(root);
  writeFileSync(join(root, 'src/cli/main.ts'), 'new URL(process.cwd(), import.meta.url);');
  await assert.rejects(bundle(root, 'silent'), /has to be a literal/);
  assert.equal(runNode(root, 'out/cli.js'), 'good\n');
  assert.deepEqual(readdirSync(join(root, 'out')).sort(), ['.builds.json', 'cli.js', 'cli.js.map']);
});

test('a chunk of an older bundle outlives it for a day, for engines that still run', async () => {
  const root = project({
    'src/cli/main.ts': "await import('./part.ts');",
    'src/cli/part.ts': 'console.log(1);',
  });
  const chunks = () => readdirSync(join(root, 'out')).filter((name) => /^chunk-.*\.js$|^part/.test(name));
  await bundle(root);
  const [old = ''] = chunks();
  writeFileSync(join(root, 'src/cli/part.ts'), 'console.log(2);');
  await bundle(root);
  assert.ok(chunks().includes(old));
  const longAgo = Date.now() / 1000 - 3 * 86_400;
  utimesSync(join(root, 'out', old), longAgo, longAgo);
  await bundle(root);
  assert.ok(!chunks().includes(old));
  assert.equal(runNode(root, 'out/cli.js'), '2\n');
});

test('chunks of older bundles do not pile up: only those of the last builds are kept', async () => {
  const root = project({
    'src/cli/main.ts': "await import('./part.ts');",
    'src/cli/part.ts': 'console.log(0);',
  });
  const chunks = () => readdirSync(join(root, 'out')).filter((name) => /^(?:chunk-|part).*\.js$/.test(name));
  for (let build = 1; build <= 12; build += 1) {
    writeFileSync(join(root, 'src/cli/part.ts'), `console.log(${build});`);
    await bundle(root);
  }
  assert.equal(runNode(root, 'out/cli.js'), '12\n');
  assert.equal(chunks().length, 8);
});
