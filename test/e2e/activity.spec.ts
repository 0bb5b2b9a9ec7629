/** What the other device did is seen with its author and verb, found again by a filter, and can be taken back. */
import { mkdir, rename, rm } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import { agreed, expect, readText, type Stage, test, write } from './stage.ts';

function rowOf({ app }: Stage, name: string): Locator {
  return app.page.getByRole('list', { name: 'Activity' }).getByRole('listitem').filter({ hasText: name });
}

async function goneOnBoth({ app, studio }: Stage, name: string): Promise<void> {
  for (const path of [app.path(name), studio.path(name)])
    await expect.poll(() => readText(path), { timeout: 30_000, message: path }).toBeNull();
}

test('an edit on the other device appears with its author, device and time', async ({ stage }) => {
  const { app, studio } = stage;
  await write(studio.path('plan.txt'), 'from the studio');
  await agreed(stage, 'plan.txt', 'from the studio');
  await app.go('/activity');
  const row = app.page.getByRole('listitem').filter({ hasText: 'plan.txt' }).first();
  await expect(row).toContainText('Studio-PC');
  await expect(row).toContainText('anna');
  await app.inStep();
  await expect(app.headline()).toContainText(/Up to date, checked .+, \d+ file/);
});

test('edits, moves, new names and deletions of the other device are told each by its verb', async ({
  stage,
}) => {
  const { app, studio } = stage;
  await app.go('/activity');
  await mkdir(studio.path('drawer'));
  await write(studio.path('told.txt'), 'one');
  await agreed(stage, 'told.txt', 'one');
  await expect(rowOf(stage, 'told.txt').first()).toContainText('Added by anna on Studio-PC');
  await write(studio.path('told.txt'), 'one and two');
  await agreed(stage, 'told.txt', 'one and two');
  await expect(rowOf(stage, 'told.txt').first()).toContainText('Edited by anna on Studio-PC');
  await rename(studio.path('told.txt'), studio.path('retold.txt'));
  await agreed(stage, 'retold.txt', 'one and two');
  await expect(rowOf(stage, 'retold.txt').first()).toContainText(
    'Renamed from told.txt by anna on Studio-PC',
  );
  await rename(studio.path('retold.txt'), studio.path('drawer/retold.txt'));
  await agreed(stage, 'drawer/retold.txt', 'one and two');
  await expect(rowOf(stage, 'drawer/retold.txt').first()).toContainText(
    'Moved from the synced folder by anna on Studio-PC',
  );
  await rm(studio.path('drawer/retold.txt'));
  await goneOnBoth(stage, 'drawer/retold.txt');
  await expect(rowOf(stage, 'drawer/retold.txt').first()).toContainText('Deleted by anna on Studio-PC');
});

test('an edit, a new name and a deletion are undone from the list on both devices', async ({ stage }) => {
  const { app, studio } = stage;
  await app.go('/activity');
  await write(studio.path('back.txt'), 'the first words');
  await agreed(stage, 'back.txt', 'the first words');
  await write(studio.path('back.txt'), 'second words, a mistake');
  await agreed(stage, 'back.txt', 'second words, a mistake');
  const undo = (what: string) => app.page.getByRole('button', { name: `Undo: ${what}` }).first();
  await undo('Edited back.txt').click();
  await agreed(stage, 'back.txt', 'the first words');

  await rename(studio.path('back.txt'), studio.path('away.txt'));
  await agreed(stage, 'away.txt', 'the first words');
  await undo('Renamed away.txt').click();
  await agreed(stage, 'back.txt', 'the first words');
  await goneOnBoth(stage, 'away.txt');

  await rm(studio.path('back.txt'));
  await goneOnBoth(stage, 'back.txt');
  await undo('Deleted back.txt').click();
  await agreed(stage, 'back.txt', 'the first words');
  await app.inStep();
});

test('what was edited again since is not undone over, and it is said', async ({ stage }) => {
  const { app, studio } = stage;
  await app.go('/activity');
  await write(studio.path('twice.txt'), 'one');
  await agreed(stage, 'twice.txt', 'one');
  await write(studio.path('twice.txt'), 'one two');
  await agreed(stage, 'twice.txt', 'one two');
  const { activities } = await app.ask('activity.list', {});
  const edit = activities.find((each) => each.path === 'twice.txt' && each.verb === 'edited');
  expect(edit?.undoable).toBe(true);
  await write(app.path('twice.txt'), 'one two three');
  await agreed(stage, 'twice.txt', 'one two three');
  await expect(app.ask('activity.undo', { id: edit?.id ?? 0 })).rejects.toThrow(/refused/);
  expect(await readText(app.path('twice.txt'))).toBe('one two three');
  await agreed(stage, 'twice.txt', 'one two three');
});

test('filters leave what was looked for, and say how far they looked', async ({ stage }) => {
  const { app, studio } = stage;
  await write(studio.path('their Invoice.txt'), 'theirs');
  await write(app.path('my invoice.txt'), 'mine');
  await write(app.path('my letter.txt'), 'mine');
  await agreed(stage, 'their Invoice.txt', 'theirs');
  await agreed(stage, 'my invoice.txt', 'mine');
  await agreed(stage, 'my letter.txt', 'mine');
  await app.go('/activity');
  const filters = app.page.getByRole('search', { name: 'Filters' });
  await filters.getByLabel('Path contains').fill('invoice');
  await expect(app.page.getByRole('status').filter({ hasText: 'found among' })).toContainText('2 found');
  await expect(rowOf(stage, 'letter')).toHaveCount(0);
  await filters.getByRole('combobox', { name: 'Who' }).click();
  await app.page.getByRole('option', { name: 'Other devices' }).click();
  await expect(rowOf(stage, 'my invoice.txt')).toHaveCount(0);
  await expect(rowOf(stage, 'their Invoice.txt')).toHaveCount(1);
  await filters.getByRole('combobox', { name: 'What' }).click();
  await app.page.getByRole('option', { name: 'Deleted' }).click();
  await expect(app.page.getByText('Nothing matches')).toBeVisible();
  await filters.getByRole('button', { name: 'Clear filters' }).click();
  await expect(rowOf(stage, 'my letter.txt')).toHaveCount(1);
});
