// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

/**
 * What Electron's own start program does, for the fallback Electron that comes without it: runs the app that the
 * command line names, `electron [-r module] [switches] FOLDER [words]`. A module, since Electron is not "ready" before
 * a module and all it awaits is loaded: the app gets to say what has to be said before that.
 */

/** @type {string[]} */
const modules = [];
let folder = '';
for (const words = process.argv.slice(1); words.length > 0 && folder === ''; ) {
  const word = words.shift() ?? '';
  if (word === '-r' || word === '--require') modules.push(words.shift() ?? '');
  else if (!word.startsWith('-')) folder = resolve(word);
}
if (folder === '') {
  console.error('usage: electron [switches] FOLDER');
  process.exit(1);
}

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
const about = join(folder, 'package.json');
const { version, productName, name, main } = existsSync(about) ? JSON.parse(readFileSync(about, 'utf8')) : {};
/** These two are for start programs only, so that the types leave them out.
 * @typedef {Electron.App & { setVersion(version: string): void, setAppPath(path: string): void }} StartedApp */
const started = /** @type {StartedApp} */ (app);
if (version) started.setVersion(version);
if (productName || name) app.name = productName || name;
const require = createRequire(about);
for (const path of modules) require(path);
const entry = main ? resolve(folder, main) : require.resolve(folder);
started.setAppPath(existsSync(about) ? folder : dirname(entry));
try {
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}
