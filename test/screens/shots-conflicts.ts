/** Conflicts: the list, one of each kind, its previews, its decisions. */
import type { Page } from '@playwright/test';
import type { Shot } from './shot-list.ts';

const NARROW = { width: 640, height: 900 };
/** The usual window at 200 %. */
const ZOOMED = { width: 590, height: 390 };
const TALL = { width: 1180, height: 1560 };
const press = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForTimeout(400);
};
const tab = (name: RegExp) => async (page: Page) => {
  await page.getByRole('tab', { name }).click();
  await page.waitForTimeout(400);
};
const select = async (page: Page) => {
  await page.getByRole('checkbox').nth(1).click();
  await page.getByRole('checkbox').nth(2).click();
};
const settle = async (page: Page) => {
  await page.waitForTimeout(500);
};
const merge = async (page: Page) => {
  await press(/^Merge…|^Zusammenführen …/)(page);
  await page.waitForTimeout(400);
};

export const CONFLICT_SHOTS: readonly Shot[] = [
  { name: 'conflicts', scene: 'conflicts', route: '/conflicts' },
  { name: 'conflicts-dark-de', scene: 'conflicts', route: '/conflicts', dark: true, language: 'de' },
  { name: 'conflicts-narrow', scene: 'conflicts', route: '/conflicts', size: NARROW, act: select },
  { name: 'conflicts-none', scene: 'conflicts-none', route: '/conflicts' },
  {
    name: 'conflicts-none-dark-de',
    scene: 'conflicts-none',
    route: '/conflicts',
    dark: true,
    language: 'de',
  },
  { name: 'conflicts-failing-de', scene: 'conflicts-failing', route: '/conflicts', language: 'de' },
  { name: 'conflicts-settled', scene: 'conflicts', route: '/conflicts', act: tab(/Settled/) },
  {
    name: 'conflicts-many-plan',
    scene: 'conflicts-many',
    route: '/conflicts',
    act: async (page) => {
      await page.getByRole('checkbox').first().click();
      await press(/Keep theirs/)(page);
    },
  },
  {
    name: 'conflicts-many-over-de',
    scene: 'conflicts-many',
    route: '/conflicts',
    language: 'de',
    act: async (page) => {
      await page.getByRole('checkbox').first().click();
      await press(/Andere behalten/)(page);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Andere behalten/ })
        .click();
      await page.getByRole('heading', { name: /entschieden/ }).waitFor();
      await page.waitForTimeout(300);
    },
  },
  { name: 'conflict-text', scene: 'conflicts', route: '/conflicts/c-1', act: settle },
  { name: 'conflict-text-whole', scene: 'conflicts', route: '/conflicts/c-1', size: TALL, act: settle },
  {
    name: 'conflict-text-whole-dark-de',
    scene: 'conflicts',
    route: '/conflicts/c-1',
    size: TALL,
    dark: true,
    language: 'de',
    act: settle,
  },
  {
    name: 'conflict-text-narrow',
    scene: 'conflicts',
    route: '/conflicts/c-1',
    size: { ...NARROW, height: 2300 },
    act: settle,
  },
  {
    name: 'conflict-lineage-list-de',
    scene: 'conflicts',
    route: '/conflicts/c-1',
    language: 'de',
    act: press(/Liste/),
  },
  {
    name: 'conflict-version',
    scene: 'conflicts',
    route: '/conflicts/c-1',
    act: async (page) => {
      await page.getByRole('toolbar').getByRole('button').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(500);
    },
  },
  { name: 'conflict-zoomed', scene: 'conflicts', route: '/conflicts/c-1', size: ZOOMED, act: settle },
  { name: 'conflicts-zoomed-de', scene: 'conflicts', route: '/conflicts', language: 'de', size: ZOOMED },
  { name: 'conflict-both', scene: 'conflicts', route: '/conflicts/c-1', act: press(/Keep both/) },
  { name: 'conflict-merge', scene: 'conflicts', route: '/conflicts/c-1', act: merge },
  {
    name: 'conflict-merge-dark-de',
    scene: 'conflicts',
    route: '/conflicts/c-1',
    dark: true,
    language: 'de',
    act: merge,
  },
  {
    name: 'conflict-merge-clean',
    scene: 'conflicts',
    route: '/conflicts/c-1',
    act: async (page) => {
      await merge(page);
      await press(/Take theirs/)(page);
      await press(/Take both/)(page);
    },
  },
  { name: 'conflict-merge-tool', scene: 'conflicts-merge-tool', route: '/conflicts/c-1', act: settle },
  {
    name: 'conflict-moved-on',
    scene: 'conflicts-moved-on',
    route: '/conflicts/c-1',
    act: press(/^Keep yours/),
  },
  { name: 'conflict-settled-toast', scene: 'conflicts', route: '/conflicts/c-1', act: press(/^Keep theirs/) },
  { name: 'conflict-picture', scene: 'conflicts', route: '/conflicts/c-2', size: TALL, act: settle },
  {
    name: 'conflict-picture-swipe',
    scene: 'conflicts',
    route: '/conflicts/c-2',
    size: TALL,
    act: tab(/Swipe/),
  },
  {
    name: 'conflict-picture-onion-dark',
    scene: 'conflicts',
    route: '/conflicts/c-2',
    size: TALL,
    dark: true,
    act: tab(/Onion/),
  },
  { name: 'conflict-deleted', scene: 'conflicts', route: '/conflicts/c-3', size: TALL, act: settle },
  {
    name: 'conflict-name-clash-de',
    scene: 'conflicts',
    route: '/conflicts/c-4',
    size: TALL,
    language: 'de',
    act: settle,
  },
  {
    name: 'conflict-pdf',
    scene: 'conflicts',
    route: '/conflicts/c-5',
    size: TALL,
    act: async (page) => page.waitForTimeout(2500),
  },
  { name: 'conflict-same-content', scene: 'conflicts', route: '/conflicts/c-6' },
  { name: 'conflict-settled', scene: 'conflicts', route: '/conflicts/c-20' },
  { name: 'conflict-gone', scene: 'conflicts', route: '/conflicts/c-99' },
  {
    name: 'conflict-offline-de',
    scene: 'conflicts-offline',
    route: '/conflicts/c-1',
    language: 'de',
    size: TALL,
  },
];
