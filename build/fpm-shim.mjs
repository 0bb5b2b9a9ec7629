#!/usr/bin/env node
// @ts-check
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The part of fpm that electron-builder uses (`-s dir -t deb|rpm`), on the system's own dpkg-deb and rpmbuild, for
 * machines that cannot download fpm. electron-builder finds it by CUSTOM_FPM_PATH.
 */

/** Options that may be given more than once, and switches without a value. */
const LISTS = { '-d': /** @type {string[]} */ ([]), '--deb-recommends': /** @type {string[]} */ ([]) };
const SWITCHES = ['--force', '--debug'];

/** @type {Record<string, string>} */
const options = {};
/** @type {{ from: string, to: string }[]} */
const sources = [];
for (const words = process.argv.slice(2); words.length > 0; ) {
  const word = words.shift() ?? '';
  const [, name = '', value] = /^(-[^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  if (SWITCHES.includes(word)) continue;
  if (name === '') {
    const at = word.lastIndexOf('=');
    sources.push({ from: word.slice(0, at), to: word.slice(at + 1) });
  } else if (name === '-d' || name === '--deb-recommends') LISTS[name].push(value ?? words.shift() ?? '');
  else options[name] = value ?? words.shift() ?? '';
}

/** @param {string} name */
const option = (name) => {
  const value = options[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};

/** @param {string} root */
const layOut = (root) => {
  for (const { from, to } of sources) {
    const place = join(root, to);
    mkdirSync(dirname(place), { recursive: true });
    // A slash at the end means what is in the folder.
    cpSync(from, place, { recursive: true, verbatimSymlinks: true });
  }
  execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', root]);
};

const description = () =>
  option('--description')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What dpkg-deb calls otherwise. @type {Record<string, string>} */
const PACKINGS = { gz: 'gzip', zst: 'zstd', bzip2: 'xz' };

/** @param {string} root */
const makeDeb = (root) => {
  const [size = '0'] = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t');
  const control = join(root, 'DEBIAN');
  mkdirSync(control);
  const [short = '', ...more] = description();
  const fields = [
    `Package: ${option('--name')}`,
    `Version: ${option('--version')}`,
    `Architecture: ${option('--architecture')}`,
    `Maintainer: ${option('--maintainer')}`,
    `Installed-Size: ${size}`,
    LISTS['-d'].length > 0 && `Depends: ${LISTS['-d'].join(', ')}`,
    LISTS['--deb-recommends'].length > 0 && `Recommends: ${LISTS['--deb-recommends'].join(', ')}`,
    `Section: ${options['--category'] ?? 'utils'}`,
    `Priority: ${options['--deb-priority'] ?? 'optional'}`,
    `Homepage: ${option('--url')}`,
    `Description: ${short}`,
    ...more.map((line) => ` ${line}`),
  ];
  writeFileSync(join(control, 'control'), `${fields.filter(Boolean).join('\n')}\n`);
  for (const [script, name] of [
    ['--after-install', 'postinst'],
    ['--after-remove', 'postrm'],
  ]) {
    copyFileSync(option(script ?? ''), join(control, name ?? ''));
    chmodSync(join(control, name ?? ''), 0o755);
  }
  const compression = options['--deb-compression'] ?? 'xz';
  const packing = `-Z${PACKINGS[compression] ?? compression}`;
  execFileSync('dpkg-deb', ['--root-owner-group', packing, '-b', root, option('--package')], {
    stdio: 'inherit',
  });
};

/**
 * @param {string} root
 * @param {string} top
 */
const writeSpec = (root, top) => {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `"${join(entry.parentPath, entry.name).slice(root.length)}"`);
  /** @param {string} name */
  const script = (name) => readFileSync(option(name), 'utf8').replaceAll('%', '%%');
  const [short = ''] = description();
  const lines = [
    // The files are as they have to be: not stripped, not linked to their build ids.
    '%global __os_install_post %{nil}',
    '%global _build_id_links none',
    'AutoReqProv: no',
    `Name: ${option('--name')}`,
    `Version: ${option('--version').replaceAll('-', '_')}`,
    'Release: 1',
    `Summary: ${options['--rpm-summary'] ?? short}`,
    `License: ${options['--license'] ?? 'unknown'}`,
    `Vendor: ${options['--vendor'] ?? ''}`,
    `URL: ${option('--url')}`,
    ...LISTS['-d'].map((need) => `Requires: ${need}`),
    '%description',
    ...description(),
    '%post',
    script('--after-install'),
    '%postun',
    script('--after-remove'),
    '%files',
    '%defattr(-,root,root)',
    ...files,
  ];
  const spec = join(top, 'package.spec');
  writeFileSync(spec, `${lines.join('\n')}\n`);
  return spec;
};

/** @param {string} root */
const makeRpm = (root) => {
  const top = mkdtempSync(join(tmpdir(), 'rpm-'));
  try {
    const spec = writeSpec(root, top);
    const defines = [`_topdir ${top}`, `_rpmdir ${top}/out`, '_binary_payload w3.zstdio'];
    const args = ['-bb', '--target', `${option('--architecture')}-linux`, '--buildroot', root];
    args.push(...defines.flatMap((define) => ['--define', define]), spec);
    execFileSync('rpmbuild', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const made = readdirSync(join(top, 'out'), { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.rpm'),
    );
    if (made === undefined) throw new Error('rpmbuild made no rpm');
    copyFileSync(join(top, 'out', made), option('--package'));
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
};

const root = mkdtempSync(join(tmpdir(), 'package-'));
try {
  layOut(root);
  const kind = option('-t');
  if (kind === 'deb') makeDeb(root);
  else if (kind === 'rpm') makeRpm(root);
  else throw new Error(`no ${kind} without fpm itself`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
