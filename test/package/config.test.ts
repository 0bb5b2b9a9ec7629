import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './packed-app.ts';

const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js');
const { DebugLogger } = require('builder-util');

interface Configuration {
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly [member: string]: unknown;
}

const configuration = (): Promise<Configuration> => getConfig(ROOT, null, null);
const validate = (config: unknown): Promise<void> => validateConfiguration(config, new DebugLogger(false));

test('the configuration for all systems is one that electron-builder takes', async () => {
  await validate(await configuration());
});

test('a slip in it would be noticed', async () => {
  const config = await configuration();
  await assert.rejects(
    validate({ ...config, win: { target: ['nsis'], singing: true } }),
    /configuration\.win/,
  );
});

test('every fuse is set, and what a shipped app must not do is off', async () => {
  assert.deepEqual((await configuration()).electronFuses, {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('the targets that users expect are named', async () => {
  const { win, mac, linux } = await configuration();
  const targets = [win, mac, linux].map((part) => Object(part).target);
  assert.deepEqual(targets, [['nsis'], ['dmg', 'zip'], ['AppImage', 'deb', 'rpm', 'tar.gz']]);
});

test('the files that the configuration names are there', () => {
  const text = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
  const named = [...text.matchAll(/\bbuild\/[\w./-]+\.(?:mjs|sh|png|plist)\b/g)].map(([file]) => file);
  assert.ok(named.length >= 5);
  for (const file of named) assert.ok(readFileSync(join(ROOT, file)).length > 0, file);
});
