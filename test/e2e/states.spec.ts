/** How things stand: paused, offline, back, an engine that is killed, a sign-in that ended. Said in window and tray. */
import { connectControl } from '../../src/ipc/node-control-client.ts';
import { type App, agreed, expect, PASSWORD, readText, test, write } from './stage.ts';

interface TrayView {
  readonly tooltip: string;
  readonly icon: string;
  readonly entries: readonly string[];
}

/** What the tray shows, as the main process set it: the system gives nothing back. */
function trayOf(app: App): Promise<TrayView> {
  return app.electron.evaluate(() => {
    const probe = Reflect.get(globalThis, 'tidemarkProbe');
    const { view, icon, menu } = probe.tray;
    const entries = (menu?.items ?? []).map((item: { label: string }) => item.label);
    return { tooltip: String(view?.tooltip ?? ''), icon: String(icon), entries };
  });
}

async function pressTray(app: App, label: string): Promise<void> {
  await app.electron.evaluate((_, wanted) => {
    interface Item {
      readonly label: string;
      readonly submenu?: { readonly items: readonly Item[] };
      readonly click: () => void;
    }
    const all = (items: readonly Item[]): readonly Item[] =>
      items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
    const found = all(Reflect.get(globalThis, 'tidemarkProbe').tray.menu.items).find(
      (item) => item.label === wanted && !item.submenu,
    );
    if (found === undefined) throw new Error(`the tray has no ${wanted}`);
    found.click();
  }, label);
}

test('a pause from the window holds what is edited, and says so; resuming sends it', async ({ stage }) => {
  const { app, studio } = stage;
  await app.go('/');
  await app.page.getByRole('button', { name: 'Pause' }).click();
  await app.page.getByRole('menuitem', { name: 'For 2 hours' }).click();
  await expect(app.headline()).toHaveAttribute('data-state', 'paused');
  await expect(app.headline()).toContainText(/Paused until/);
  await write(app.path('while-paused.txt'), 'kept back');
  await expect(app.headline()).toContainText('1 change waits');
  expect(await readText(studio.path('while-paused.txt'))).toBeNull();
  await expect.poll(async () => (await trayOf(app)).tooltip).toContain('Paused');
  await app.page.getByRole('button', { name: 'Resume' }).click();
  await agreed(stage, 'while-paused.txt', 'kept back');
  await app.inStep();
});

test('the tray pauses and resumes, and its icon differs by state', async ({ stage }) => {
  const { app } = stage;
  await app.inStep();
  await expect.poll(async () => (await trayOf(app)).icon, { timeout: 15_000 }).not.toContain('paused');
  const before = await trayOf(app);
  expect(before.entries.join('\n')).toMatch(/Open Tidemark/);
  // The menu follows the state within a second.
  const press = (label: string) => expect(() => pressTray(app, label)).toPass({ timeout: 15_000 });
  await press('Until I resume');
  await expect(app.headline()).toHaveAttribute('data-state', 'paused');
  await expect.poll(async () => (await trayOf(app)).icon).not.toBe(before.icon);
  await press('Resume');
  await app.inStep();
});

test('a server that is gone is said with what waits; when it is back everything goes on', async ({
  stage,
}) => {
  const { app, fleet } = stage;
  await fleet.server.stop();
  await write(app.path('offline.txt'), 'written on the train');
  await expect(app.headline()).toHaveAttribute('data-state', 'offline', { timeout: 40_000 });
  await expect(app.headline()).toContainText('1 change waits');
  await fleet.server.start();
  await agreed(stage, 'offline.txt', 'written on the train');
  await app.inStep();
});

test('an engine that is killed is started again, and the window says so', async ({ stage }) => {
  const { app } = stage;
  const connected = await connectControl(app.state);
  expect(connected.kind).toBe('connected');
  if (connected.kind !== 'connected') return;
  const lost = app.page.getByText(/sync engine ended by itself/i);
  process.kill(connected.client.pid, 'SIGKILL');
  await connected.client.closed;
  await expect(lost).toBeVisible();
  await expect(lost).toBeHidden({ timeout: 40_000 });
  await write(app.path('after-crash.txt'), 'still here');
  await agreed(stage, 'after-crash.txt', 'still here');
  await app.inStep();
});

test('a device that was unlinked elsewhere asks to sign in again, and nothing is lost', async ({ stage }) => {
  const { app, studio } = stage;
  const { devices } = await studio.ask('devices.list', {});
  const ours = devices.find((each) => each.name === 'Anna-Laptop');
  expect(ours).toBeDefined();
  await studio.ask('devices.revoke', { deviceId: ours?.deviceId ?? '' });
  await expect(app.headline()).toHaveAttribute('data-state', 'error', { timeout: 40_000 });
  await write(app.path('unsigned.txt'), 'made while signed out');
  await app.go('/');
  await app.page.getByRole('button', { name: 'Sign in again' }).first().click();
  const dialog = app.page.getByRole('dialog');
  await dialog.getByLabel(/password/i).fill('not the password');
  await dialog.getByRole('button', { name: /sign in/i }).click();
  await expect(dialog.getByText(/user name or password is not right/i)).toBeVisible();
  await dialog.getByLabel(/password/i).fill(PASSWORD);
  await dialog.getByRole('button', { name: /sign in/i }).click();
  await agreed(stage, 'unsigned.txt', 'made while signed out');
  await agreed(stage, 'offline.txt', 'written on the train');
  await app.inStep();
});
