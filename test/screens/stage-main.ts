/** The stage: the renderer as it is built, in a window as locked as the app's, over the answers of a scene. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { app, BrowserWindow, ipcMain, protocol } from 'electron';
import {
  APP_SCHEME,
  CHANNELS,
  PREVIEW_SCHEME,
  type WindowCall,
  type WindowMethod,
} from '../../src/ipc/window.ts';
import { pdfOf } from './pdf.ts';
import { pictureOf } from './picture.ts';
import { PDF_VERSION } from './scenes/conflicts.ts';
import { replyIn, type Scene } from './scenes/scene.ts';
import { SCENES } from './scenes/scenes.ts';

const [pages = '', preload = ''] = process.argv.slice(-2);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
let scene: Scene = SCENES['base']!;

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  { scheme: PREVIEW_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

ipcMain.handle(CHANNELS.engine, (_event, method: WindowMethod, params: unknown) =>
  // What the page sends is typed by the contract it was built against.
  replyIn(scene, method, params as never),
);
ipcMain.handle(CHANNELS.ask, (event, name: WindowCall, params: unknown) => {
  if (name === 'shell.state') {
    // The window listens before it asks this.
    for (const each of scene.events) event.sender.send(CHANNELS.event, each);
    return scene.shell;
  }
  const answer = scene.answers[name];
  return answer === undefined ? { kind: 'done' } : (answer as (given: unknown) => unknown)(params);
});

/** Called from the script that takes the pictures. */
Object.assign(globalThis, {
  setScene: (name: string, dark: boolean, language: 'en' | 'de') => {
    const chosen = SCENES[name];
    if (chosen === undefined) throw new Error(`no scene ${name}`);
    scene = { ...chosen, shell: { ...chosen.shell, dark, language } };
  },
});

async function open(): Promise<void> {
  await app.whenReady();
  protocol.handle(APP_SCHEME, async (request) => {
    const path = new URL(request.url).pathname;
    const body = await readFile(join(pages, path === '/' ? 'index.html' : path));
    return new Response(new Uint8Array(body), {
      headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' },
    });
  });
  protocol.handle(PREVIEW_SCHEME, (request) => {
    const [, , version = ''] = new URL(request.url).pathname.split('/');
    const isPdf = version.startsWith(PDF_VERSION);
    const body = new Uint8Array(isPdf ? pdfOf(version) : pictureOf(version));
    const headers = {
      'content-type': isPdf ? 'application/pdf' : 'image/png',
      'access-control-allow-origin': `${APP_SCHEME}://app`,
    };
    return new Response(body, { headers });
  });
  const window = new BrowserWindow({
    width: 1180,
    height: 780,
    show: true,
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  await window.loadURL(`${APP_SCHEME}://app/index.html`);
}

void app.whenReady().then(open);
