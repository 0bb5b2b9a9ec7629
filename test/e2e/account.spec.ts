/** The account: making one, another password, what is stored; how long history is kept, and holds. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appCommand } from '../support/app.ts';
import { violationsOf } from '../support/axe.ts';
import { rests } from './looking.ts';
import { App, expect, PASSWORD, readText, test, write } from './stage.ts';

const DAY = 86_400_000;

test('another password: a wrong one is said at its field, and devices stay linked', async ({ stage }) => {
  const { app, studio } = stage;
  const { page } = app;
  await write(app.path('big.txt'), 'x'.repeat(50_000));
  await app.ask('wait', { timeout: 20 });
  await app.go('/settings/account');
  await expect(page.getByRole('list', { name: 'Storage' }).getByRole('listitem')).toContainText(
    'Your own files',
  );
  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  const change = dialog.getByRole('button', { name: 'Change password' });
  await dialog.getByLabel('Password so far').fill('not the password');
  await dialog.getByLabel('New password', { exact: true }).fill('short');
  await dialog.getByLabel('New password again').fill('shirt');
  await expect(dialog.getByText('The two are not the same.')).toBeVisible();
  await dialog.getByLabel('New password again').fill('short');
  await change.click();
  await expect(dialog.getByText(/it has fewer than 10 characters/)).toBeVisible();
  await dialog.getByLabel('New password', { exact: true }).fill('four words of one’s own');
  await dialog.getByLabel('New password again').fill('four words of one’s own');
  await change.click();
  await expect(dialog.getByLabel('Password so far')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Password so far').fill(PASSWORD);
  await change.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('The password is changed. All devices stay linked.').first()).toBeVisible();
  await write(app.path('after.txt'), 'still linked');
  await expect.poll(() => readText(studio.path('after.txt'))).toBe('still linked');
  // What was typed is the password now.
  await app.ask('password', { old: 'four words of one’s own', new: PASSWORD, unlinkOthers: false });
});

test('keeping less is asked about first, keeping more is not; a file on hold is listed until it is released', async ({
  stage,
}) => {
  const { app } = stage;
  const { page } = app;
  await write(app.path('evidence.txt'), 'one');
  await app.ask('wait', { timeout: 20 });
  const before = (await app.ask('retention.get', {})).spans;
  await app.go('/settings/keeping');
  await page.getByRole('button', { name: 'Change…' }).click();
  const months = page.getByLabel('The last of each month');
  const wanted = Math.ceil(before.weeklyMs / DAY) + 1;
  await months.fill(String(wanted));
  await page.getByRole('button', { name: 'Save' }).click();
  const question = page.getByRole('dialog', { name: 'Keep less?' });
  await expect(question).toContainText('goes from the server for good');
  await question.getByRole('button', { name: 'Keep as it is' }).click();
  expect((await app.ask('retention.get', {})).spans).toEqual(before);
  await page.getByLabel('What was deleted').fill('400');
  await page.getByRole('button', { name: 'Save' }).click();
  await question.getByRole('button', { name: 'Keep less' }).click();
  await expect(page.getByText('400 days')).toBeVisible();
  expect((await app.ask('retention.get', {})).spans).toEqual({
    ...before,
    monthlyMs: wanted * DAY,
    trashMs: 400 * DAY,
  });

  await app.go('/history/evidence.txt');
  await page.getByRole('button', { name: 'Put on hold…' }).click();
  const hold = page.getByRole('dialog', { name: 'Put evidence.txt on hold' });
  await hold.getByLabel('Reason').fill('the dispute');
  await hold.getByRole('button', { name: 'Put on hold' }).click();
  await expect(page.getByText(/by anna, .*: “the dispute”/)).toBeVisible();
  await rests(page);
  expect(await violationsOf(page)).toEqual([]);
  await app.go('/settings/keeping');
  const held = page.getByRole('list', { name: 'On hold' });
  await expect(held).toContainText('the dispute');
  await rests(page);
  expect(await violationsOf(page)).toEqual([]);
  await held.getByRole('button', { name: 'Release evidence.txt' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await expect(held).toBeHidden();
  expect((await app.ask('retention.get', {})).holds).toEqual([]);
});

test('an account is made where the server lets people do that, and links this computer', async ({
  stage,
}) => {
  const { server } = stage.fleet;
  const base = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  const app = await App.launch({ base });
  const { page } = app;
  try {
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('button', { name: /No account yet/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an account' });
    const make = dialog.getByRole('button', { name: 'Create account' });
    await dialog.getByLabel('Server address').fill(server.url);
    await dialog.getByLabel('User name you want').fill('anna');
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByLabel('Password again').fill(PASSWORD);
    await make.click();
    await expect(dialog.getByText(/makes no accounts for those who ask/)).toBeVisible();
    await server.stop();
    await server.start(['--sign-up', 'open']);
    await make.click();
    await expect(dialog.getByText(/There is an account with that name already/)).toBeVisible();
    expect(await violationsOf(page, { except: ['region'] })).toEqual([]);
    await dialog.getByLabel('User name you want').fill('carla');
    await make.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('The account carla is there.')).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Start syncing' }).click();
    await app.inStep();
    await write(join(appCommand({ base }).folder, 'first.txt'), 'mine');
    await app.ask('wait', { timeout: 20 });
    expect((await app.ask('status', {})).user).toBe('carla');
    expect(app.faults).toEqual([]);
  } finally {
    await app.close();
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
});
