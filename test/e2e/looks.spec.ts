/**
 * Every screen looks as it did when somebody looked at it last. The pictures belong to the Electron that drew them,
 * on Linux: with another one there is nothing to compare with, so the screens are only drawn, without complaints of
 * the page, and the report says so. To look again: `npm run e2e -- looks --update-snapshots=all`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findElectron } from '../../src/ensure-electron.mjs';
import { Camera } from '../screens/camera.ts';
import { LOOKS } from '../screens/chosen.ts';
import { SHOTS } from '../screens/shot-list.ts';

const electron = findElectron();
let camera: Camera;

test.beforeAll(async () => {
  if (electron === undefined) throw new Error('There is no Electron: npm run setup -- --app');
  camera = await Camera.open(electron.executable);
});
test.afterAll(() => camera?.close());

for (const name of LOOKS)
  test(`${name} looks as it did`, async () => {
    const version = electron?.version ?? '';
    const shot = SHOTS.find((each) => each.name === name);
    if (shot === undefined) throw new Error(`no shot ${name}`);
    await camera.show(shot);
    expect(await camera.page.evaluate(`document.fonts.check('16px "Inter Variable"')`)).toBe(true);
    expect(camera.faults).toEqual([]);
    const { updateSnapshots } = test.info().config;
    const known = process.platform === 'linux' && existsSync(join(import.meta.dirname, 'looks', version));
    if (known || updateSnapshots === 'all' || updateSnapshots === 'changed')
      await expect(camera.page).toHaveScreenshot([version, `${name}.png`]);
    else
      test
        .info()
        .annotations.push({ type: 'not compared', description: `no pictures of Electron ${version}` });
  });
