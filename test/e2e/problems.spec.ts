/** What cannot sync: one card per cause, a remedy that works, and one notification for what comes together. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from '@playwright/test';
import { Fleet } from '../support/devices.ts';
import { App, agreed, expect, linkApp, makeConflict, readText, type Stage, test, write } from './stage.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** Nobody may touch it: for root, whom no permission stops, by the attribute of the file system. */
function forbid(path: string): Promise<unknown> {
  return isRoot ? run('chattr', ['+i', path]) : chmod(path, 0);
}
function allow(path: string): Promise<unknown> {
  return isRoot ? run('chattr', ['-i', path]) : chmod(path, 0o600);
}

/** A name of bytes that are no text in any spelling of ours. */
function notText(folder: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9, 0xff]), Buffer.from('.txt')]);
}

function card({ page }: App, title: string): Locator {
  return page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: title }) });
}

/** Its files are shown: one group alone is open from the start. */
async function openCard(app: App, title: string): Promise<Locator> {
  const found = card(app, title);
  await expect(found).toBeVisible();
  const fold = found.getByRole('button', { name: /^(Show|Hide) files$/ });
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  return found;
}

function noticesOf(app: App): Promise<readonly { readonly cause: string; readonly count: number }[]> {
  return app.electron.evaluate(() => Reflect.get(globalThis, 'tidemarkProbe').notices);
}

/** Three files that nobody may change here, while the other device edits them. */
async function forbidden({ app, studio }: Stage, names: readonly string[]): Promise<void> {
  for (const name of names) await write(studio.path(name), 'before');
  for (const name of names)
    await expect.poll(() => readText(app.path(name)), { timeout: 30_000 }).toBe('before');
  await app.ask('wait', { timeout: 20 });
  for (const name of names) await forbid(app.path(name));
  for (const name of names) await write(studio.path(name), 'after, by the studio');
}

test('troubles that come together are one notification; a cause that is switched off gives none', async ({
  stage,
}) => {
  const { app } = stage;
  await app.go('/settings/notifications');
  await app.page.getByRole('switch', { name: 'Conflicts' }).click();
  await expect(app.page.getByRole('switch', { name: 'Conflicts' })).not.toBeChecked();
  // Who looks at the window needs no notification.
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await makeConflict(stage, 'unsaid.txt', { base: 'a', theirs: 'b', mine: 'c' });
  const names = ['one.txt', 'two.txt', 'three.txt'];
  await forbidden(stage, names);
  await expect.poll(async () => (await app.ask('status', {})).problems, { timeout: 40_000 }).toBe(3);
  await expect.poll(() => noticesOf(app)).toMatchObject([{ cause: 'problems', count: 3 }]);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await app.go('/problems');
  const found = await openCard(app, 'No access');
  await expect(found.getByText('3 paths')).toBeVisible();
  await expect(found.getByRole('listitem')).toHaveCount(3);
  await allow(app.path('one.txt'));
  await found.getByRole('button', { name: 'Try again: one.txt' }).click();
  await agreed(stage, 'one.txt', 'after, by the studio');
  await expect(found.getByText('2 paths')).toBeVisible();
  // Without a word they come too: they are tried again now and then.
  for (const name of names) await allow(app.path(name));
  for (const name of names) await agreed(stage, name, 'after, by the studio');
  await expect(app.page.getByText('No problems')).toBeVisible();
});

test('every cause has its card, and it goes when the cause goes', async ({ stage }) => {
  const { app } = stage;
  await mkdir(app.path('odd'));
  await run('mkfifo', [app.path('odd/pipe')]);
  await writeFile(notText(app.path('odd')), 'bytes');
  await write(app.path('odd/fine.txt'), 'syncs all the same');
  await agreed(stage, 'odd/fine.txt', 'syncs all the same');
  await app.go('/problems');
  const pipes = await openCard(app, 'Not files');
  await expect(pipes.getByRole('listitem')).toHaveText(/pipe/);
  await expect(pipes.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  const names = await openCard(app, 'Names that are not text');
  await expect(names.getByRole('listitem')).toHaveText(/odd/);
  await rm(app.path('odd/pipe'));
  await expect(pipes).toHaveCount(0);
  await rm(notText(app.path('odd')));
  await expect(names).toHaveCount(0);
  await expect(app.page.getByText('No problems')).toBeVisible();
  await agreed(stage, 'odd/fine.txt', 'syncs all the same');
});

test('what stands in the way of a file is never overwritten; when it is moved aside the file comes', async ({
  stage,
}) => {
  const { app, studio } = stage;
  await run('mkfifo', [app.path('way.txt')]);
  await write(studio.path('way.txt'), 'on its way');
  await app.go('/problems');
  const found = await openCard(app, 'Something is in the way');
  await expect(found.getByRole('listitem')).toContainText(['way.txt']);
  expect((await stat(app.path('way.txt'))).isFIFO()).toBe(true);
  await rm(app.path('way.txt'));
  await found.getByRole('button', { name: 'Try again: way.txt' }).click();
  await agreed(stage, 'way.txt', 'on its way');
  await expect(app.page.getByText('No problems')).toBeVisible();
});

// Only root may mount a disk that is this small.
if (isRoot) {
  test('a full disk stops nothing for good: it is said, and all comes down when there is room', async () => {
    const base = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
    const fleet = await Fleet.open('Studio-PC');
    const studio = fleet.devices[0];
    if (studio === undefined) throw new Error('a fleet has a device');
    const disk = join(base, 'Tidemark');
    let app: App | null = null;
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    try {
      await linkApp(base, fleet.server.url, join(fleet.root, 'password'));
      app = await App.launch({ base });
      await app.inStep();
      const film = 'a frame of the film\n'.repeat(500_000);
      await write(studio.path('film.txt'), film);
      await expect(app.headline()).toHaveAttribute('data-state', 'warning', { timeout: 40_000 });
      await expect(app.headline()).toContainText('In step but for 1 path');
      await write(studio.path('note.txt'), 'small');
      await app.go('/problems');
      await expect(app.page.getByText(/no room/i).first()).toBeVisible();
      expect(await readText(app.path('film.txt'))).toBeNull();
      await run('mount', ['-o', 'remount,size=64m', disk]);
      await app.page
        .getByRole('button', { name: /^(Look again|Try again: film.txt)$/ })
        .first()
        .click();
      await expect.poll(() => readText(app?.path('film.txt') ?? ''), { timeout: 40_000 }).toBe(film);
      await expect.poll(() => readText(app?.path('note.txt') ?? ''), { timeout: 40_000 }).toBe('small');
      await app.inStep();
      expect(app.faults).toEqual([]);
    } finally {
      await app?.close();
      await run('umount', [disk]);
      await fleet.close();
      await rm(base, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}
