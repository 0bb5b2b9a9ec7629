/** axe on what is hard to make in the real app: every state, screens that fail, screens with nothing, hostile names. */
import { expect, test } from '@playwright/test';
import { findElectron } from '../../src/ensure-electron.mjs';
import { Camera } from '../screens/camera.ts';
import { SHOTS } from '../screens/shot-list.ts';
import { violationsOf } from '../support/axe.ts';

const STATES = ['setting-up', 'checking', 'syncing', 'paused', 'offline', 'needs-you', 'error'];
/** Every state on the overview in light, what is unlike in the popover in dark. */
const WHERE = [
  ...[...STATES, 'warning', 'signed-out', 'empty'].map((each) => `overview-${each}`),
  ...[
    'popover',
    'popover-syncing',
    'popover-needs-you',
    'popover-error',
    'activity-failing',
    'problems-stopped',
    'problems-rename',
    'problems-hostile',
  ],
  ...['first-run-certificate', 'first-run-certificate-dark-de'],
  ...['first-run-merge-dark', 'first-run-server', 'conflicts-none-dark-de'],
  ...['shared-empty', 'shared-failing', 'shared-make', 'share-missing', 'share-gone', 'share-remove'],
  ...['settings-keeping-shrink', 'settings-password-refused', 'overview-full', 'first-run-sign-up'],
  ...['conflicts-many-plan', 'conflict-merge-dark-de', 'conflict-moved-on'],
  ...['history-unknown', 'trash-empty', 'review-confirm', 'devices-gone', 'settings-folders-blocked'],
];

test('axe finds nothing in any state of the stage', async () => {
  test.setTimeout(180_000);
  const electron = findElectron();
  if (electron === undefined) throw new Error('There is no Electron: npm run setup -- --app');
  const camera = await Camera.open(electron.executable);
  const found: string[] = [];
  try {
    for (const name of WHERE) {
      const shot = SHOTS.find((each) => each.name === name);
      if (shot === undefined) throw new Error(`no shot ${name}`);
      await camera.show(name.startsWith('popover') ? { ...shot, dark: true } : shot);
      for (const each of await violationsOf(camera.page)) found.push(`${name} ${each}`);
    }
    expect(found).toEqual([]);
    expect(camera.faults).toEqual([]);
  } finally {
    await camera.close();
  }
});
