/** Screen readers, the keyboard alone, little motion, twice the size: on every screen of the real app. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violationsOf } from '../support/axe.ts';
import { focused, rests, stickingOut, tabTo } from './looking.ts';
import { App, agreed, expect, makeConflict, readText, type Stage, test, write } from './stage.ts';

const SECTIONS = [
  'account',
  'keeping',
  'folders',
  'ignore',
  'bandwidth',
  'power',
  'notifications',
  'general',
];
const MORE_SECTIONS = ['merge', 'security', 'diagnostics', 'about'];
/** What depends on the theme; all else is the same in both. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const SIDES = { base: 'one\ntwo\nthree\n', theirs: 'one\nTWO\nthree\n', mine: 'one\ntwo\nTHREE\n' };

/** Something on every screen, made once: a conflict, versions, a deleted file, a held batch. */
let made: Promise<readonly string[]> | null = null;
function routesOf(stage: Stage): Promise<readonly string[]> {
  made ??= fill(stage);
  return made;
}

async function fill(stage: Stage): Promise<readonly string[]> {
  const { app, studio } = stage;
  await mkdir(studio.path('album'));
  for (let i = 0; i < 60; i += 1) await write(studio.path(`album/photo ${i}.txt`), `photo ${i}`);
  await write(studio.path('gone.txt'), 'deleted soon');
  await agreed(stage, 'gone.txt', 'deleted soon');
  await agreed(stage, 'album/photo 59.txt', 'photo 59');
  await rm(studio.path('gone.txt'));
  const conflict = await makeConflict(stage, 'plan.txt', SIDES);
  await app.ask('wait', { timeout: 20 });
  await app.ask('pause', {});
  await rm(app.path('album'), { recursive: true });
  await app.ask('resume', {});
  await expect
    .poll(async () => (await app.ask('review.list', {})).batches.length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  const batch = (await app.ask('review.list', {})).batches[0]?.id ?? '';
  const share = await app.ask('shares.create', { name: 'Plans', kind: 'folder' });
  return [
    ...['/', '/activity', '/conflicts', `/conflicts/${conflict}`, '/history', '/history/plan.txt'],
    ...['/history/album', '/trash', '/review', `/review/${batch}`, '/problems', '/explain'],
    ...['/explain/plan.txt', '/shared', `/shared/${share.id}`, '/devices', '/popover'],
    ...[...SECTIONS, ...MORE_SECTIONS].map((section) => `/settings/${section}`),
  ];
}

async function open(app: App, route: string): Promise<void> {
  const { page } = app;
  await app.go(route);
  await expect(page.locator('main, #root > *').first()).toBeVisible();
  await rests(page);
}

function paint(app: App, theme: 'light' | 'dark'): Promise<void> {
  return app.electron.evaluate(({ nativeTheme }, wanted) => {
    nativeTheme.themeSource = wanted;
  }, theme);
}

test('axe finds nothing on any screen, in light and in dark', async ({ stage }) => {
  const { app } = stage;
  const found: string[] = [];
  const routes = await routesOf(stage);
  for (const theme of ['light', 'dark'] as const) {
    await paint(app, theme);
    await expect(app.page.locator('html')).toHaveAttribute('data-theme', theme);
    for (const route of routes) {
      await open(app, route);
      const wish = theme === 'dark' ? { only: COLOURS } : {};
      for (const each of await violationsOf(app.page, wish)) found.push(`${route} ${theme} ${each}`);
    }
  }
  await paint(app, 'light');
  expect(found).toEqual([]);
});

test('a conflict is settled with the keyboard alone, and the focus is never lost', async ({ stage }) => {
  const { app, studio } = stage;
  const { page } = app;
  await routesOf(stage);
  await open(app, '/');
  await page.reload();
  await rests(page);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ name: 'Skip to content', seen: true });
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');

  await tabTo(page, /^Conflicts/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Conflicts' })).toBeVisible();
  await rests(page);
  await tabTo(page, /plan\.txt/);
  if ((await focused(page)).tag !== 'a') await tabTo(page, /plan\.txt/);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('story')).toBeVisible();
  await tabTo(page, /^Keep both/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Keep both' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await focused(page)).name).toMatch(/^Keep both/);
  await page.keyboard.press('Enter');
  const name = dialog.getByLabel('Name of the copy');
  await expect(name).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('plan, from Anna.txt');
  await tabTo(page, /^Keep both/);
  await page.keyboard.press('Enter');
  await expect.poll(() => readText(studio.path('plan, from Anna.txt')), { timeout: 30_000 }).toBe(SIDES.mine);
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await focused(page)).tag).not.toBe('body');
});

test('syncing is paused and resumed with the keyboard alone; Escape closes the menu', async ({ stage }) => {
  const { app } = stage;
  const { page } = app;
  await open(app, '/');
  await tabTo(page, /^Pause$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  expect(await focused(page)).toMatchObject({ name: 'Pause', seen: true });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await violationsOf(page, { except: ['region'] })).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(app.headline()).toHaveAttribute('data-state', /paused|needs-you/);
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect.poll(async () => (await focused(page)).tag).not.toBe('body');
  await tabTo(page, /^Resume$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('who wants little motion sees none', async ({ stage }) => {
  const { app } = stage;
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  for (const route of await routesOf(stage)) {
    await app.go(route);
    await app.page.waitForTimeout(50);
    const moving = await app.page.evaluate(() =>
      document
        .getAnimations()
        .filter(
          (each) => each.playState === 'running' && Number(each.effect?.getComputedTiming().duration) > 10,
        )
        .map((each) => String(each.effect?.getComputedTiming().duration)),
    );
    expect(moving, route).toEqual([]);
  }
  await app.page.emulateMedia({ reducedMotion: 'no-preference' });
});

test('at 200 % no screen has to be scrolled sideways, and nothing is cut off', async ({ stage }) => {
  const { app } = stage;
  const zoom = (factor: number) =>
    app.electron.evaluate(({ BrowserWindow }, by) => {
      BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(by);
    }, factor);
  const found: string[] = [];
  const routes = await routesOf(stage);
  await zoom(2);
  for (const route of routes.filter((each) => each !== '/popover')) {
    await open(app, route);
    for (const each of await stickingOut(app.page)) found.push(`${route}: ${each}`);
  }
  await zoom(1);
  expect(found).toEqual([]);
});

test('the first start is as open to everybody', async () => {
  const base = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  const app = await App.launch({ base });
  try {
    await expect(app.page.getByRole('button', { name: 'Try it here' })).toBeVisible();
    await rests(app.page);
    expect(await violationsOf(app.page)).toEqual([]);
    await tabTo(app.page, /^Connect/);
    await paint(app, 'dark');
    await expect(app.page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await rests(app.page);
    expect(await violationsOf(app.page, { only: COLOURS })).toEqual([]);
  } finally {
    await app.close();
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
});
