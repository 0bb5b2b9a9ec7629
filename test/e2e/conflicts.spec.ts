/** A conflict made by two real devices: understood, settled in each way, seen on both, and undone. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { agreed, expect, makeConflict, readText, type Stage, test, write } from './stage.ts';

const SIDES = { base: 'one\ntwo\nthree\n', theirs: 'one\nTWO\nthree\n', mine: 'one\ntwo\nTHREE\n' };

function copiesOf({ app }: Stage, name: string): Promise<string[]> {
  return readdir(app.folder).then((names) =>
    names.filter((each) => each.startsWith(`${name} (conflict`) && each.endsWith('.txt')),
  );
}

/** Both folders hold no copy of it any more. */
async function noCopies(stage: Stage, name: string): Promise<void> {
  await expect.poll(() => copiesOf(stage, name), { timeout: 30_000 }).toEqual([]);
  await expect
    .poll(
      async () => (await readdir(stage.studio.folder)).filter((each) => each.startsWith(`${name} (conflict`)),
      {
        timeout: 30_000,
      },
    )
    .toEqual([]);
}

async function openConflict(stage: Stage, name: string, sides = SIDES): Promise<string> {
  const id = await makeConflict(stage, `${name}.txt`, sides);
  await stage.app.go(`/conflicts/${id}`);
  await expect(stage.app.page.getByTestId('story')).toBeVisible();
  return id;
}

test('a conflict tells who did what where, shows its lineage and both texts', async ({ stage }) => {
  const { app } = stage;
  await openConflict(stage, 'understood');
  const story = app.page.getByTestId('story');
  await expect(story).toContainText('understood.txt');
  await expect(story).toContainText('Studio-PC');
  await expect(story).toContainText('Anna-Laptop');
  const lineage = app.page.getByRole('toolbar');
  await expect(lineage.getByRole('button')).toHaveCount(3);
  await lineage.getByRole('button').first().focus();
  await app.page.keyboard.press('ArrowRight');
  await expect(lineage.getByRole('button').first()).not.toBeFocused();
  const table = app.page.getByRole('table');
  await expect(table).toContainText('TWO');
  await expect(table).toContainText('THREE');
});

test('keeping theirs leaves one file on both devices, and undo brings both sides back', async ({ stage }) => {
  const { app } = stage;
  await openConflict(stage, 'theirs');
  await app.page.getByRole('button', { name: /^Keep theirs/ }).click();
  await agreed(stage, 'theirs.txt', SIDES.theirs);
  await noCopies(stage, 'theirs');
  await app.page.getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(() => copiesOf(stage, 'theirs'), { timeout: 30_000 }).toHaveLength(1);
  await agreed(stage, 'theirs.txt', SIDES.theirs);
  const [copy = ''] = await copiesOf(stage, 'theirs');
  await agreed(stage, copy, SIDES.mine);
});

test('keeping mine puts it on top as a new version, and undo takes that back', async ({ stage }) => {
  const { app } = stage;
  await openConflict(stage, 'mine');
  await app.page.getByRole('button', { name: /^Keep yours/ }).click();
  await agreed(stage, 'mine.txt', SIDES.mine);
  await noCopies(stage, 'mine');
  await app.page.getByRole('button', { name: 'Undo' }).first().click();
  await agreed(stage, 'mine.txt', SIDES.theirs);
  await expect.poll(() => copiesOf(stage, 'mine'), { timeout: 30_000 }).toHaveLength(1);
});

test('keeping both gives the copy the name that was typed', async ({ stage }) => {
  const { app } = stage;
  await openConflict(stage, 'both');
  await app.page.getByRole('button', { name: /^Keep both/ }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Keep both' });
  await dialog.getByLabel('Name of the copy').fill('');
  await expect(dialog.getByText('It needs a name.')).toBeVisible();
  await dialog.getByLabel('Name of the copy').fill('both, from Anna.txt');
  await dialog.getByRole('button', { name: 'Keep both' }).click();
  await agreed(stage, 'both, from Anna.txt', SIDES.mine);
  await agreed(stage, 'both.txt', SIDES.theirs);
  await noCopies(stage, 'both');
});

test('what both changed apart is merged by itself and saved as one version', async ({ stage }) => {
  const { app } = stage;
  const sides = {
    base: 'a\nb\nc\nd\ne\nf\n',
    theirs: 'A\nb\nc\nd\ne\nf\n',
    mine: 'a\nb\nc\nd\ne\nF\n',
  };
  await openConflict(stage, 'merged', sides);
  await app.page.getByRole('button', { name: /^Merge/ }).click();
  await expect(app.page.getByText('Nothing left to choose')).toBeVisible();
  await app.page.getByRole('button', { name: 'Save as the merged version' }).click();
  await agreed(stage, 'merged.txt', 'A\nb\nc\nd\ne\nF\n');
  await noCopies(stage, 'merged');
});

test('what both changed alike is chosen at before it can be saved', async ({ stage }) => {
  const { app } = stage;
  const sides = { base: 'x\n', theirs: 'their line\n', mine: 'my line\n' };
  await openConflict(stage, 'chosen', sides);
  await app.page.getByRole('button', { name: /^Merge/ }).click();
  const save = app.page.getByRole('button', { name: 'Save as the merged version' });
  await expect(save).toBeDisabled();
  await app.page.getByRole('button', { name: 'Take both' }).click();
  await save.click();
  await expect
    .poll(() => readText(stage.studio.path('chosen.txt')), { timeout: 30_000 })
    .toMatch(/their line\n[\s\S]*my line\n|my line\n[\s\S]*their line\n/);
  await noCopies(stage, 'chosen');
});

test('a conflict that was settled on the other device goes away here', async ({ stage }) => {
  const { app, studio } = stage;
  const id = await openConflict(stage, 'elsewhere');
  await studio.ask('conflicts.resolve', { id, keep: 'mine' });
  await noCopies(stage, 'elsewhere');
  await expect(app.page.getByText(/not there any more|Settled by/).first()).toBeVisible();
});

test('a file that changed meanwhile is not settled over, and it is said', async ({ stage }) => {
  const { app, studio } = stage;
  const id = await openConflict(stage, 'moving');
  const row = (await app.ask('conflicts.list', {})).conflicts.find((each) => each.id === id);
  expect(row).toBeDefined();
  await studio.ask('pause', {});
  await app.ask('wait', { timeout: 20 });
  await studio.ask('resume', {});
  await write(studio.path('moving.txt'), 'newer than what was looked at\n');
  await studio.ask('wait', { timeout: 20 });
  await expect
    .poll(async () => {
      const refused = await app
        .ask('conflicts.resolve', {
          id,
          keep: 'mine',
          seenTheirs: row?.theirs.version ?? null,
          seenMine: row?.mine.version ?? null,
        })
        .then(
          () => 'settled',
          (error) => String(error),
        );
      return refused;
    })
    .toContain('unprocessable');
  await agreed(stage, 'moving.txt', 'newer than what was looked at\n');
});

test('many conflicts are settled together after their dry run, and undone together', async ({ stage }) => {
  const { app } = stage;
  await mkdir(stage.studio.path('many'));
  for (const name of ['many/a', 'many/b']) await makeConflict(stage, `${name}.txt`, SIDES);
  await app.go('/conflicts');
  for (const name of ['a', 'b'])
    await app.page.getByRole('checkbox', { name: new RegExp(`many/${name}.txt`) }).click();
  await app.page.getByRole('button', { name: 'Keep yours' }).click();
  const dialog = app.page.getByRole('dialog', { name: /2 files/ });
  await expect(dialog).toContainText('a.txt');
  await expect(dialog).toContainText('Nothing has been done yet');
  expect(await readText(stage.app.path('many/a.txt'))).toBe(SIDES.theirs);
  await dialog.getByRole('button', { name: 'Keep yours' }).click();
  await expect(dialog).toContainText('2 files settled');
  await agreed(stage, 'many/a.txt', SIDES.mine);
  await agreed(stage, 'many/b.txt', SIDES.mine);
  await dialog.getByRole('button', { name: 'Undo all' }).click();
  await agreed(stage, 'many/a.txt', SIDES.theirs);
  await agreed(stage, 'many/b.txt', SIDES.theirs);
  const copies = async () =>
    (await readdir(join(stage.app.folder, 'many'))).filter((each) => each.includes('conflict'));
  await expect.poll(copies).toHaveLength(2);
});
