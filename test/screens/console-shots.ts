/**
 * Takes the pictures of the console for docs/screens: a real server with a history, looked at in a real Chromium.
 * `node test/screens/console-shots.ts [--out DIR]`. Needs a display.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { consoleScene, spreadConflicts } from '../support/console-scene.ts';
import { ConsoleWindow } from '../support/console-window.ts';
import { TEST_USER } from '../support/server.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out ?? join(import.meta.dirname, '../../docs/screens');
await mkdir(out, { recursive: true });
const scene = await consoleScene(true);
spreadConflicts(scene);
const window = await ConsoleWindow.open();
try {
  await window.signIn(scene.consoleUrl, TEST_USER);
  const shots = [
    { name: 'console-overview', path: '/', dark: false, height: 1180 },
    { name: 'console-overview-dark', path: '/', dark: true, height: 1180 },
    { name: 'console-find', path: '/find?about=quartely%20report', dark: false, height: 620 },
    { name: 'console-file', path: `/find?about=${scene.node}`, dark: false, height: 1300 },
    { name: 'console-file-dark', path: `/find?about=${scene.node}`, dark: true, height: 1300 },
    { name: 'console-conflict', path: `/find?about=${scene.conflict}`, dark: false, height: 1100 },
    { name: 'console-devices', path: '/devices', dark: true, height: 620 },
    { name: 'console-conflicts', path: '/conflicts', dark: false, height: 760 },
    { name: 'console-switches', path: '/switches', dark: false, height: 620 },
  ];
  for (const { name, path, dark, height } of shots) {
    await window.resize(1180, height);
    await window.page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await window.page.goto(scene.consoleUrl + path);
    if (path === '/') {
      // Some work, so that the charts have something to show.
      for (let round = 0; round < 8; round += 1) {
        for (let i = 0; i < 3 + ((round * 5) % 7); i += 1)
          await scene.phone.addFile(`${name} ${round} ${i}.txt`, Buffer.from(`${name} ${round} ${i}`));
        await window.page.waitForTimeout(2000);
      }
    }
    await window.page.screenshot({ path: join(out, `${name}.png`), animations: 'disabled' });
    console.log(`${name}.png`);
  }
  for (const fault of window.faults) console.error(`  ${fault}`);
} finally {
  await window.close();
  await scene.close();
}
