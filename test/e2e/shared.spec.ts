/** Sharing as people do it: anna at the app, ben at another computer, one server. */
import { mkdir } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { violationsOf } from '../support/axe.ts';
import type { TestDevice } from '../support/devices.ts';
import { rests } from './looking.ts';
import { type App, expect, readText, type Stage, test, write } from './stage.ts';

/** Ben's own computer, linked once for the whole file. */
let bens: Promise<TestDevice> | null = null;
function benOf({ fleet }: Stage): Promise<TestDevice> {
  bens ??= (async () => {
    await fleet.addUser('ben');
    const device = await fleet.linkFor('ben', 'Bens-PC');
    await device.start();
    await device.ask('wait', { timeout: 20 });
    return device;
  })();
  return bens;
}

/** Ben makes it, puts a file in, and invites anna. */
async function invited(stage: Stage, name: string, role: 'editor' | 'viewer'): Promise<TestDevice> {
  const ben = await benOf(stage);
  await ben.ask('shares.create', { name, kind: 'folder' });
  await expect
    .poll(() =>
      write(ben.path(`${name}/hello.txt`), 'from Ben').then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await ben.ask('shares.member', { share: name, user: 'anna', role });
  return ben;
}

async function accept({ page }: App, name: string, place: string): Promise<void> {
  const invitations = page.getByRole('list', { name: 'Invitations' });
  await invitations.getByRole('button', { name: `Accept… the invitation to ${name}` }).click();
  const dialog = page.getByRole('dialog', { name: `Accept ${name}` });
  await dialog.getByLabel('Its folder').fill(place);
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect(dialog).toBeHidden();
}

const line = (page: Page, list: string, name: string) =>
  page.getByRole('list', { name: list, exact: true }).getByRole('link', { name: new RegExp(`^${name}`) });

test('invited, accepted at a place, made a viewer, and left: each step says what it does', async ({
  stage,
}) => {
  const { app } = stage;
  const { page } = app;
  await mkdir(app.path('Work'));
  await app.ask('wait', { timeout: 20 });
  const ben = await invited(stage, 'Plans', 'editor');
  await app.go('/');
  await page.getByRole('button', { name: 'See who invites you' }).click();
  await expect(page.getByText('ben invites you to this shared folder. As an editor')).toBeVisible();
  await accept(app, 'Plans', 'Work/Plans with Ben');
  await expect.poll(() => readText(app.path('Work/Plans with Ben/hello.txt'))).toBe('from Ben');
  await write(app.path('Work/Plans with Ben/answer.txt'), 'from Anna');
  await expect.poll(() => readText(ben.path('Plans/answer.txt'))).toBe('from Anna');

  await expect(line(page, 'Shared with you', 'Plans')).toContainText('Editor');
  await line(page, 'Shared with you', 'Plans').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Plans' })).toBeVisible();
  await expect(page.getByTestId('read-only')).toBeHidden();
  await ben.ask('shares.member', { share: 'Plans', user: 'anna', role: 'viewer' });
  await expect(page.getByTestId('read-only')).toContainText('You can look, not change');
  const members = page.getByRole('list', { name: 'Members' });
  await expect(members.getByRole('listitem').filter({ hasText: 'anna' })).toContainText('Viewer');
  await rests(page);
  expect(await violationsOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Leave' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave Plans?' });
  await expect(dialog).toContainText('Work/Plans with Ben goes to the trash of this computer');
  await expect(dialog).toContainText('not sent yet is kept');
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await expect.poll(() => readText(app.path('Work/Plans with Ben/hello.txt'))).toBe(null);
  await expect(line(page, 'Shared with you', 'Plans')).toBeHidden();
  expect(await readText(ben.path('Plans/answer.txt'))).toBe('from Anna');
});

test('taken out by ben: the app says so, and where what was not sent is', async ({ stage }) => {
  const { app } = stage;
  const { page } = app;
  const ben = await invited(stage, 'Budget', 'editor');
  await app.go('/shared');
  await accept(app, 'Budget', 'Budget');
  await expect.poll(() => readText(app.path('Budget/hello.txt'))).toBe('from Ben');
  await app.ask('wait', { timeout: 20 });
  await app.ask('pause', {});
  await write(app.path('Budget/unsent.txt'), 'never sent');
  await ben.ask('shares.remove', { share: 'Budget', user: 'anna' });
  await app.ask('resume', {});
  const ended = page.getByRole('list', { name: 'Not shared with you any more' });
  await expect(ended).toContainText('ben took you out of Budget.', { timeout: 40_000 });
  await expect(ended).toContainText(
    'What you had changed and could not be sent is in Budget (kept from a share)',
  );
  await expect(ended.getByRole('button', { name: 'Show what was kept' })).toBeVisible();
  expect(await readText(app.path('Budget (kept from a share)/unsent.txt'))).toBe('never sent');
  await rests(page);
  expect(await violationsOf(page)).toEqual([]);
  await ended.getByRole('button', { name: 'Dismiss what is told about Budget' }).press('Enter');
  await expect(ended).toHaveCount(0);
  expect(await readText(app.path('Budget (kept from a share)/unsent.txt'))).toBe('never sent');
});

test('a folder is shared by its owner: invite, another role, taken out', async ({ stage }) => {
  const { app } = stage;
  const { page } = app;
  const ben = await benOf(stage);
  await mkdir(app.path('Harbour'));
  await write(app.path('Harbour/quay.txt'), 'the quay');
  await app.ask('wait', { timeout: 20 });
  await app.electron.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] });
  }, app.path('Harbour'));
  await app.go('/shared');
  await page.getByRole('button', { name: 'Share a folder' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share a folder' });
  await dialog.getByRole('radio', { name: /The contents of a folder/ }).click();
  await dialog.getByRole('button', { name: 'Choose a folder…' }).click();
  await expect(dialog.getByLabel('Name')).toHaveValue('Harbour');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Harbour' })).toBeVisible({ timeout: 40_000 });
  expect(await readText(app.path('Harbour/quay.txt'))).toBe('the quay');
  await expect(page.getByRole('button', { name: 'Leave' })).toBeDisabled();

  const form = page.getByRole('form', { name: 'Invite somebody' });
  await form.getByLabel('User name').fill('ben');
  await form.getByRole('button', { name: 'Invite' }).click();
  const his = page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: 'ben' });
  await expect(his).toContainText('Invited');
  await ben.ask('shares.answer', { share: 'Harbour', accept: true });
  await expect.poll(() => readText(ben.path('Harbour/quay.txt')), { timeout: 40_000 }).toBe('the quay');
  await app.go('/shared');
  await line(page, 'Shared by you', 'Harbour').click();
  await expect(his).not.toContainText('Invited');
  await his.getByRole('combobox', { name: 'Role of ben' }).click();
  await page.getByRole('option', { name: 'Viewer' }).click();
  await expect
    .poll(async () => (await ben.ask('shares.list', {})).shares.find(({ name }) => name === 'Harbour')?.role)
    .toBe('viewer');
  await his.getByRole('button', { name: 'Take out ben' }).click();
  const question = page.getByRole('dialog', { name: 'Take ben out of Harbour?' });
  await expect(question).toContainText('stays with them, outside the shared folder');
  await question.getByRole('button', { name: 'Take out' }).click();
  await expect(his).toBeHidden();
  await expect.poll(() => readText(ben.path('Harbour/quay.txt')), { timeout: 40_000 }).toBe(null);
});
