/** Deletions that look like an accident are held; keeping is the default, approving can be undone from the trash. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { expect, type Stage, test, write } from './stage.ts';

const FILES = 60;

function count(path: string): Promise<number> {
  return readdir(path).then(
    (names) => names.length,
    () => 0,
  );
}

async function album({ app, studio }: Stage, name: string): Promise<void> {
  await mkdir(studio.path(name));
  for (let i = 0; i < FILES; i += 1) await write(studio.path(`${name}/photo ${i}.txt`), `photo ${name} ${i}`);
  await expect.poll(() => count(app.path(name)), { timeout: 30_000 }).toBe(FILES);
  await app.ask('wait', { timeout: 30 });
}

async function deleteAndOpenReview({ app }: Stage, name: string): Promise<void> {
  // All at once, as far as the engine can see: what is seen of a slow deletion before the brake holds is sent.
  await app.ask('pause', {});
  await rm(app.path(name), { recursive: true });
  await app.ask('resume', {});
  await expect(app.headline()).toHaveAttribute('data-state', 'needs-you', { timeout: 40_000 });
  await app.go('/review');
  await app.page
    .getByRole('link', { name: 'Look at it' })
    .or(app.page.getByRole('button', { name: 'Look at it' }))
    .first()
    .click();
}

test('a folder that disappeared is held, shown, and comes back when it is kept', async ({ stage }) => {
  const { app, studio } = stage;
  await album(stage, 'album');
  await deleteAndOpenReview(stage, 'album');
  await expect(app.page.getByRole('main')).toContainText(
    `${FILES} files disappeared from album on this computer`,
  );
  await expect(app.page.getByRole('list', { name: 'Files of this batch' })).toContainText('photo 0.txt');
  expect(await count(studio.path('album'))).toBe(FILES);
  await app.page.getByRole('button', { name: 'Restore them' }).click();
  await expect.poll(() => count(app.path('album')), { timeout: 40_000 }).toBe(FILES);
  await app.inStep();
  expect(await count(studio.path('album'))).toBe(FILES);
});

test('an approved deletion is carried out everywhere, and the whole batch comes back from the trash', async ({
  stage,
}) => {
  const { app, studio } = stage;
  await album(stage, 'scans');
  await deleteAndOpenReview(stage, 'scans');
  await app.page.getByRole('button', { name: 'Delete everywhere' }).click();
  const dialog = app.page.getByRole('dialog', { name: /^Delete/ });
  await expect(dialog).toContainText(`${FILES} files`);
  await dialog.getByRole('button', { name: /Delete/ }).click();
  await expect.poll(() => count(studio.path('scans')), { timeout: 40_000 }).toBe(0);
  await app.inStep();
  await app.go('/trash');
  await expect(app.page.getByRole('main')).toContainText('scans');
  await app.page
    .getByRole('button', { name: /^Bring back/ })
    .first()
    .click();
  await expect.poll(() => count(studio.path('scans')), { timeout: 40_000 }).toBe(FILES);
  await expect.poll(() => count(app.path('scans')), { timeout: 40_000 }).toBe(FILES);
  await app.inStep();
});
