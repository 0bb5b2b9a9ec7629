import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const TELL =
  'console.log(JSON.stringify([process.version, ...process.argv.slice(2)])); process.exitCode = 7;';

/** A clone in a folder whose name needs quoting. */
const clone = (files: Readonly<Record<string, string>>, withModules = true): string => {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'tidemark-bin-'))), "it's a clone");
  made.push(dirname(root));
  for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  cpSync(here('../../bin/tidemark'), join(root, 'bin', 'tidemark'));
  if (withModules) symlinkSync(here('../../node_modules'), join(root, 'node_modules'));
  return root;
};

const call = (command: string, args: readonly string[], cwd: string, path = process.env['PATH']) =>
  spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, PATH: path } });

test('the launcher hands over every argument and the exit code, from any folder', () => {
  const root = clone({ 'out/cli.js': TELL });
  const args = ['status', '--state', 'a b', "it's", '', '*'];
  for (const [command, cwd] of [
    [join(root, 'bin/tidemark'), '/'],
    ['./bin/tidemark', root],
    ['./tidemark', join(root, 'bin')],
    ['../bin/tidemark', join(root, 'out')],
  ] as const) {
    const { stdout, stderr, status } = call(command, args, cwd);
    assert.deepEqual(JSON.parse(stdout), [process.version, ...args], stderr);
    assert.equal(status, 7);
  }
});

test('the launcher is found through links, relative and absolute, and through PATH', () => {
  const root = clone({ 'out/cli.js': TELL });
  const links = join(dirname(root), 'links');
  mkdirSync(links);
  symlinkSync(join(root, 'bin/tidemark'), join(links, 'absolute'));
  symlinkSync("../it's a clone/bin/tidemark", join(links, 'relative'));
  symlinkSync('relative', join(links, 'twice'));
  for (const name of ['absolute', 'relative', 'twice']) {
    assert.equal(call(join(links, name), [], '/').status, 7, name);
    assert.equal(call(name, [], '/', `${links}:${process.env['PATH']}`).status, 7, name);
  }
});

test('a clone without bundles is set up first, which says what it does on stderr only', () => {
  const root = clone({
    'src/setup.mjs': `
      import { mkdirSync, writeFileSync } from 'node:fs';
      console.log('setting up');
      mkdirSync(new URL('../out', import.meta.url));
      writeFileSync(new URL('../out/cli.js', import.meta.url), ${JSON.stringify(TELL)});`,
  });
  const first = call(join(root, 'bin/tidemark'), ['x'], '/');
  assert.deepEqual(JSON.parse(first.stdout), [process.version, 'x']);
  assert.equal(first.stderr, 'setting up\n');
  assert.equal(call(join(root, 'bin/tidemark'), [], '/').stderr, '');
});

test('a setup that fails, or makes no command line, ends the launcher', () => {
  const failing = clone({ 'src/setup.mjs': 'process.exit(3);' });
  assert.equal(call(join(failing, 'bin/tidemark'), [], '/').status, 1);
  const idle = call(join(clone({ 'src/setup.mjs': '' }), 'bin/tidemark'), [], '/');
  assert.equal(idle.status, 1);
  assert.match(idle.stderr, /^tidemark: setup made no out\/cli\.js.*\n$/);
});

test('without the Node of the project, one in PATH serves when it is new enough', () => {
  const root = clone({ 'out/cli.js': TELL }, false);
  const tools = join(dirname(root), 'tools');
  mkdirSync(tools);
  const command = join(root, 'bin/tidemark');
  assert.match(call(command, [], '/', tools).stderr, /^tidemark: needs Node 24 or newer.*\n$/);
  writeFileSync(join(tools, 'node'), '#!/bin/sh\necho 20\n', { mode: 0o755 });
  assert.match(call(command, [], '/', tools).stderr, /^tidemark: needs Node 24 or newer.*\n$/);
  rmSync(join(tools, 'node'));
  symlinkSync(process.execPath, join(tools, 'node'));
  assert.equal(call(command, [], '/', tools).status, 7);
});

test('without any Node, a clone without bundles says what to install', () => {
  const root = clone({});
  rmSync(join(root, 'node_modules'));
  const { status, stderr } = call(join(root, 'bin/tidemark'), [], '/', dirname(root));
  assert.equal(status, 1);
  assert.match(stderr, /^tidemark: Node\.js was not found.*\n$/);
});
