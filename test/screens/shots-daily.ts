/** First run, overview, popover, activity, problems, explain. */
import type { Page } from '@playwright/test';
import { HOSTILE_NAMES } from './scenes/hostile-names.ts';
import type { Shot } from './shot-list.ts';

const POPOVER = { width: 380, height: 560 };
const NARROW = { width: 640, height: 900 };
const TALL = { width: 900, height: 1180 };

async function tryHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try it here' }).click();
  await page.waitForTimeout(400);
}

/** The fold of a server's own certificate, with a file chosen. */
async function lookAtOne(page: Page): Promise<void> {
  await page.getByLabel(/^(Server address|Adresse des Servers)$/).fill('https://sync.example.org');
  await page.getByLabel(/^(User name|Benutzername)$/).fill('anna');
  await page.getByLabel(/^(Password|Passwort)$/).fill('correct horse');
  await page.locator('summary').click();
  await page.getByRole('button', { name: /^(Choose certificate|Zertifikat wählen)/ }).click();
  await page.waitForTimeout(200);
}

async function trustOne(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Connect|Verbinden)$/ }).click();
  await lookAtOne(page);
  await page.getByRole('checkbox').click();
}

const STATES = [
  'setting-up',
  'base',
  'checking',
  'syncing',
  'delayed',
  'paused',
  'offline',
  'needs-you',
  'warning',
  'error',
];

export const DAILY_SHOTS: readonly Shot[] = [
  ...STATES.map((scene) => ({
    name: scene === 'base' ? 'overview' : `overview-${scene}`,
    scene,
    route: '/',
  })),
  { name: 'overview-dark', scene: 'base', route: '/', dark: true },
  { name: 'overview-syncing-dark', scene: 'syncing', route: '/', dark: true },
  { name: 'overview-needs-you-de', scene: 'needs-you', route: '/', language: 'de' },
  { name: 'overview-signed-out', scene: 'signed-out', route: '/' },
  { name: 'overview-narrow', scene: 'syncing', route: '/', size: NARROW },
  { name: 'overview-engine-lost', scene: 'engine-lost', route: '/' },
  { name: 'overview-empty', scene: 'empty', route: '/' },
  { name: 'overview-hostile', scene: 'hostile', route: '/' },
  ...STATES.map((scene) => ({
    name: scene === 'base' ? 'popover' : `popover-${scene}`,
    scene,
    route: '/popover',
    size: POPOVER,
  })),
  { name: 'popover-dark', scene: 'syncing', route: '/popover', size: POPOVER, dark: true },
  { name: 'popover-de', scene: 'needs-you', route: '/popover', size: POPOVER, language: 'de' },
  { name: 'popover-empty', scene: 'empty', route: '/popover', size: POPOVER },
  { name: 'popover-engine-lost', scene: 'engine-lost', route: '/popover', size: POPOVER },
  { name: 'popover-hostile', scene: 'hostile', route: '/popover', size: POPOVER },
  { name: 'popover-hostile-stop', scene: 'hostile-stop', route: '/popover', size: POPOVER },
  { name: 'activity', scene: 'ledger', route: '/activity' },
  { name: 'activity-dark', scene: 'base', route: '/activity', dark: true },
  { name: 'activity-de', scene: 'ledger', route: '/activity', language: 'de' },
  { name: 'activity-narrow', scene: 'ledger', route: '/activity', size: NARROW },
  { name: 'activity-empty', scene: 'empty', route: '/activity' },
  { name: 'activity-failing', scene: 'failing', route: '/activity' },
  { name: 'activity-hostile', scene: 'hostile', route: '/activity' },
  {
    name: 'activity-searched',
    scene: 'ledger',
    route: '/activity',
    act: async (page) => {
      await page.getByRole('searchbox').fill('ferry');
      await page.waitForTimeout(600);
    },
  },
  { name: 'problems', scene: 'problems', route: '/problems/name-held' },
  { name: 'problems-dark', scene: 'problems', route: '/problems/disk-full', dark: true },
  { name: 'problems-de', scene: 'problems', route: '/problems/name-held', language: 'de' },
  { name: 'problems-narrow', scene: 'problems', route: '/problems/name-held', size: NARROW },
  { name: 'problems-stopped', scene: 'problems-stopped', route: '/problems' },
  { name: 'problems-empty', scene: 'base', route: '/problems' },
  { name: 'problems-failing', scene: 'failing', route: '/problems' },
  { name: 'problems-hostile', scene: 'hostile', route: '/problems' },
  {
    name: 'problems-rename',
    scene: 'problems',
    route: '/problems/name-held',
    act: async (page) => {
      await page
        .getByRole('button', { name: /^Rename for everyone/ })
        .first()
        .click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'explain',
    scene: 'base',
    route: `/explain/${encodeURIComponent('Projects/Harbour/roadmap.xlsx')}`,
  },
  {
    name: 'explain-dark',
    scene: 'base',
    route: `/explain/${encodeURIComponent('Projects/Harbour/roadmap.xlsx')}`,
    dark: true,
  },
  {
    name: 'explain-de',
    scene: 'base',
    route: `/explain/${encodeURIComponent('Projects/Harbour/roadmap.xlsx')}`,
    language: 'de',
    size: { width: 1180, height: 1240 },
  },
  {
    name: 'explain-narrow',
    scene: 'base',
    route: `/explain/${encodeURIComponent('Projects/Harbour/roadmap.xlsx')}`,
    size: NARROW,
  },
  { name: 'explain-excluded', scene: 'base', route: `/explain/${encodeURIComponent('Projects/draft.tmp')}` },
  { name: 'explain-unknown', scene: 'base', route: '/explain/nothing.txt' },
  { name: 'explain-empty', scene: 'base', route: '/explain' },
  { name: 'explain-failing', scene: 'failing', route: '/explain/a.txt' },
  {
    name: 'explain-hostile',
    scene: 'hostile',
    route: `/explain/${encodeURIComponent(HOSTILE_NAMES[1] ?? '')}`,
    size: { width: 1180, height: 1240 },
    act: async (page) => {
      await page.locator('summary').click();
    },
  },
  { name: 'first-run', scene: 'first-run', route: '/' },
  { name: 'first-run-dark', scene: 'first-run', route: '/', dark: true },
  { name: 'first-run-de', scene: 'first-run', route: '/', language: 'de' },
  { name: 'first-run-narrow', scene: 'first-run', route: '/', size: NARROW },
  { name: 'first-run-here', scene: 'first-run', route: '/', act: tryHere },
  { name: 'first-run-merge', scene: 'first-run-merge', route: '/', act: tryHere, size: TALL },
  {
    name: 'first-run-merge-dark',
    scene: 'first-run-merge',
    route: '/',
    dark: true,
    size: TALL,
    act: async (page) => {
      await tryHere(page);
      await page.getByText('Different on each side').click();
      await page.getByText('Deleted on the server before').click();
      await page.getByRole('button', { name: 'Start syncing' }).click();
      await page.waitForTimeout(200);
    },
  },
  { name: 'first-run-refused', scene: 'first-run-refused', route: '/', act: tryHere },
  {
    name: 'first-run-sign-up',
    scene: 'first-run-refused',
    route: '/',
    act: async (page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: /No account yet/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Server address').fill('https://sync.example.org');
      await dialog.getByLabel('User name you want').fill('anna');
      for (const field of await dialog.locator('input[type=password]').all())
        await field.fill('correct horse');
      await dialog.getByRole('button', { name: 'Create account' }).click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'first-run-sign-up-dark-de',
    scene: 'first-run-refused',
    route: '/',
    dark: true,
    language: 'de',
    act: async (page) => {
      await page.getByRole('button', { name: 'Verbinden' }).click();
      await page.getByRole('button', { name: /Noch kein Konto/ }).click();
      await page.waitForTimeout(400);
    },
  },
  { name: 'first-run-certificate', scene: 'first-run-certificate', route: '/', act: trustOne, size: TALL },
  {
    name: 'first-run-certificate-dark-de',
    scene: 'first-run-unproven',
    route: '/',
    dark: true,
    language: 'de',
    size: TALL,
    act: async (page) => {
      await trustOne(page);
      await page.getByRole('button', { name: 'Weiter' }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'first-run-no-certificate',
    scene: 'first-run-no-certificate',
    route: '/',
    size: NARROW,
    act: async (page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await lookAtOne(page);
    },
  },
  {
    name: 'first-run-server',
    scene: 'first-run-refused',
    route: '/',
    act: async (page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByLabel('Server address').fill('https://sync.example.org');
      await page.getByLabel('User name').fill('anna');
      await page.getByLabel('Password').fill('correct horse');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'overview-pausing',
    scene: 'base',
    route: '/',
    act: async (page) => {
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'overview-sign-in',
    scene: 'signed-out',
    route: '/',
    act: async (page) => {
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'overview-undone',
    scene: 'base',
    route: '/',
    act: async (page) => {
      await page.getByRole('button', { name: /^Undo: Edited roadmap/ }).click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'activity-scrolled',
    scene: 'ledger',
    route: '/activity',
    act: async (page) => {
      const list = page.getByRole('region', { name: 'Activity' });
      for (let turn = 0; turn < 6; turn += 1) {
        await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        await page.waitForTimeout(150);
      }
      await page
        .getByRole('button', { name: /^More for/ })
        .last()
        .click();
      await page.waitForTimeout(200);
    },
  },
];
