/** Devices and settings. */
import type { Page } from '@playwright/test';
import type { Shot } from './shot-list.ts';

const NARROW = { width: 680, height: 900 };
const TALL = { width: 1180, height: 1180 };

const press = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForTimeout(500);
};
const settings = (section: string, about: Partial<Shot> = {}): Shot => ({
  name: `settings-${section}`,
  scene: 'base',
  route: `/settings/${section}`,
  ...about,
});

export const KEEPING_SHOTS: readonly Shot[] = [
  settings('account'),
  settings('account', { name: 'settings-account-full-dark-de', scene: 'full', dark: true, language: 'de' }),
  settings('account', { name: 'settings-account-narrow', scene: 'full', size: NARROW }),
  {
    name: 'settings-password-refused',
    scene: 'base',
    route: '/settings/account',
    act: async (page) => {
      await press(/^Change password/)(page);
      for (const field of await page.getByRole('dialog').locator('input[type=password]').all())
        await field.fill('a new password');
      await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
      await page.waitForTimeout(500);
    },
  },
  { name: 'overview-full', scene: 'full', route: '/' },
  settings('keeping', { size: TALL }),
  settings('keeping', { name: 'settings-keeping-dark-de', dark: true, language: 'de', size: TALL }),
  settings('keeping', {
    name: 'settings-keeping-shrink',
    size: TALL,
    act: async (page) => {
      await press(/^Change…/)(page);
      await page.getByRole('spinbutton').first().fill('7');
      await page.getByRole('spinbutton').last().fill('14');
      await press(/^Save/)(page);
    },
  }),
  settings('keeping', {
    name: 'settings-keeping-wrong-narrow-de',
    language: 'de',
    size: NARROW,
    act: async (page) => {
      await press(/^Ändern…/)(page);
      await page.getByRole('spinbutton').first().fill('700');
    },
  }),
  {
    name: 'history-held',
    scene: 'base',
    route: '/history/Projects%2FHarbour%2Fdraft-old.docx',
  },
  {
    name: 'history-hold',
    scene: 'base',
    route: '/history/Notes%2Freading%20list.md',
    act: press(/^Put on hold…/),
  },
  { name: 'devices', scene: 'base', route: '/devices' },
  { name: 'devices-dark-de', scene: 'base', route: '/devices', dark: true, language: 'de' },
  { name: 'devices-narrow', scene: 'base', route: '/devices', size: NARROW },
  { name: 'devices-unlink', scene: 'base', route: '/devices', act: press(/Unlink Studio-PC/) },
  { name: 'devices-gone', scene: 'devices-gone', route: '/devices' },
  settings('folders', { act: press(/folders in Pictures/) }),
  settings('folders', {
    name: 'settings-folders-dark-de',
    dark: true,
    language: 'de',
    act: press(/Ordner in Pictures/),
  }),
  settings('folders', { name: 'settings-folders-narrow-de', language: 'de', size: NARROW }),
  settings('folders', { name: 'settings-folders-remove', act: press(/^Remove from this computer: Notes/) }),
  settings('folders', {
    name: 'settings-folders-blocked',
    act: press(/^Remove from this computer: Projects/),
  }),
  settings('ignore', {
    size: TALL,
    act: async (page) => {
      await page.getByRole('textbox').first().fill('node_modules/\n*.mov\n*.jpg\n[abc\n');
      await page.waitForTimeout(1200);
    },
  }),
  settings('ignore', { name: 'settings-ignore-de', language: 'de' }),
  settings('bandwidth', { size: TALL }),
  settings('bandwidth', {
    name: 'settings-bandwidth-faults-dark-de',
    dark: true,
    language: 'de',
    size: TALL,
    act: async (page) => {
      await page.getByRole('spinbutton').first().fill('0');
      await page.getByRole('radio').last().click();
      await page.getByRole('textbox').last().fill('proxy');
    },
  }),
  settings('power'),
  settings('notifications', { name: 'settings-notifications-de', language: 'de' }),
  settings('general'),
  settings('merge'),
  settings('security'),
  settings('security', { name: 'settings-security-weak-de', scene: 'keychain-weak', language: 'de' }),
  settings('diagnostics', { act: press(/Prepare the report/) }),
  settings('about', { scene: 'update-ready' }),
];
