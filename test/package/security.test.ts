import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { before, test } from 'node:test';
import { extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { POLICY_IN_PAGE } from '../../src/main/content-security.ts';
import { type PackedApp, packedApp } from './packed-app.ts';

let app: PackedApp;
let files: readonly string[] = [];
/** Where `pattern` is found in a text, in few words: a bundle is too long to be printed whole. */
const found = (text: string, pattern: RegExp): string | null => pattern.exec(text)?.[0] ?? null;
const read = (file: string): string => extractFile(app.archive, file.slice(1)).toString('utf8');

before(
  () => {
    app = packedApp();
    files = listPackage(app.archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  },
  { timeout: 240_000 },
);

test('every fuse of the packed program is as the configuration has it, but for the one that tests need', async () => {
  const wire = await getCurrentFuseWire(app.executable);
  const expected = new Map([
    [FuseV1Options.RunAsNode, false],
    [FuseV1Options.EnableCookieEncryption, true],
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
    [FuseV1Options.EnableNodeCliInspectArguments, true],
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
    [FuseV1Options.OnlyLoadAppFromAsar, true],
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, false],
    [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
    [FuseV1Options.WasmTrapHandlers, true],
  ]);
  for (const [fuse, isOn] of expected) {
    const state = wire[fuse];
    // An older Electron has fewer.
    if (state !== undefined)
      assert.equal(state, isOn ? FuseState.ENABLE : FuseState.DISABLE, FuseV1Options[fuse]);
  }
});

test('the app is loaded from its archive: there is no folder and no start program that Electron could take instead', () => {
  assert.ok(existsSync(app.archive));
  assert.deepEqual(
    readdirSync(app.resources).sort(),
    ['app-update.yml', 'app.asar', 'apparmor-profile', 'tidemark'].filter((name) =>
      existsSync(join(app.resources, name)),
    ),
  );
});

test('nothing is in the archive but what the app runs and shows', () => {
  const kinds = new Set(files.map((file) => extname(file)).filter(Boolean));
  const allowed = ['.mjs', '.cjs', '.js', '.css', '.html', '.woff2', '.png', '.json', '.svg'];
  assert.deepEqual(
    [...kinds].filter((kind) => !allowed.includes(kind)),
    [],
  );
  assert.deepEqual(
    files.filter((file) => /\.map$|\.test\.|\/test\/|node_modules|\.tsx?$/.test(file)),
    [],
  );
});

test('no source map is named or shipped, in the archive or beside it', () => {
  const beside = readdirSync(join(app.resources, 'tidemark'), { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    beside.filter((file) => file.endsWith('.map')),
    [],
  );
  const naming = files.filter(
    (file) => /\.(?:mjs|cjs|js|css)$/.test(file) && /sourceMappingURL=(?!data:)\S+\s*$/.test(read(file)),
  );
  assert.deepEqual(naming, []);
});

test('the page names the policy, and holds nothing inline and nothing remote', () => {
  const page = read('/out/app/renderer/index.html');
  assert.ok(page.includes(POLICY_IN_PAGE));
  assert.doesNotMatch(page, /https?:|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)/i);
});

test('the policy lets nothing run or load that is not the app’s own', () => {
  const rules = new Map(
    POLICY_IN_PAGE.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
  );
  assert.deepEqual(rules.get('default-src'), ["'none'"]);
  assert.deepEqual(rules.get('script-src'), ["'self'"]);
  assert.deepEqual(rules.get('style-src'), ["'self'"]);
  const words = [...rules.values()].flat();
  assert.deepEqual(
    words.filter((word) => !["'self'", "'none'", 'tidemark-preview:'].includes(word)),
    [],
  );
});

test('every window has the same locked preferences, and nothing loosens them anywhere', () => {
  const main = files
    .filter((file) => /^\/out\/app\/main.*\.mjs$/.test(file))
    .map(read)
    .join('\n');
  const windows = main.match(/new BrowserWindow\(/g) ?? [];
  assert.equal(windows.length, 1, 'windows are made in one place');
  assert.match(main, /new BrowserWindow\(\{[\s\S]{0,800}webPreferences: safePreferences\(/);
  for (const wanted of [
    'sandbox: true',
    'contextIsolation: true',
    'nodeIntegration: false',
    'webSecurity: true',
  ])
    assert.ok(main.includes(wanted), wanted);
  for (const loose of [
    /nodeIntegration\w*: true/,
    /contextIsolation: false/,
    /sandbox: false/,
    /webSecurity: false/,
  ])
    assert.equal(found(main, loose), null);
  for (const loose of [/webviewTag: true/, /allowRunningInsecureContent: true/, /experimentalFeatures: true/])
    assert.equal(found(main, loose), null);
  assert.equal(found(main, /enableBlinkFeatures|openExternal\(|\.loadFile\(|remote\.enable/), null);
});

test('no page and no preload names a place on the network', () => {
  const pages = files.filter((file) => /^\/out\/app\/(?:renderer\/.*\.(?:js|css)|preload\.cjs)$/.test(file));
  // Namespaces of XML, and the addresses in messages of libraries, are names and are never fetched: the policy and the
  // session see to that. What may not be here is a way to fetch one.
  const loads = /@import\s+(?:url\()?["']?https?:|url\(["']?https?:|importScripts\(["']https?:/;
  const asks = /\bfetch\(["']https?:|new WebSocket\(["']/;
  for (const file of pages) {
    assert.equal(found(read(file), loads), null, file);
    assert.equal(found(read(file), asks), null, file);
  }
});

test('the preload can do nothing but call and listen', () => {
  const preload = read('/out/app/preload.cjs');
  assert.deepEqual(
    [...new Set([...preload.matchAll(/require\("([^"]+)"\)/g)].map((hit) => hit[1]))],
    ['electron'],
  );
  assert.equal(found(preload, /sendSync|postMessage|process\.|eval\(/), null);
});
