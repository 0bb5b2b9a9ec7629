/** Which scene, route, theme and size make which picture. */
import type { Page } from '@playwright/test';
import { CONFLICT_SHOTS } from './shots-conflicts.ts';
import { DAILY_SHOTS } from './shots-daily.ts';
import { HISTORY_SHOTS } from './shots-history.ts';
import { KEEPING_SHOTS } from './shots-keeping.ts';
import { SHARED_SHOTS } from './shots-shared.ts';

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

export const SHOTS: readonly Shot[] = [
  ...DAILY_SHOTS,
  ...CONFLICT_SHOTS,
  ...HISTORY_SHOTS,
  ...KEEPING_SHOTS,
  ...SHARED_SHOTS,
];
