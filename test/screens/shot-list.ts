/** Which scene, route, theme and size make which picture. */
import type { Page } from '@playwright/test';

export interface Shot {
  readonly name: string;
  readonly scene: string;
  readonly route: string;
  readonly dark?: boolean;
  readonly language?: 'en' | 'de';
  readonly size?: { readonly width: number; readonly height: number };
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const POPOVER = { width: 380, height: 560 };
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

export const SHOTS: readonly Shot[] = [
  { name: 'overview', scene: 'base', route: '/' },
  { name: 'overview-dark', scene: 'base', route: '/', dark: true },
  ...STATES.map((scene) => ({ name: `popover-${scene}`, scene, route: '/popover', size: POPOVER })),
];
