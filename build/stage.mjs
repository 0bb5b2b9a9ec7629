// @ts-check
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Lays out in `release/stage` exactly what a package holds: `app` for the archive (main, preload, pages, tray icons)
 * and for beside it `tidemark` (command line, engine, server, and the Node that runs them) and `modules` (theirs).
 */

/** What esbuild leaves to Node (`EXTERNAL` in src/bundle.ts), and what those need in turn. */
const MODULES = ['better-sqlite3', '@napi-rs/blake-hash', 'blake3', 'chokidar', 'readdirp'];

/** Sources, tests and the binaries of other systems are no part of a program that runs. */
const NEEDLESS =
  /(?:^|\/)(?:deps|src|test|tests|esm|browser)(?:\/|$)|\.(?:map|md|d\.ts|gyp|test\.js)$|benchmark\.js$/i;

/**
 * @param {string} root
 * @param {{ platform: string, arch: string }} target
 */
const modulesOf = (root, { platform, arch }) => {
  const os = platform === 'win32' ? 'win32' : platform;
  const libc = platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : '';
  const prebuilt = `@napi-rs/blake-hash-${os}-${arch}${libc}`;
  return existsSync(join(root, 'node_modules', prebuilt)) ? [...MODULES, prebuilt] : MODULES;
};

/**
 * @param {string} from
 * @param {string} to
 * @param {(inside: string) => boolean} wants
 */
const copy = (from, to, wants) => {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (path) => path === from || wants(path.slice(from.length + 1).replaceAll('\\', '/')),
  });
};

/**
 * The files of the newest build: the folder may still hold those of older ones.
 * @param {string} folder
 * @returns {string[]}
 */
const builtFiles = (folder) => {
  const [newest] = JSON.parse(readFileSync(join(folder, '.builds.json'), 'utf8'));
  return newest.filter((/** @type {string} */ file) => !file.endsWith('.map'));
};

/**
 * @param {string} from
 * @param {string} to
 */
const copyBuilt = (from, to) => {
  for (const file of builtFiles(from)) {
    const text = readFileSync(join(from, file));
    mkdirSync(dirname(join(to, file)), { recursive: true });
    // Maps stay at home, so what points at them would point at nothing.
    const isText = /\.(?:js|mjs|cjs|css)$/.test(file);
    const mark = /\n?(?:\/\/# sourceMappingURL=\S+|\/\*# sourceMappingURL=\S+ \*\/)\s*$/;
    writeFileSync(join(to, file), isText ? text.toString('utf8').replace(mark, '\n') : text);
  }
};

/** @param {{ platform: string, arch: string }} target */
const nodeOf = ({ platform, arch }) =>
  platform === 'win32' ? `node-win-${arch}/bin/node.exe` : `node-${platform}-${arch}/bin/node`;

/**
 * @param {string} root
 * @param {{ platform: string, arch: string }} target
 */
const stageTidemark = (root, target) => {
  const stage = join(root, 'release', 'stage', 'tidemark');
  copyBuilt(join(root, 'out'), join(stage, 'out'));
  for (const name of modulesOf(root, target)) {
    const prebuild = `prebuilds/${target.platform}-${target.arch}.node`;
    copy(join(root, 'node_modules', name), join(root, 'release', 'stage', 'modules', name), (inside) =>
      inside.startsWith('prebuilds/') ? inside === prebuild : !NEEDLESS.test(inside),
    );
  }
  const native = join(root, 'native-helpers', 'disk', 'build', 'disk.node');
  if (existsSync(native))
    copy(native, join(stage, 'native-helpers', 'disk', 'build', 'disk.node'), () => true);
  const launcher = target.platform === 'win32' ? 'tidemark.cmd' : 'tidemark';
  copy(join(root, 'bin', launcher), join(stage, 'bin', launcher), () => true);
  const brought = join(root, 'node_modules', nodeOf(target));
  // On macOS npm has no such Node: the release machine's own is shipped, and has to be the pinned version.
  const node = existsSync(brought) ? brought : process.execPath;
  copy(node, join(stage, basename(nodeOf(target))), () => true);
  chmodSync(join(stage, basename(nodeOf(target))), 0o755);
  const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);
};

/** @param {string} root */
const stageApp = (root) => {
  const stage = join(root, 'release', 'stage', 'app');
  copyBuilt(join(root, 'out', 'app'), join(stage, 'out', 'app'));
  copy(join(root, 'build', 'icons', 'tray'), join(stage, 'build', 'icons', 'tray'), () => true);
  copy(join(root, 'build', 'icons', '256x256.png'), join(stage, 'build', 'icons', '256x256.png'), () => true);
  copy(join(root, 'LICENSE'), join(stage, 'LICENSE'), () => true);
  const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { name, productName, version, description, type, main, license, author, homepage } = whole;
  const about = { name, productName, version, description, type, main, license, author, homepage };
  // The window belongs to the entry that the desktop has for the app.
  const desktopName = 'tidemark-app.desktop';
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...about, desktopName }, null, 2)}\n`);
};

/**
 * @param {string} root
 * @param {{ platform: string, arch: string }} target
 */
export const stage = (root, target) => {
  rmSync(join(root, 'release', 'stage'), { recursive: true, force: true });
  stageTidemark(root, target);
  stageApp(root);
};
