/** Old versions and folders as they were. */
import { mkdir, rm } from 'node:fs/promises';
import { agreed, expect, readText, test, write } from './stage.ts';

test('an old version is looked at, restored on every device, and that is undone', async ({ stage }) => {
  const { app, studio } = stage;
  await write(studio.path('report.txt'), 'the first words\n');
  await agreed(stage, 'report.txt', 'the first words\n');
  await write(app.path('report.txt'), 'the second words\n');
  await agreed(stage, 'report.txt', 'the second words\n');
  await app.go('/history/report.txt');
  const versions = app.page.getByRole('list', { name: 'Versions' });
  await expect(versions.getByRole('button')).toHaveCount(2);
  await expect(versions.getByRole('button').first()).toContainText('Anna-Laptop');
  await versions.getByRole('button', { name: /V1/ }).click();
  await expect(app.page.getByText('the first words')).toBeVisible();
  await app.page.getByRole('button', { name: 'Restore this version' }).click();
  await agreed(stage, 'report.txt', 'the first words\n');
  await app.page.getByRole('button', { name: 'Undo' }).click();
  await agreed(stage, 'report.txt', 'the second words\n');
});

test('an old version becomes a copy, and the file itself stays', async ({ stage }) => {
  const { app, studio } = stage;
  await write(studio.path('letter.txt'), 'dear first\n');
  await agreed(stage, 'letter.txt', 'dear first\n');
  await write(studio.path('letter.txt'), 'dear second\n');
  await agreed(stage, 'letter.txt', 'dear second\n');
  await app.go('/history/letter.txt');
  await app.page.getByRole('button', { name: /V1/ }).click();
  await app.page.getByRole('button', { name: 'Restore as copy' }).click();
  const dialog = app.page.getByRole('dialog');
  await dialog.getByLabel('Name of the copy').fill('letter from before.txt');
  await dialog.getByRole('button', { name: /copy/i }).click();
  await agreed(stage, 'letter from before.txt', 'dear first\n');
  await agreed(stage, 'letter.txt', 'dear second\n');
});

test('a deleted folder is put back as it was at a moment, after its plan was seen', async ({ stage }) => {
  const { app, studio } = stage;
  await mkdir(studio.path('trip'));
  await write(studio.path('trip/day one.txt'), 'sea\n');
  await write(studio.path('trip/day two.txt'), 'hills\n');
  await agreed(stage, 'trip/day two.txt', 'hills\n');
  await agreed(stage, 'trip/day one.txt', 'sea\n');
  await app.ask('wait', { timeout: 20 });
  // The field knows whole seconds.
  await app.page.waitForTimeout(1100);
  const then = new Date();
  await app.page.waitForTimeout(1100);
  await write(app.path('trip/day one.txt'), 'storm\n');
  await agreed(stage, 'trip/day one.txt', 'storm\n');
  await rm(studio.path('trip'), { recursive: true });
  await expect.poll(() => readText(app.path('trip/day two.txt')), { timeout: 30_000 }).toBeNull();
  await app.ask('wait', { timeout: 20 });
  await app.go('/history/trip');
  const local = new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  await app.page.getByLabel('Date and time').fill(local);
  await app.page.getByRole('button', { name: 'Show what would change' }).click();
  const plan = app.page.getByRole('list', { name: 'What would change' });
  await expect(plan).toContainText('day one.txt');
  await expect(plan).toContainText('day two.txt');
  expect(await readText(app.path('trip/day two.txt'))).toBeNull();
  await app.page.getByRole('button', { name: /^Make th/ }).click();
  await expect(app.page.getByText('The folder is as it was')).toBeVisible();
  await agreed(stage, 'trip/day one.txt', 'sea\n');
  await agreed(stage, 'trip/day two.txt', 'hills\n');
});

test('history without a server says why it has nothing to show', async ({ stage }) => {
  const { app, fleet } = stage;
  await write(app.path('later.txt'), 'one\n');
  await agreed(stage, 'later.txt', 'one\n');
  await fleet.server.stop();
  await expect(app.headline()).toHaveAttribute('data-state', 'offline', { timeout: 40_000 });
  await app.go('/history/later.txt');
  await expect(app.page.getByRole('alert')).toContainText(/cannot be reached/);
  await fleet.server.start();
  await app.inStep();
  await app.page.getByRole('button', { name: 'Try again' }).click();
  await expect(app.page.getByRole('button', { name: /V1/ })).toBeVisible();
});

test('a version is labelled, says so in the list and in the history of others, and loses its label', async ({
  stage,
}) => {
  const { app, studio } = stage;
  await write(studio.path('poster.txt'), 'first print\n');
  await agreed(stage, 'poster.txt', 'first print\n');
  await write(studio.path('poster.txt'), 'second print\n');
  await agreed(stage, 'poster.txt', 'second print\n');
  await app.go('/history/poster.txt');
  const first = app.page.getByRole('button', { name: /V1/ });
  await first.click();
  await expect(app.page.getByText(/Kept until .+, at least\./)).toBeVisible();
  await app.page.getByRole('button', { name: 'Label this version' }).click();
  const dialog = app.page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Label', exact: true })).toBeDisabled();
  await dialog.getByLabel('Label', { exact: true }).fill('sent to the printer');
  await dialog.getByRole('button', { name: 'Label', exact: true }).click();
  await expect(first).toContainText('sent to the printer');
  await expect(app.page.getByText('Kept: labelled.')).toBeVisible();
  await app.page.getByRole('button', { name: 'Change the label' }).click();
  await dialog.getByRole('button', { name: 'Remove the label' }).click();
  await expect(first).not.toContainText('sent to the printer');
  await agreed(stage, 'poster.txt', 'second print\n');
});
