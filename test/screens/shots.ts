/** Takes the pictures: `node test/screens/shots.ts [--out DIR] [--axe] [NAME…]`. Run under a display (xvfb-run -a). */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { buildStage } from './build-stage.ts';
import { NOW } from './scenes/scene.ts';
import { SHOTS, type Shot } from './shot-list.ts';

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, electron: { type: 'string' }, axe: { type: 'boolean' } },
  allowPositionals: true,
});

async function take(app: ElectronApplication, page: Page, shot: Shot, out: string): Promise<void> {
  const { width, height } = shot.size ?? { width: 1180, height: 780 };
  await app.evaluate(
    ({ BrowserWindow }, [scene, dark, language, width, height]) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
      (globalThis as unknown as { setScene: (...about: unknown[]) => void }).setScene(scene, dark, language);
    },
    [shot.scene, shot.dark ?? false, shot.language ?? 'en', width, height] as const,
  );
  await page.goto(`tidemark-app://app/index.html?${shot.name}#${shot.route}`);
  await page.waitForSelector('#root > *');
  await page.evaluate('document.fonts.ready.then(() => null)');
  await page.waitForTimeout(250);
  await shot.act?.(page);
  if (values.axe === true) await complain(page, shot.name);
  await page.screenshot({ path: join(out, `${shot.name}.png`), animations: 'disabled' });
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap((each) => each.nodes.map((node) => each.id + ': ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? node.all[0]?.message ?? each.help))))`;

/** Prints what would be in the way of people with other senses and hands. */
async function complain(page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  for (const violation of await page.evaluate<readonly string[]>(RUN))
    console.error(`  ${name} ${violation}`);
}

const out = values.out ?? join(import.meta.dirname, '../../docs/screens');
await mkdir(out, { recursive: true });
const work = await mkdtemp(join(tmpdir(), 'tidemark-screens-'));
const stage = await buildStage(work);
// Electron's own start-up page loads an app only after it is ready, and schemes must be told before: so as a preload.
await writeFile(join(work, 'index.js'), '');
const app = await _electron.launch({
  executablePath: values.electron ?? process.env['ELECTRON'] ?? '',
  args: [
    '--no-sandbox',
    '--force-device-scale-factor=1',
    `--user-data-dir=${join(work, 'profile')}`,
    '-r',
    stage.main,
    work,
    stage.pages,
    stage.preload,
  ],
});
try {
  const page = await app.firstWindow();
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`  ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`  ${error.stack ?? error.message}`));
  await page.clock.setFixedTime(NOW);
  for (const shot of SHOTS) {
    if (positionals.length > 0 && !positionals.some((wanted) => shot.name.includes(wanted))) continue;
    await take(app, page, shot, out);
    console.log(`${shot.name}.png`);
  }
} finally {
  await app.close();
  await rm(work, { recursive: true, force: true });
}
