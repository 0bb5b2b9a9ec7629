/** First run, overview, popover, activity, problems, explain. */
import type { Shot } from './shot-list.ts';

const POPOVER = { width: 380, height: 560 };
const NARROW = { width: 640, height: 900 };
const STATES = [
  'setting-up',
  'base',
  'checking',
  'syncing',
  'delayed',
  'paused',
  'offline',
  'needs-you',
  'warning',
  'error',
];

export const DAILY_SHOTS: readonly Shot[] = [
  ...STATES.map((scene) => ({
    name: scene === 'base' ? 'overview' : `overview-${scene}`,
    scene,
    route: '/',
  })),
  { name: 'overview-dark', scene: 'base', route: '/', dark: true },
  { name: 'overview-syncing-dark', scene: 'syncing', route: '/', dark: true },
  { name: 'overview-needs-you-de', scene: 'needs-you', route: '/', language: 'de' },
  { name: 'overview-signed-out', scene: 'signed-out', route: '/' },
  { name: 'overview-narrow', scene: 'syncing', route: '/', size: NARROW },
  { name: 'overview-engine-lost', scene: 'engine-lost', route: '/' },
  { name: 'overview-empty', scene: 'empty', route: '/' },
  { name: 'overview-hostile', scene: 'hostile', route: '/' },
  ...STATES.map((scene) => ({ name: `popover-${scene}`, scene, route: '/popover', size: POPOVER })),
  { name: 'popover-dark', scene: 'syncing', route: '/popover', size: POPOVER, dark: true },
  { name: 'popover-de', scene: 'needs-you', route: '/popover', size: POPOVER, language: 'de' },
  { name: 'popover-empty', scene: 'empty', route: '/popover', size: POPOVER },
  { name: 'popover-engine-lost', scene: 'engine-lost', route: '/popover', size: POPOVER },
  { name: 'popover-hostile', scene: 'hostile', route: '/popover', size: POPOVER },
  { name: 'popover-hostile-stop', scene: 'hostile-stop', route: '/popover', size: POPOVER },
];
