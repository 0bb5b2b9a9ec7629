/**
 * A folder with very many files arrives while somebody uses the window: it stays smooth, holds few rows, and counts
 * right in the end. What is measured is printed; asserted is only what no busy machine may excuse.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { type App, expect, openStage, type Stage } from './stage.ts';

const FOLDERS = 100;
const FILES = 500;
const TOTAL = FOLDERS * FILES;
const SCREENS = ['/activity', '/', '/history', '/activity', '/trash', '/conflicts', '/activity', '/settings'];
const ROWS_AT_MOST = 200;

async function makeFiles(path: (below: string) => string): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    await mkdir(path(`many/${folder}`), { recursive: true });
    await Promise.all(
      Array.from({ length: FILES }, (_, file) =>
        writeFile(path(`many/${folder}/${file}.txt`), `file ${file} of folder ${folder}\n`),
      ),
    );
  }
}

interface Watched {
  /** Milliseconds from one frame to the next. */
  readonly gaps: readonly number[];
  readonly rows: number;
}

/** Scrolls activity and goes from screen to screen, with a stopwatch on every frame. */
async function roam(app: App, rounds: number): Promise<Watched> {
  const { page } = app;
  await page.evaluate(() => {
    const watch = { gaps: [] as number[], on: true };
    let before = performance.now();
    const frame = (now: number) => {
      watch.gaps.push(now - before);
      before = now;
      if (watch.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Reflect.set(globalThis, 'stopwatch', watch);
  });
  let rows = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const screen of SCREENS) {
      await app.go(screen);
      for (let turn = 0; turn < 5; turn += 1) {
        await page.mouse.move(700, 500);
        await page.mouse.wheel(0, 700);
        await page.waitForTimeout(60);
      }
      rows = Math.max(rows, await page.locator('li, tr, [role="row"]').count());
    }
  const gaps = await page.evaluate(() => {
    const watch: { gaps: number[]; on: boolean } = Reflect.get(globalThis, 'stopwatch');
    watch.on = false;
    return watch.gaps;
  });
  return { gaps, rows };
}

function told({ gaps, rows }: Watched): string {
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `${gaps.length} frames, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms; ${rows} rows at most`;
}

test(`${TOTAL} files arrive while the window is used`, async () => {
  test.setTimeout(300_000);
  // A stage of its own: nobody else's files are counted, and nobody else has these.
  const stage = await openStage();
  try {
    await fill(stage);
  } finally {
    await stage.close();
  }
});

async function fill({ app, studio }: Stage): Promise<void> {
  const started = performance.now();
  await makeFiles((below) => studio.path(below));
  await expect(app.headline()).toHaveAttribute('data-state', 'syncing', { timeout: 60_000 });
  const busy = await roam(app, 2);
  await expect
    .poll(async () => (await app.ask('status', {})).files, { timeout: 240_000, intervals: [1000] })
    .toBe(TOTAL);
  await app.go('/');
  await app.inStep();
  await expect(app.headline()).toContainText(`${TOTAL.toLocaleString('en')} files`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const calm = await roam(app, 1);
  console.log(`  ${TOTAL} files in ${seconds} s. While they came: ${told(busy)}. Afterwards: ${told(calm)}.`);
  expect(Math.max(...busy.gaps, ...calm.gaps)).toBeLessThan(1000);
  expect(Math.max(busy.rows, calm.rows)).toBeLessThan(ROWS_AT_MOST);
}
