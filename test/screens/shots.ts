/**
 * Takes the pictures of docs/screens, or every shot whose name contains a word, into another folder:
 * `node test/screens/shots.ts [--out DIR] [--electron FILE] [--axe] [NAME…]`. Needs a display.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findElectron } from '../../src/ensure-electron.mjs';
import { violationsOf } from '../support/axe.ts';
import { Camera } from './camera.ts';
import { ALBUM, albumText } from './chosen.ts';
import { SHOTS } from './shot-list.ts';

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, electron: { type: 'string' }, axe: { type: 'boolean' } },
  allowPositionals: true,
});
const album = new Set(ALBUM.flatMap(({ shots }) => shots.map(({ name }) => name)));
const wanted = (name: string): boolean =>
  positionals.length > 0
    ? positionals.some((part) => name.includes(part))
    : values.out !== undefined || album.has(name);

const electron = values.electron ?? findElectron()?.executable;
if (electron === undefined) throw new Error('There is no Electron: npm run setup -- --app');
const docs = join(import.meta.dirname, '../../docs/screens');
const out = values.out ?? docs;
await mkdir(out, { recursive: true });
const camera = await Camera.open(electron);
try {
  for (const shot of SHOTS.filter(({ name }) => wanted(name))) {
    await camera.show(shot);
    if (values.axe === true)
      for (const violation of await violationsOf(camera.page)) console.error(`  ${shot.name} ${violation}`);
    await camera.page.screenshot({ path: join(out, `${shot.name}.png`), animations: 'disabled' });
    for (const fault of camera.faults.splice(0)) console.error(`  ${fault}`);
    console.log(`${shot.name}.png`);
  }
  if (out === docs) await writeFile(join(docs, 'README.md'), albumText());
} finally {
  await camera.close();
}
