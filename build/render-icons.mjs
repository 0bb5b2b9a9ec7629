// @ts-check
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureElectron } from '../src/ensure-electron.mjs';

/** Makes the PNGs in `build/icons` and `build/icon.png` from the SVGs beside this file. Needs a display (or xvfb-run). */

const { executable } = await ensureElectron();
const page = fileURLToPath(new URL('./render-icons-window', import.meta.url));
const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
const { status } = spawnSync(executable, [...(asRoot ? ['--no-sandbox'] : []), page], { stdio: 'inherit' });
process.exitCode = status ?? 1;
