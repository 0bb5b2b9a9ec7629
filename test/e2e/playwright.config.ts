import { readdirSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** A project for each file, so that each has a stage of its own: what one leaves behind is no news to another. */
const projects = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => ({ name: name.replace('.spec.ts', ''), testMatch: name }));

// biome-ignore lint/style/noDefaultExport: Playwright reads it so
export default defineConfig({
  testDir: '.',
  projects,
  outputDir: '../../out/e2e',
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  updateSnapshots: 'none',
  workers: 2,
  fullyParallel: false,
  // Once more where it failed: what passes then is listed as flaky, and is to be mended all the same.
  retries: 1,
  timeout: 90_000,
  expect: {
    timeout: 20_000,
    toHaveScreenshot: { maxDiffPixelRatio: 0.02, threshold: 0.25, animations: 'disabled' },
  },
  reporter: [['list']],
  forbidOnly: true,
});
