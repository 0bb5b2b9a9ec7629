/** The two ways in: a server on this computer in two clicks, and a server with an account for a folder with files. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { firstUser, homeFolder } from '../../src/cli/start/home-folder.ts';
import { appCommand } from '../support/app.ts';
import { fingerprintOf, newAuthority } from '../support/certificates.ts';
import { Fleet, TestDevice } from '../support/devices.ts';
import { command } from '../support/processes.ts';
import { App, expect, PASSWORD, readText, USER, write } from './stage.ts';

/** Processes that were told something below `folder`. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const told = await Promise.all(pids.map((pid) => readText(`/proc/${pid}/cmdline`)));
  return told
    .flatMap((line) => (line?.includes(folder) ? [line.replaceAll('\0', ' ')] : []))
    .filter((line) => !line.includes('playwright'));
}

async function holds(path: string, text: string): Promise<void> {
  await expect.poll(() => readText(path), { timeout: 40_000, message: path }).toBe(text);
}

test('two clicks lead to a folder that syncs with a server on this computer, and all of it ends with the app', async () => {
  const base = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  const home = homeFolder(appCommand({ base }).home);
  const second = new TestDevice(base, 'Second');
  try {
    const app = await App.launch({ base });
    await app.page.getByRole('button', { name: 'Try it here' }).click();
    await app.page.getByRole('button', { name: 'Start syncing' }).click();
    await app.inStep();
    await write(app.path('first words.txt'), 'written at once');
    const ready: unknown = JSON.parse(await readFile(home.readyFile, 'utf8'));
    const { url } = ready as { readonly url: string };
    const who = ['--server', url, '--user', firstUser(), '--password-file', home.passwordFile];
    const where = ['--device', second.name, '--state', second.state, '--folder', second.folder];
    const linked = await command(['link', ...who, ...where]);
    expect(linked.code, linked.stderr).toBe(0);
    await second.start();
    await holds(second.path('first words.txt'), 'written at once');
    await app.close();
    await second.stop();
    expect(app.faults).toEqual([]);
    expect(await processesOf(base)).toEqual([]);

    await write(app.path('while closed.txt'), 'nobody looked');
    const again = await App.launch({ base });
    await again.inStep();
    await second.start();
    await holds(second.path('while closed.txt'), 'nobody looked');
    expect(await readText(again.path('first words.txt'))).toBe('written at once');
    await again.go('/activity');
    await expect(again.page.getByRole('list', { name: 'Activity' })).toContainText('first words.txt');
    await write(second.path('answer.txt'), 'from the second');
    await holds(again.path('answer.txt'), 'from the second');
    await second.stop();
    await again.close();
    expect(again.faults).toEqual([]);
    expect(await processesOf(base)).toEqual([]);
  } finally {
    await second.kill();
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('a folder with files meets a server with files: refusals stand in place, the plan comes first, nothing is lost', async () => {
  const base = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  const fleet = await Fleet.open('Studio-PC');
  const studio = fleet.devices[0];
  if (studio === undefined) throw new Error('a fleet has a device');
  const { folder } = appCommand({ base });
  let app: App | null = null;
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, here, there] of [
      ['same.txt', 'alike', 'alike'],
      ['differ.txt', 'mine', 'theirs'],
      ['mine.txt', 'only here', null],
      ['theirs.txt', null, 'only there'],
    ] as const) {
      if (here !== null) await write(join(folder, name), here);
      if (there !== null) await write(studio.path(name), there);
    }
    await studio.ask('wait', { timeout: 20 });
    app = await App.launch({ base });
    const { page } = app;
    await page.getByRole('button', { name: 'Connect' }).click();
    const address = page.getByLabel('Server address');
    const password = page.getByLabel('Password');
    const go = page.getByRole('button', { name: 'Continue' });
    await expect(go).toBeDisabled();
    await address.fill(fleet.server.url);
    await page.getByLabel('User name').fill(USER);
    await password.fill('not the password');
    await page.getByLabel('Name of this computer').fill('Anna-Laptop');
    await go.click();
    await expect(page.getByText(/user name or password is not right/i)).toBeVisible();
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(password).toHaveValue('not the password');
    await expect(address).toHaveValue(fleet.server.url);
    await expect(page.getByLabel('User name')).toHaveValue(USER);
    await expect(page.getByLabel('Name of this computer')).toHaveValue('Anna-Laptop');

    await fleet.server.stop();
    await password.fill(PASSWORD);
    await go.click();
    await expect(address).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByText(/No Tidemark server answers at/)).toBeVisible();
    await expect(password).toHaveValue(PASSWORD);
    await fleet.server.start();

    await go.click();
    await expect(page.getByRole('heading', { name: 'What will happen' })).toBeVisible();
    for (const [kind, example] of [
      ['Identical on both sides', 'same.txt'],
      ['Only here', 'mine.txt'],
      ['Only on the server', 'theirs.txt'],
      ['Different on each side', 'differ.txt'],
    ] as const) {
      const row = page.getByRole('group').filter({ hasText: kind });
      await row.getByText(kind).click();
      await expect(row.getByRole('list', { name: 'Examples' })).toHaveText(example);
      await expect(row.locator('summary')).toContainText('1');
    }
    expect((await readdir(folder)).toSorted()).toEqual(['differ.txt', 'mine.txt', 'same.txt']);
    expect(await readText(join(folder, 'differ.txt'))).toBe('mine');
    expect(await readText(studio.path('mine.txt'))).toBeNull();

    await page.getByRole('button', { name: 'Start syncing' }).click();
    await expect(app.headline()).toHaveAttribute('data-state', 'needs-you', { timeout: 40_000 });
    await holds(studio.path('mine.txt'), 'only here');
    for (const place of [folder, studio.folder]) {
      await holds(join(place, 'theirs.txt'), 'only there');
      await holds(join(place, 'same.txt'), 'alike');
      const copy = (await readdir(place)).find((name) => name.startsWith('differ (conflict'));
      const both = [await readText(join(place, 'differ.txt')), await readText(join(place, copy ?? ''))];
      expect(both.toSorted()).toEqual(['mine', 'theirs']);
    }
    expect(app.faults).toEqual([]);
  } finally {
    await app?.close();
    await fleet.close();
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('a server with a certificate of its own: not believed, another one, shown, trusted, in step', async () => {
  const base = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  const fleet = await Fleet.open();
  const other = join(base, 'other');
  await mkdir(other);
  const [authority, wrong] = [newAuthority(base), newAuthority(other)];
  const { certFile, keyFile } = authority.issue('server', 'DNS:localhost,IP:127.0.0.1');
  await fleet.server.stop();
  await fleet.server.start(['--tls-cert', certFile, '--tls-key', keyFile]);
  const app = await App.launch({ base });
  const { page } = app;
  try {
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByLabel('Server address').fill(fleet.server.url);
    await page.getByLabel('User name').fill(USER);
    await page.getByLabel('Password').fill(PASSWORD);
    const go = page.getByRole('button', { name: 'Continue' });
    await go.click();
    await expect(page.getByText(/cannot prove that it is this server: its certificate comes/)).toBeVisible();
    const choose = async (file: string) => {
      await app.electron.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, file);
      await page.getByRole('button', { name: /^Choose (certificate|another)…$/ }).click();
    };
    await choose(keyFile);
    await expect(page.getByText('server.key is not a certificate.')).toBeVisible();
    await choose(wrong.caFile);
    const trust = page.getByRole('checkbox', { name: /The fingerprint is right/ });
    await expect(trust).not.toBeChecked();
    await trust.press('Space');
    await go.click();
    await expect(page.getByText(/also not by the certificate you chose/)).toBeVisible();
    await choose(authority.caFile);
    await expect(page.getByText(fingerprintOf(authority.caFile))).toBeVisible();
    await expect(trust).not.toBeChecked();
    await trust.press('Space');
    await go.click();
    await page.getByRole('button', { name: 'Start syncing' }).click();
    await app.inStep();
    expect(app.faults).toEqual([]);
  } finally {
    await app.close();
    await fleet.close();
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
});
