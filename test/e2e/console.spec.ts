/** The console in a real Chromium: every page, for eyes, keyboards and screen readers, with names that mean harm. */
import { expect, test } from '@playwright/test';
import { violationsOf } from '../support/axe.ts';
import { type ConsoleScene, consoleScene, HOSTILE_NAMES, OTHER_USER } from '../support/console-scene.ts';
import { ConsoleWindow } from '../support/console-window.ts';
import { TEST_USER } from '../support/server.ts';

let scene: ConsoleScene;
let window: ConsoleWindow;

test.beforeAll(async () => {
  scene = await consoleScene(true);
  window = await ConsoleWindow.open();
});
test.afterAll(async () => {
  await window.close();
  await scene.close();
});
test.describe.configure({ mode: 'serial' });

test('who is no administrator stays outside, and is told no more than that', async () => {
  await window.signIn(scene.consoleUrl, OTHER_USER);
  await expect(window.page.getByRole('alert')).toContainText('no administrator');
  expect(await violationsOf(window.page)).toEqual([]);
  // The browser itself notes the 401.
  window.faults.length = 0;
});

const WITH_PICTURES = /^\/($|devices|conflicts|find\?about=[0-9a-f])/;

test('every page is without a fault in both themes, and nothing on it is out of reach', async () => {
  await window.signIn(scene.consoleUrl, TEST_USER);
  await expect(window.page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  const pages = [
    '/',
    '/find',
    '/find?about=report',
    `/find?about=${scene.node}`,
    `/find?about=${scene.conflict}`,
    `/find?about=${scene.laptop.link.deviceId}`,
    '/devices',
    '/conflicts',
    '/jobs',
    '/switches',
    '/switches/confirm?name=widen-holds&to=on',
  ];
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.page.emulateMedia({ colorScheme });
    // Dark is the same pages in other colours: those with pictures show all of them.
    for (const path of colorScheme === 'light' ? pages : pages.filter((each) => WITH_PICTURES.test(each))) {
      await window.page.goto(scene.consoleUrl + path);
      await expect(window.page.getByRole('heading', { level: 1 })).toHaveCount(1);
      expect(await violationsOf(window.page), `${path} ${colorScheme}`).toEqual([]);
    }
  }
  expect(window.faults).toEqual([]);
});

test('the charts draw what the server counts, while somebody works', async () => {
  await window.page.goto(scene.consoleUrl);
  const claims = window.page.locator('.chart[data-figure="tidemark_claims_total"]');
  await expect(claims.locator('.legend li').first()).toContainText('committed');
  await scene.phone.addFile('made while looking.txt', Buffer.from('x'));
  await expect(claims.locator('polyline.series').first()).toHaveAttribute('points', /\d,.* .*\d,/);
  await expect(window.page.locator('#live-state')).toContainText('every two seconds');
});

test('a reported name leads to the story, by keyboard alone', async () => {
  const { page } = window;
  await page.goto(scene.consoleUrl);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'To the content' })).toBeFocused();
  await page.getByLabel('What was reported?').fill('quartely report');
  await page.keyboard.press('Enter');
  const match = page.getByRole('link', { name: '/Q3 report.docx', exact: true });
  await match.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('/Q3 report.docx');
  for (const heading of ['The deletion before it came back', 'Lineage', 'Which devices have heard of it'])
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  await expect(page.locator('.lineage svg .dot.copy')).toHaveCount(1);
});

test('names that mean harm are shown, and do nothing', async () => {
  const { page } = window;
  for (const [i, node] of scene.hostile.entries()) {
    await page.goto(`${scene.consoleUrl}/find?about=${node}`);
    const shown = (HOSTILE_NAMES[i] ?? '').replace('\u202e', 'U+202E');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`/${shown}`);
    expect(await page.title()).toContain('Tidemark console');
    const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wider, 'nothing pushes the page apart').toBeLessThanOrEqual(0);
  }
  expect(window.faults).toEqual([]);
});

test('a switch is turned after a second yes, and says so on every page', async () => {
  const { page } = window;
  await page.goto(`${scene.consoleUrl}/switches`);
  await page
    .locator('li', { hasText: 'stop-destructive-gc' })
    .getByRole('link', { name: 'Turn it on…' })
    .click();
  await page.getByLabel('Why?').fill('an audit of the lineage');
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByText('Switched on:')).toBeVisible();
  await expect(page.locator('li', { hasText: 'stop-destructive-gc' })).toContainText(
    'an audit of the lineage',
  );
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});
