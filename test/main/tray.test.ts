import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Status } from '../../src/ipc/status.ts';
import { pauseEnd, type TrayItem, trayItems } from '../../src/main/tray-menu.ts';
import { trayLine, WORDS } from '../../src/main/words.ts';
import { SAMPLE_STATUS } from '../support/fake-control.ts';

const STATES = [
  'setting-up',
  'up-to-date',
  'checking',
  'syncing',
  'paused',
  'offline',
  'needs-you',
  'warning',
  'error',
] as const;

test('every state has its own picture, for light and dark panels, in every size, and for macOS', () => {
  const icons = fileURLToPath(new URL('../../build/icons/tray/', import.meta.url));
  const sources = fileURLToPath(new URL('../../build/tray/', import.meta.url));
  assert.deepEqual(readdirSync(sources).sort(), STATES.map((state) => `${state}.svg`).sort());
  for (const state of STATES) {
    const names = ['on-light', 'on-dark'].flatMap((theme) =>
      ['16', '22', '32'].map((size) => `${state}-${theme}-${size}`),
    );
    for (const name of [...names, `${state}Template`])
      for (const scale of ['', '@2x']) assert.ok(existsSync(`${icons}${name}${scale}.png`), name);
  }
});

const ids = (items: readonly TrayItem[]): readonly string[] =>
  items.flatMap((item) => (item.kind === 'action' || item.kind === 'submenu' ? [item.id] : []));

test('the menu opens, pauses, resumes, shows the folder and quits; opening comes first', () => {
  const running = { headline: 'x', phase: 'running', language: 'en' } as const;
  assert.deepEqual(ids(trayItems({ ...running, isPaused: false })), ['open', 'folder', 'pause', 'quit']);
  assert.deepEqual(ids(trayItems({ ...running, isPaused: true })), [
    'open',
    'folder',
    'resume',
    'pause',
    'quit',
  ]);
});

test('without an engine there is nothing to pause', () => {
  for (const phase of ['first-run', 'starting', 'engine-lost', 'locked'] as const)
    assert.deepEqual(ids(trayItems({ headline: 'x', phase, language: 'de', isPaused: false })), [
      'open',
      'quit',
    ]);
});

test('a pause ends when it says', () => {
  const now = new Date(2026, 2, 28, 23, 30).getTime();
  assert.equal(pauseEnd('half-hour', now), now + 30 * 60_000);
  assert.equal(pauseEnd('two-hours', now), now + 120 * 60_000);
  assert.equal(pauseEnd('ever', now), null);
  // Also over the night in which the clock is put forward.
  assert.equal(pauseEnd('tomorrow', now), new Date(2026, 2, 29, 8, 0).getTime());
});

const status = (change: Partial<Status>): Status => ({ ...SAMPLE_STATUS, ...change });

test('the line of the tray says the state and what it rests on', () => {
  const fine = status({
    state: 'up-to-date',
    files: 41_203,
    conflicts: 0,
    review: 0,
    problems: 0,
    delayed: false,
  });
  assert.equal(trayLine('up-to-date', fine, 'en'), 'Up to date: 41,203 files');
  assert.equal(trayLine('up-to-date', fine, 'de'), 'Aktuell: 41.203 Dateien');
  const needy = { ...fine, state: 'needs-you', conflicts: 2, review: 1 } as const;
  assert.equal(trayLine('needs-you', needy, 'en'), 'Needs you: 2 conflicts, 1 large change is held');
  const paused = {
    ...fine,
    state: 'paused',
    pausedReason: 'battery',
    pausedUntil: null,
    pendingUploads: 1,
  } as const;
  assert.equal(
    trayLine('paused', { ...paused, pendingDownloads: 0 }, 'en'),
    'Paused: on battery, 1 change waits',
  );
  assert.equal(trayLine('engine-lost', fine, 'en'), WORDS.en.states['engine-lost']);
  assert.equal(
    trayLine('syncing', { ...fine, state: 'syncing', progress: { done: 3, total: 12 }, delayed: true }, 'en'),
    'Syncing: sync delayed, 3/12',
  );
});
