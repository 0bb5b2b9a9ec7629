// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * `npm start`: makes the clone ready and opens the app. Without a display it says how to run without one. Words
 * behind `--` go to the app. Runs under any Node from 18 on.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

const open = async () => {
  const setup = fileURLToPath(new URL('./setup.mjs', import.meta.url));
  const ready = spawnSync(process.execPath, [setup, '--app'], { stdio: 'inherit' });
  if (ready.status !== 0) return ready.status ?? 1;
  const { ensureElectron } = await import('./ensure-electron.mjs');
  const { executable } = await ensureElectron();
  const words = [root, ...process.argv.slice(2)];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    process.stderr.write('Started as root, so Chromium runs without its sandbox (--no-sandbox).\n');
    words.unshift('--no-sandbox');
  }
  const child = spawn(executable, words, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`The app did not start: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
};

if (hasDisplay) {
  process.exitCode = await open();
} else {
  process.stderr.write(
    'There is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so the app has no window to open.\n' +
      'Without one, run: npm run start:headless\n',
  );
  process.exitCode = 2;
}
