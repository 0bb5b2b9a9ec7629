/** What other devices are sending, and a server whose journal lags: told, and gone when it is over. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultScript } from '../../server-stub/faults.ts';
import { TestDevice } from '../support/devices.ts';
import { command } from '../support/processes.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { App, expect, linkApp, readText, test, write } from './stage.ts';

let root = '';
let server: TestServer;
let app: App;
let studio: TestDevice;
const faults = new FaultScript();

test.beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tidemark-e2e-'));
  server = await startTestServer({ faults });
  const password = join(root, 'password');
  await writeFile(password, `${TEST_USER.password}\n`);
  studio = new TestDevice(root, 'Studio-PC');
  const who = ['--server', server.url, '--user', TEST_USER.name, '--password-file', password];
  const where = ['--device', studio.name, '--state', studio.state, '--folder', studio.folder];
  const linked = await command(['link', ...who, ...where]);
  expect(linked.code, linked.stderr).toBe(0);
  await studio.start();
  await linkApp(join(root, 'app'), server.url, password, TEST_USER.name);
  app = await App.launch({ base: join(root, 'app') });
  await app.inStep();
});

test.afterAll(async () => {
  await app?.close();
  await studio?.kill();
  await server?.close();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

test('an upload of another device is shown while it lasts', async () => {
  const slow = faults.add({ fault: { kind: 'delay', ms: 1500 }, route: 'putChunks' });
  await write(studio.path('film.bin'), randomBytes(30_000_000));
  await app.go('/');
  await expect(app.page.getByText(/Studio-PC is sending 1 file/)).toBeVisible({ timeout: 40_000 });
  slow();
  await expect
    .poll(() => readText(app.path('film.bin')).then((text) => text !== null), { timeout: 60_000 })
    .toBe(true);
  await expect(app.page.getByText(/Studio-PC is sending/)).toBeHidden();
  await app.inStep();
});

test('a journal that lags is said in the headline, and the edit arrives when it is over', async () => {
  const lag = faults.add({ fault: { kind: 'journal-lag' }, route: 'journal' });
  await write(studio.path('late.txt'), 'on its way');
  await studio.ask('wait', { timeout: 5 });
  await write(app.path('early.txt'), 'mine');
  await expect(app.headline()).toContainText('Sync delayed', { timeout: 40_000 });
  lag();
  await expect.poll(() => readText(app.path('late.txt')), { timeout: 40_000 }).toBe('on its way');
  await app.inStep();
});
