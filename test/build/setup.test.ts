import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const setupScript = fileURLToPath(new URL('../../src/setup.mjs', import.meta.url));
const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const ONE = { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' } };
const LOCK = JSON.stringify({
  packages: {
    '': { name: 'p' },
    ...ONE,
    'node_modules/elsewhere': { version: '1.0.0', optional: true, os: ['plan9'] },
  },
});
/** What npm leaves behind of it on a machine that is not plan9. */
const INSTALLED = JSON.stringify({ packages: ONE });

/** Writes down what it is called with; npm also leaves what npm leaves. */
const recorder = (name: string, more = '') => `
  const fs = require('node:fs');
  fs.appendFileSync('calls.txt', ${JSON.stringify(name)} + ' ' + process.argv.slice(2).join(' ') + '\\n');
  ${more}`;
const FAKE_NPM = recorder(
  'npm',
  `fs.mkdirSync('node_modules/one', { recursive: true });
  fs.writeFileSync('node_modules/one/package.json', '{}');
  fs.writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(INSTALLED)});`,
);

/** A project whose tools only write down that they were called. */
const project = (files: Readonly<Record<string, string>> = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'tidemark-setup-'));
  made.push(root);
  const all = {
    'package.json': '{}',
    'package-lock.json': LOCK,
    'fake/npm.js': FAKE_NPM,
    'fake/package.json': '{"type":"commonjs"}',
    'src/package.json': '{"type":"commonjs"}',
    'src/bundle.ts': recorder('bundle'),
    'src/core/a.ts': 'export const a = 1;',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  cpSync(setupScript, join(root, 'src', 'setup.mjs'));
  const env = { ...process.env, npm_execpath: join(root, 'fake', 'npm.js'), TIDEMARK_NO_APT: '1' };
  const setup = (path = process.env['PATH']) => {
    rmSync(join(root, 'calls.txt'), { force: true });
    const args = [join(root, 'src', 'setup.mjs')];
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { ...env, PATH: path },
      encoding: 'utf8',
    });
    const calls = existsSync(join(root, 'calls.txt')) ? readFileSync(join(root, 'calls.txt'), 'utf8') : '';
    return { status, stderr, calls: calls.split('\n').flatMap((line) => line.split(' ')[0] || []) };
  };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return { root, env, setup, write };
};

test('a fresh clone is installed and bundled once, and then nothing is started', () => {
  const { setup } = project();
  assert.deepEqual(setup(), {
    status: 0,
    stderr: 'Installing the dependencies (npm ci) …\n',
    calls: ['npm', 'bundle'],
  });
  assert.deepEqual(setup(), { status: 0, stderr: '', calls: [] });
});

test('an edited source is bundled again, a new lock file installed again', () => {
  const { setup, write } = project();
  setup();
  write('src/core/a.ts', 'export const a = 22;');
  assert.deepEqual(setup().calls, ['bundle']);
  write('package-lock.json', LOCK.replaceAll('1.0.0', '1.0.1'));
  assert.deepEqual(setup().calls, ['npm', 'bundle']);
  assert.deepEqual(setup().calls, []);
});

test('what npm installed by hand, just as locked, is not installed again', () => {
  const { setup, write } = project();
  write('node_modules/.package-lock.json', INSTALLED);
  write('node_modules/one/package.json', '{}');
  assert.deepEqual(setup().calls, ['bundle']);
});

test('a package that is missing from the folder, or differs, is installed', () => {
  const missing = project({ 'node_modules/.package-lock.json': INSTALLED });
  assert.deepEqual(missing.setup().calls, ['npm', 'bundle']);
  const other = project({
    'node_modules/.package-lock.json': INSTALLED.replace('sha512-one', 'sha512-two'),
    'node_modules/one/package.json': '{}',
  });
  assert.deepEqual(other.setup().calls, ['npm', 'bundle']);
});

test('a half-written record of npm counts as not installed', () => {
  const { setup } = project({ 'node_modules/.package-lock.json': INSTALLED.slice(0, 40) });
  assert.deepEqual(setup().calls, ['npm', 'bundle']);
});

test('the native parts are built when their sources change, and not when they cannot be', () => {
  const { setup, write } = project({ 'native-helpers/build.mjs': recorderModule('native') });
  assert.deepEqual(setup().calls, ['npm', 'native', 'bundle']);
  assert.deepEqual(setup().calls, []);
  write('native-helpers/disk/disk.cc', '// changed');
  assert.deepEqual(setup().calls, ['native']);
  write('native-helpers/build.mjs', 'process.exit(1);');
  const failed = setup();
  assert.equal(failed.status, 0);
  assert.match(failed.stderr, /JavaScript fallbacks are used/);
});

function recorderModule(name: string): string {
  return `import fs from 'node:fs';\nfs.appendFileSync('calls.txt', '${name} \\n');`;
}

test('a failed install or bundle ends the setup with one sentence, and the next one tries again', () => {
  const { setup, write } = project({ 'fake/npm.js': recorder('npm', 'process.exit(7);') });
  const failed = setup();
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /The dependencies could not be installed/);
  write('fake/npm.js', FAKE_NPM);
  write('src/bundle.ts', 'process.exit(1);');
  assert.match(setup().stderr, /The sources could not be bundled/);
  write('src/bundle.ts', recorder('bundle'));
  assert.deepEqual(setup().calls, ['bundle']);
});

test('without npm, and without a lock file, setup says so', () => {
  const bare = project();
  rmSync(join(bare.root, 'fake', 'npm.js'));
  assert.match(bare.setup('').stderr, /npm was not found in PATH/);
  const torn = project();
  rmSync(join(torn.root, 'package-lock.json'));
  assert.match(torn.setup().stderr, /not a whole checkout/);
});

test('a missing compiler is installed as root on Debian, and its absence ends nothing', (t) => {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return t.skip('needs root on Debian');
  const { root, env, write } = project({ 'native-helpers/build.mjs': recorderModule('native') });
  write('tools/apt-get', `#!/bin/sh\necho "apt $*" >> ${root}/calls.txt\nexit 100\n`);
  chmodSync(join(root, 'tools', 'apt-get'), 0o755);
  // No g++ in this PATH, and /bin/sh is named by its whole path.
  const options = {
    env: { ...env, TIDEMARK_NO_APT: '', PATH: join(root, 'tools') },
    encoding: 'utf8',
  } as const;
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'src', 'setup.mjs')], options);
  assert.equal(status, 0);
  assert.match(stderr, /compiler could not be installed/);
  assert.match(
    readFileSync(join(root, 'calls.txt'), 'utf8'),
    /apt install -y.* g\+\+\napt update.*\napt install.*\nnative/,
  );
});

test('setups that start together install once', async () => {
  const slow = FAKE_NPM.replace(
    'const fs',
    'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);\nconst fs',
  );
  const { root, env } = project({ 'fake/npm.js': slow });
  const start = () =>
    new Promise((resolve) => {
      spawn(process.execPath, [join(root, 'src', 'setup.mjs')], { env, stdio: 'ignore' }).on(
        'close',
        resolve,
      );
    });
  assert.deepEqual(await Promise.all([start(), start(), start()]), [0, 0, 0]);
  const calls = readFileSync(join(root, 'calls.txt'), 'utf8').match(/^\w+/gm);
  assert.deepEqual(calls, ['npm', 'bundle']);
});

test('a lock that a killed setup left behind is taken over', () => {
  const { setup, write } = project();
  const dead = spawnSync(process.execPath, ['-e', '']);
  write('out/.setup-lock', String(dead.pid));
  assert.equal(setup().status, 0);
});
