/** Shared folders, team spaces, invitations. */
import type { Page } from '@playwright/test';
import type { Shot } from './shot-list.ts';

const NARROW = { width: 680, height: 980 };
const TALL = { width: 1180, height: 1000 };

const press = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForTimeout(500);
};

export const SHARED_SHOTS: readonly Shot[] = [
  { name: 'shared', scene: 'shared-news', route: '/shared', size: TALL },
  { name: 'shared-dark-de', scene: 'shared-news', route: '/shared', dark: true, language: 'de', size: TALL },
  { name: 'shared-narrow', scene: 'shared-news', route: '/shared', size: NARROW },
  { name: 'shared-empty', scene: 'shared-none', route: '/shared' },
  { name: 'shared-failing', scene: 'shared-failing', route: '/shared' },
  {
    name: 'shared-accept',
    scene: 'shared-news',
    route: '/shared',
    act: press(/^Accept.*Garden/),
  },
  { name: 'shared-make', scene: 'base', route: '/shared', act: press(/^Share a folder/), size: TALL },
  {
    name: 'shared-make-folder-dark-de',
    scene: 'base',
    route: '/shared',
    dark: true,
    language: 'de',
    size: TALL,
    act: async (page) => {
      await press(/^Ordner teilen/)(page);
      await page.getByRole('radio', { name: /Inhalt eines Ordners/ }).click();
      await page.getByRole('button', { name: /Ordner wählen/ }).click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'share', scene: 'base', route: '/shared/s-harbour', size: TALL },
  { name: 'share-de', scene: 'base', route: '/shared/s-harbour', language: 'de', size: TALL },
  { name: 'share-viewer-dark', scene: 'base', route: '/shared/s-handbook', dark: true, size: TALL },
  { name: 'share-narrow-de', scene: 'base', route: '/shared/s-harbour', language: 'de', size: NARROW },
  { name: 'share-missing', scene: 'base', route: '/shared/s-trip' },
  { name: 'share-gone', scene: 'shared-news', route: '/shared/none' },
  { name: 'share-leave', scene: 'base', route: '/shared/s-handbook', act: press(/^Leave/) },
  { name: 'share-remove', scene: 'base', route: '/shared/s-harbour', act: press(/^Take out ben/) },
];
