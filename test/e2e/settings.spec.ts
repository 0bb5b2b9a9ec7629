/** What is set holds: on this computer, on the server, and after a restart of the app. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { App, agreed, expect, readText, test, write } from './stage.ts';

test('ignore rules: what would stop is shown first; saved, both sides keep the file and edits stay apart', async ({
  stage,
}) => {
  const { app, studio } = stage;
  await write(studio.path('draft.tmp'), 'first');
  await write(studio.path('kept.txt'), 'first');
  await agreed(stage, 'draft.tmp', 'first');
  await agreed(stage, 'kept.txt', 'first');
  await app.go('/settings/ignore');
  const rules = app.page.getByLabel('Only on this computer');
  await rules.fill('*.tmp');
  await expect(app.page.getByText(/^Would stop syncing 1 file /)).toBeVisible();
  await expect(
    app.page.getByRole('region', { name: 'Files that would not be synced any more' }),
  ).toContainText('draft.tmp');
  expect((await app.ask('ignore.get', { folder: '' })).local).toBe('');
  await app.page.getByRole('button', { name: 'Save rules' }).click();
  await expect(app.page.getByText('The rules are saved.')).toBeVisible();
  await write(studio.path('draft.tmp'), 'second, by the studio');
  await write(studio.path('kept.txt'), 'second, by the studio');
  await agreed(stage, 'kept.txt', 'second, by the studio');
  await studio.ask('wait', { timeout: 20 });
  await app.ask('wait', { timeout: 20 });
  expect(await readText(app.path('draft.tmp'))).toBe('first');
  expect(await readText(studio.path('draft.tmp'))).toBe('second, by the studio');
  await rules.fill('');
  await app.page.getByRole('button', { name: 'Save rules' }).click();
  await agreed(stage, 'draft.tmp', 'second, by the studio');
});

test('a folder leaves this computer, stays with the others, and comes back; not while something in it is unsent', async ({
  stage,
}) => {
  const { app, studio } = stage;
  await mkdir(studio.path('archive'));
  await write(studio.path('archive/deed.txt'), 'signed');
  await agreed(stage, 'archive/deed.txt', 'signed');
  await app.go('/settings/folders');
  const remove = app.page.getByRole('button', { name: 'Remove from this computer: archive, stays online' });
  const dialog = app.page.getByRole('dialog', { name: 'Remove archive from this computer' });

  const free = await app.ask('settings.get', {});
  const unsent = randomBytes(150_000).toString('hex');
  await app.ask('settings.set', { settings: { ...free, up: 1 } });
  await write(app.path('archive/unsent.txt'), unsent);
  await remove.click();
  await expect(dialog.getByRole('region', { name: 'What keeps it from being removed' })).toContainText(
    'unsent.txt',
  );
  await expect(dialog.getByRole('button', { name: 'Remove, stays online' })).toHaveCount(0);
  expect(await readText(app.path('archive/unsent.txt'))).toBe(unsent);
  await app.ask('settings.set', { settings: free });
  await agreed(stage, 'archive/unsent.txt', unsent);
  await app.ask('wait', { timeout: 20 });
  await expect(dialog.getByText('2 files')).toBeVisible();
  await dialog.getByRole('button', { name: 'Remove, stays online' }).click();
  await expect.poll(() => readdir(app.folder)).not.toContain('archive');
  await expect(app.page.getByText('Only online')).toBeVisible();
  expect((await readdir(studio.path('archive'))).toSorted()).toEqual(['deed.txt', 'unsent.txt']);
  await write(studio.path('archive/deed.txt'), 'signed twice');
  await studio.ask('wait', { timeout: 20 });
  await app.ask('wait', { timeout: 20 });
  expect(await readdir(app.folder)).not.toContain('archive');
  await app.page.getByRole('button', { name: 'Bring here: archive' }).click();
  await agreed(stage, 'archive/deed.txt', 'signed twice');
  await agreed(stage, 'archive/unsent.txt', unsent);
});

test('limits of the bandwidth hold at once, and nonsense is not taken', async ({ stage }) => {
  const { app } = stage;
  await app.go('/settings/bandwidth');
  const save = app.page.getByRole('button', { name: 'Save', exact: true });
  const up = app.page.getByLabel('Upload limit (KiB/s)', { exact: true });
  await up.fill('0');
  await expect(app.page.getByText('A whole number from 1 to 10,000,000, or nothing.')).toBeVisible();
  await expect(save).toBeDisabled();
  await up.fill('900');
  await app.page.getByLabel('Download limit (KiB/s)', { exact: true }).fill('1200');
  await save.click();
  await expect.poll(() => app.ask('settings.get', {})).toMatchObject({ up: 900, down: 1200 });
  const news = app.page.getByRole('dialog', { name: 'News' });
  await news.filter({ hasText: 'Saved. It holds' }).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => app.ask('settings.get', {})).toMatchObject({ up: null, down: null });
});

test('devices are listed, and one that is unlinked here stops and keeps its files', async ({ stage }) => {
  const { app, fleet } = stage;
  const third = await fleet.link('Old-Phone');
  await third.start();
  await write(app.path('everywhere.txt'), 'on all three');
  await expect.poll(() => readText(third.path('everywhere.txt')), { timeout: 30_000 }).toBe('on all three');
  await app.go('/devices');
  const devices = app.page.getByRole('list', { name: 'Devices of your account' });
  await expect(devices.getByRole('listitem').filter({ hasText: 'Studio-PC' })).toBeVisible();
  await expect(devices.getByRole('listitem').first()).toContainText('Anna-Laptop');
  await devices.getByRole('button', { name: 'Unlink Old-Phone' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Unlink Old-Phone' });
  await expect(dialog).toContainText('keeps the files it has');
  await dialog.getByRole('button', { name: 'Unlink' }).click();
  await expect(devices.getByRole('listitem').filter({ hasText: 'Old-Phone' })).toContainText('Unlinked');
  await expect.poll(async () => (await third.status()).halted?.code, { timeout: 30_000 }).toBe('signed-out');
  await write(app.path('everywhere.txt'), 'on two');
  await agreed(stage, 'everywhere.txt', 'on two');
  expect(await readText(third.path('everywhere.txt'))).toBe('on all three');
});

test('the report names nobody and nothing, and is saved where it is wanted as it was read', async ({
  stage,
}) => {
  const { app, fleet, root } = stage;
  const file = join(root, 'report for the makers.txt');
  await write(app.path('Kündigung an Meier.txt'), 'secret');
  await agreed(stage, 'Kündigung an Meier.txt', 'secret');
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await app.go('/settings/diagnostics');
  await app.page.getByRole('button', { name: 'Prepare the report' }).click();
  await expect(app.page.getByText('Names replaced')).toBeVisible();
  await app.page.getByRole('button', { name: /^Save the report/ }).click();
  await expect(app.page.getByText(/^The report is saved as /)).toBeVisible();
  const report = (await readText(file)) ?? '';
  expect(report.length).toBeGreaterThan(1000);
  const { host } = new URL(fleet.server.url);
  for (const name of [
    'Kündigung',
    'Meier',
    'everywhere',
    'anna',
    'Anna-Laptop',
    'Studio-PC',
    'Old-Phone',
    host,
    root,
  ])
    expect(report, name).not.toContain(name);
});

test('language and theme hold after a restart of the app', async ({ stage }) => {
  const { app, root } = stage;
  await app.go('/settings/general');
  const choose = async (what: string | RegExp, option: string) => {
    await app.page.getByRole('combobox', { name: what }).click();
    await app.page.getByRole('option', { name: option }).click();
  };
  await choose('Theme', 'Dark');
  await choose('Language', 'Deutsch');
  await expect(app.page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(app.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await app.close();
  const again = await App.launch({ base: root });
  try {
    await again.go('/settings/general');
    await expect(again.page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
    await expect(again.page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(again.page.locator('html')).toHaveAttribute('lang', 'de');
    expect(again.faults).toEqual([]);
  } finally {
    await again.close();
  }
});
