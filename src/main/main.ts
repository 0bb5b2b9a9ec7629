/** The start of the app: what has to be said before Electron is ready, and that there is only one. */
import { app, protocol } from 'electron';
import { APP_SCHEME, PREVIEW_SCHEME } from '../ipc/window-names.ts';
import { type DesktopApp, startDesktopApp } from './desktop-app.ts';

protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
  {
    scheme: PREVIEW_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
  },
]);

async function start(): Promise<void> {
  let running: DesktopApp | null = null;
  // Started once more: the user wants to see it.
  app.on('second-instance', () => running?.show());
  app.on('activate', () => running?.show());
  // A window is only a view: without one the folder is still kept in step.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  running = await startDesktopApp(process.env);
}

if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
} else app.exit(0);
