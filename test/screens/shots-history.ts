/** History, trash, review. */
import type { Shot } from './shot-list.ts';

const NARROW = { width: 680, height: 900 };
const LIST = `/history/${encodeURIComponent('Notes/reading list.md')}`;
const PHOTO = `/history/${encodeURIComponent('Projects/Harbour/photos/quay-east-04.jpg')}`;
const HARBOUR = `/history/${encodeURIComponent('Projects/Harbour')}`;

const press = (name: RegExp) => async (page: Parameters<NonNullable<Shot['act']>>[0]) => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForTimeout(400);
};
const older: NonNullable<Shot['act']> = async (page) => {
  await page.getByRole('button', { name: /^V38/ }).click();
  await page.getByRole('tab', { name: /Compare|Vergleichen/ }).click();
  await page.waitForTimeout(600);
};
const plan = press(/Show what would change|Zeigen, was sich ändern/);

export const HISTORY_SHOTS: readonly Shot[] = [
  { name: 'history', scene: 'base', route: '/history' },
  { name: 'history-file', scene: 'base', route: LIST },
  { name: 'history-file-dark', scene: 'base', route: LIST, dark: true },
  { name: 'history-file-narrow', scene: 'base', route: LIST, size: NARROW },
  { name: 'history-compare', scene: 'base', route: LIST, act: older },
  { name: 'history-compare-dark', scene: 'base', route: LIST, dark: true, act: older },
  { name: 'history-compare-narrow-de', scene: 'base', route: LIST, language: 'de', size: NARROW, act: older },
  {
    name: 'history-picture-compare',
    scene: 'base',
    route: PHOTO,
    act: async (page) => {
      await page.getByRole('tab', { name: 'Compare' }).click();
      await page.waitForTimeout(600);
    },
  },
  {
    name: 'history-deleted-de',
    scene: 'base',
    language: 'de',
    route: `/history/${encodeURIComponent('Projects/Harbour/draft-old.docx')}`,
  },
  {
    name: 'history-two-files',
    scene: 'base',
    route: `/history/${encodeURIComponent('Notes/ideas.txt')}`,
    act: async (page) => {
      await page.getByRole('button', { name: /^V39/ }).click();
      await page.getByRole('button', { name: 'Restore as copy' }).click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'history-unknown', scene: 'base', route: '/history/Nothing' },
  {
    name: 'history-offline-de',
    scene: 'history-offline',
    language: 'de',
    route: LIST,
  },
  { name: 'moment', scene: 'base', route: HARBOUR },
  { name: 'moment-plan', scene: 'base', route: HARBOUR, act: plan },
  { name: 'moment-plan-dark-de', scene: 'base', route: HARBOUR, dark: true, language: 'de', act: plan },
  {
    name: 'moment-done',
    scene: 'base',
    route: HARBOUR,
    act: async (page) => {
      await plan(page);
      await press(/Make these/)(page);
    },
  },
  { name: 'trash', scene: 'base', route: '/trash' },
  { name: 'trash-dark-de', scene: 'base', route: '/trash', dark: true, language: 'de' },
  { name: 'trash-narrow', scene: 'base', route: '/trash', size: NARROW },
  { name: 'trash-partly-de', scene: 'trash-partly', route: '/trash', language: 'de' },
  { name: 'trash-empty', scene: 'trash-empty', route: '/trash' },
  {
    name: 'trash-search',
    scene: 'base',
    route: '/trash',
    act: async (page) => {
      await page.getByRole('searchbox').fill('quay-01');
      await page.waitForTimeout(700);
    },
  },
  { name: 'review', scene: 'base', route: '/review' },
  { name: 'review-de', scene: 'base', route: '/review', language: 'de' },
  { name: 'review-empty', scene: 'review-empty', route: '/review' },
  { name: 'review-batch', scene: 'base', route: '/review/r1' },
  { name: 'review-batch-dark', scene: 'base', route: '/review/r3', dark: true },
  { name: 'review-batch-narrow-de', scene: 'base', route: '/review/r2', language: 'de', size: NARROW },
  {
    name: 'review-far',
    scene: 'base',
    route: '/review/r3',
    act: async (page) => {
      await page
        .locator('section[tabindex="0"]')
        .last()
        .evaluate((list) => {
          list.scrollTop = list.scrollHeight;
        });
      await page.waitForTimeout(2500);
    },
  },
  {
    name: 'review-confirm',
    scene: 'base',
    route: '/review/r1',
    act: press(/Delete everywhere/),
  },
];
