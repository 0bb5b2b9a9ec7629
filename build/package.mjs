// @ts-check
import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureElectron } from '../src/ensure-electron.mjs';
import { stage } from './stage.mjs';

/**
 * `npm run package`: makes the packages that this machine can make, and says which it cannot and why.
 *
 *   -- --dir      only the unpacked app
 *   -- --test     with the fuse that lets tests drive it: never to be shipped
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const target = { platform: process.platform, arch: process.arch };

/** @param {string} name */
const inPath = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

/** @type {Record<string, string>} */
const env = {};

/** @returns {Promise<boolean>} */
const canReachTools = async () => {
  try {
    await fetch('https://github.com/', { method: 'HEAD', signal: AbortSignal.timeout(4000) });
    return true;
  } catch {
    return false;
  }
};

/** What Linux packages need besides electron-builder, and what stands in for it. */
const linuxTargets = async () => {
  const isOnline = await canReachTools();
  const targets = ['dir'];
  const seven = join(root, 'node_modules', '7zip-bin', 'linux', target.arch, '7za');
  if (existsSync(seven) && !isOnline) {
    chmodSync(seven, 0o755);
    env.ELECTRON_BUILDER_7ZIP_PATH = seven;
    // At the builder's level 9 every block is packed over and over.
    env.ELECTRON_BUILDER_COMPRESSION_LEVEL = '5';
  }
  if (isOnline || existsSync(seven)) targets.push('tar.gz');
  if (!isOnline && !inPath('fpm')) env.CUSTOM_FPM_PATH = join(root, 'build', 'fpm-shim.mjs');
  if (inPath('dpkg-deb')) targets.push('deb');
  else console.error('No deb: dpkg-deb is not here.');
  if (inPath('rpmbuild')) targets.push('rpm');
  else console.error('No rpm: rpmbuild is not here (apt-get install rpm).');
  if (isOnline || process.env.APPIMAGE_TOOLS_PATH) targets.push('AppImage');
  else console.error('No AppImage: its runtime comes from github.com, which cannot be reached.');
  return targets;
};

const targets = async () => {
  if (words.includes('--dir') || words.includes('--test')) return ['dir'];
  return target.platform === 'linux' ? linuxTargets() : [];
};

const electron = await ensureElectron();
const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.electron;
if (electron.version !== pinned)
  console.error(
    `Packed with Electron ${electron.version} in place of ${pinned}: good for testing, not for shipping.`,
  );
stage(root, target);

/** @type {Record<string, string>} */
const FLAGS = { linux: '--linux', win32: '--win', darwin: '--mac' };
const args = [FLAGS[target.platform] ?? '', ...(await targets()), `--${target.arch}`, '--publish', 'never'];
args.push(`-c.electronDist=${electron.dist}`, `-c.electronVersion=${electron.version}`);
if (words.includes('--test')) {
  args.push('-c.electronFuses.enableNodeCliInspectArguments=true', '-c.compression=store');
  args.push('-c.directories.output=release/test');
}
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
const { status } = spawnSync(process.execPath, [builder, ...args.filter(Boolean)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...env },
});
process.exitCode = status ?? 1;
