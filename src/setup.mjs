// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes a clone ready to run: dependencies, native parts, bundles. Runs under the system's Node (18 or newer)
 * before anything is installed, so it uses nothing but Node itself. Each step has a stamp that names what it
 * was done for; when all fit, nothing is started.
 *
 *   --app                    the app is to be opened too: an Electron, and the libraries it needs
 *   --test                   and driven without a display: what that takes
 *   --force                  do every step again
 *   TIDEMARK_NO_APT=1        never install packages of the system
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const outFolder = join(root, 'out');
const stamps = {
  install: join(modules, '.tidemark-install'),
  native: join(outFolder, '.native-stamp'),
  bundle: join(outFolder, '.bundle-stamp'),
  system: join(outFolder, '.system-stamp'),
};

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** @type {(line: string) => never} */
const fail = (line) => {
  say(line);
  unlock();
  process.exit(1);
};

/** @param {string} path */
const readText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** @param {unknown} error */
const codeOf = (error) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** @param {string[]} parts */
const digest = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex');

/**
 * Where `name` is in PATH, or undefined.
 * @param {string} name
 */
const inPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });

/**
 * Size and time of every file below the folders: enough to notice an edit, and far cheaper than reading.
 * @param {string[]} folders
 * @param {string[]} skip names of folders to leave out
 */
const fingerprint = (folders, skip) => {
  /** @type {string[]} */
  const lines = [];
  /** @param {string} folder */
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skip.includes(entry.name)) walk(path);
      } else if (entry.isFile() && !entry.name.endsWith('.md')) {
        const { size, mtimeMs } = statSync(path);
        lines.push(`${path}:${size}:${mtimeMs}`);
      }
    }
  };
  for (const folder of folders) if (existsSync(folder)) walk(folder);
  return digest(...lines.sort());
};

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });

/** The Node that everything but this script runs under. */
const projectNode = () => {
  /** @type {Record<string, string[]>} */
  const names = {
    linux: [`node-linux-${process.arch}/bin/node`],
    win32: [`node-win-${process.arch}/bin/node.exe`],
  };
  const brought = (names[process.platform] ?? []).map((name) => join(modules, name)).find(existsSync);
  if (brought !== undefined) return brought;
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
};

// --- One setup at a time: two commands started together in a fresh clone must not install into each other.

const lockFile = join(outFolder, '.setup-lock');
let locked = false;

function unlock() {
  if (locked) rmSync(lockFile, { force: true });
  locked = false;
}

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};

/** Whether the process that holds the lock is gone, so that the lock is nobody's. */
const isAbandoned = () => {
  try {
    const owner = Number(readText(lockFile));
    // An empty file is a lock that is just being written, unless its writer died between the two steps.
    return owner > 0 ? !isAlive(owner) : Date.now() - statSync(lockFile).mtimeMs > 10_000;
  } catch {
    return false;
  }
};

const lock = () => {
  mkdirSync(outFolder, { recursive: true });
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let told = false; !locked; ) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      locked = true;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (isAbandoned()) rmSync(lockFile, { force: true });
      else if (!told) say('Another setup is running in this folder; waiting for it.');
      told = true;
      Atomics.wait(sleeper, 0, 0, 200);
    }
  }
};

// --- Dependencies

const lockText = readText(join(root, 'package-lock.json')) ?? '';
const installWanted = digest(lockText, process.platform, process.arch);

/** @param {string | undefined} text */
const parsed = (text) => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

/** npm's own record of what is installed, against the lock file: spares an install made by hand. */
const installedAsLocked = () => {
  const have = parsed(readText(join(modules, '.package-lock.json')))?.packages;
  const want = parsed(lockText)?.packages;
  if (have === undefined || want === undefined) return false;
  /** @param {{ optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} entry */
  const mayBeAbsent = ({ optional, os, cpu, libc }) =>
    optional === true &&
    (os?.includes(process.platform) === false || cpu?.includes(process.arch) === false || libc !== undefined);
  return Object.entries(want).every(([path, wanted]) => {
    if (path === '') return true;
    const found = have[path];
    if (found === undefined) return mayBeAbsent(wanted);
    const present = existsSync(join(root, path, 'package.json'));
    return present && found.version === wanted.version && found.integrity === wanted.integrity;
  });
};

const installDependencies = () => {
  if (lockText === '') fail('package-lock.json is missing: this is not a whole checkout of Tidemark.');
  if (!installedAsLocked()) {
    say('Installing the dependencies (npm ci) …');
    const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
    args.push('--loglevel=error');
    const script = process.env.npm_execpath;
    const started =
      script !== undefined && /\.c?js$/.test(script) && existsSync(script)
        ? run(process.execPath, [script, ...args])
        : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
            shell: process.platform === 'win32',
          });
    if (codeOf(started.error) === 'ENOENT') fail('npm was not found in PATH; it comes with Node.js.');
    if (started.status !== 0) fail('The dependencies could not be installed: npm says why above.');
  }
  writeFileSync(stamps.install, installWanted);
};

// --- Native parts: what cannot be built has a fallback, so nothing here ends the setup.

const compiler = () => ['g++', 'c++', 'clang++'].map(inPath).find((path) => path !== undefined);

const mayUseApt = () =>
  process.getuid?.() === 0 &&
  process.env.TIDEMARK_NO_APT !== '1' &&
  existsSync('/etc/debian_version') &&
  inPath('apt-get') !== undefined;

/**
 * Whether they are installed afterwards.
 * @param {string[]} packages
 */
const aptInstall = (packages) => {
  say(`Installing packages of the system (apt-get install ${packages.join(' ')}) …`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 5 * 60_000 };
  // Another apt may be at work: waiting for it is better than failing.
  const words = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  const install = () => run('apt-get', [...words, ...packages], options).status === 0;
  if (install()) return true;
  run('apt-get', ['update', '-qq'], options);
  return install();
};

const installCompiler = () => {
  if (!mayUseApt() || aptInstall(['g++'])) return;
  say('The compiler could not be installed: the slower JavaScript fallbacks are used.');
};

const nativeFolder = join(root, 'native-helpers');
const nativeScript = join(nativeFolder, 'build.mjs');
const nativeWanted = () =>
  digest(fingerprint([nativeFolder], ['build', 'node_modules']), compiler() ?? 'none', installWanted);

/** @param {string} node */
const buildNative = (node) => {
  if (existsSync(nativeScript)) {
    if (compiler() === undefined) installCompiler();
    const built = run(node, [nativeScript]);
    if (built.status !== 0) say('The native parts were not built: the slower JavaScript fallbacks are used.');
  }
  writeFileSync(stamps.native, nativeWanted());
};

// --- Bundles

/** Each source that has a bundle of its own, and that bundle: a checkout may lack the one as well as the other. */
const BUNDLES = { 'src/cli/main.ts': 'cli.js', 'src/main/main.ts': 'app/main.mjs' };
const bundleIsThere = () =>
  Object.entries(BUNDLES).every(
    ([source, built]) => existsSync(join(outFolder, built)) || !existsSync(join(root, source)),
  );

const bundleWanted = () =>
  digest(fingerprint([join(root, 'src'), join(root, 'server-stub')], []), installWanted);

/** @param {string} node */
const bundleSources = (node) => {
  const wanted = bundleWanted();
  const built = run(node, [join(root, 'src', 'bundle.ts')]);
  if (built.status !== 0) fail('The sources could not be bundled: the reason is above.');
  writeFileSync(stamps.bundle, wanted);
};

// --- The app: Electron, and on Debian what it and its tests need of the system

/** What Electron is linked against, and a keyring's library. */
const APP_PACKAGES = [
  ...['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libxss1', 'libxtst6', 'libdrm2', 'libatspi2.0-0'],
  ...['libsecret-1-0', 'libnotify4', 'libglib2.0-bin'],
];
/** A display, a session bus, a tray, notifications and a keyring that need nobody in front of them; a tracer; file systems. */
const TEST_PACKAGES = [
  ...['xvfb', 'xauth', 'dbus', 'dbus-x11', 'xfce4-panel', 'dunst', 'gnome-keyring', 'libsecret-tools'],
  ...['imagemagick', 'x11-utils', 'strace', 'btrfs-progs', 'ntfs-3g'],
  // Programs that are set to work in synced folders.
  ...['git', 'vim-tiny', 'rsync', 'sqlite3', 'tar', 'sed'],
];

const forTest = process.argv.includes('--test');
const forApp = forTest || process.argv.includes('--app');
const systemPackages = [...(forApp ? APP_PACKAGES : []), ...(forTest ? TEST_PACKAGES : [])];
/** A wish that was fulfilled for the tests is fulfilled for the app. */
const systemWanted = digest(...APP_PACKAGES, ...TEST_PACKAGES);
const systemFits = () => {
  const stamp = readText(stamps.system);
  return !forApp || stamp === `test ${systemWanted}` || (!forTest && stamp === `app ${systemWanted}`);
};

/** Without them the app may still start (other systems name them otherwise), so nothing here ends the setup. */
const installSystemPackages = () => {
  if (mayUseApt()) {
    const words = ['-W', '-f', '${Package} ${db:Status-Status}\n', ...systemPackages];
    const known = spawnSync('dpkg-query', words, { encoding: 'utf8' }).stdout ?? '';
    const missing = systemPackages.filter((name) => !known.includes(`${name} installed`));
    if (missing.length > 0 && !aptInstall(missing))
      say('Some packages could not be installed; the app or its tests may not start.');
  }
  writeFileSync(stamps.system, `${forTest ? 'test' : 'app'} ${systemWanted}`);
};

const electronScript = join(root, 'src', 'ensure-electron.mjs');

/**
 * The script knows by itself when there is nothing to do; it costs a process, so only those who need it start it.
 * @param {string} node
 */
const ensureElectron = (node) => {
  if (run(node, [electronScript, '--quiet']).status !== 0)
    fail('The app needs Electron: the reason is above.');
};

// --- All of it

const force = process.argv.includes('--force');
const stale = () => ({
  install: force || readText(stamps.install) !== installWanted,
  native: force || readText(stamps.native) !== nativeWanted(),
  bundle: force || !bundleIsThere() || readText(stamps.bundle) !== bundleWanted(),
  system: force ? forApp : !systemFits(),
});

const main = () => {
  let todo = stale();
  if (!Object.values(todo).includes(true)) {
    if (forApp) ensureElectron(projectNode() ?? process.execPath);
    return;
  }
  lock();
  try {
    todo = stale();
    if (todo.install) installDependencies();
    const node = projectNode();
    if (node === undefined) {
      fail(
        `Tidemark needs Node 24 or newer on ${process.platform}-${process.arch}; this is ${process.version}.`,
      );
    }
    if (todo.native) buildNative(node);
    if (todo.bundle) bundleSources(node);
    if (todo.system) installSystemPackages();
    if (forApp) ensureElectron(node);
  } finally {
    unlock();
  }
};

main();
