/** What the tray's menu offers, as plain values: Electron's menu is made of them, and tests read them. */

import type { Language, ShellPhase } from '../ipc/window.ts';
import { WORDS } from './words.ts';

export type PauseSpan = 'half-hour' | 'two-hours' | 'tomorrow' | 'ever';

export type TrayAction =
  | { readonly kind: 'open' | 'folder' | 'resume' | 'quit' }
  | { readonly kind: 'pause'; readonly span: PauseSpan };

export type TrayItem =
  | { readonly kind: 'line' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'action'; readonly id: string; readonly label: string; readonly action: TrayAction }
  | {
      readonly kind: 'submenu';
      readonly id: string;
      readonly label: string;
      readonly items: readonly TrayItem[];
    };

const MINUTE = 60_000;

/** When a pause that is chosen now ends; null: when somebody resumes. */
export function pauseEnd(span: PauseSpan, now: number): number | null {
  if (span === 'ever') return null;
  if (span !== 'tomorrow') return now + (span === 'half-hour' ? 30 : 120) * MINUTE;
  // Tomorrow morning by the clock on the wall: a day is not always 24 hours long.
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  day.setHours(8, 0, 0, 0);
  return day.getTime();
}

export function trayItems(options: {
  readonly headline: string;
  readonly phase: ShellPhase;
  readonly isPaused: boolean;
  readonly language: Language;
}): readonly TrayItem[] {
  const { headline, phase, isPaused, language } = options;
  const words = WORDS[language];
  const act = (id: string, label: string, action: TrayAction): TrayItem => ({
    kind: 'action',
    id,
    label,
    action,
  });
  const pause = (id: string, label: string, span: PauseSpan) => act(id, label, { kind: 'pause', span });
  const pauses: TrayItem = {
    kind: 'submenu',
    id: 'pause',
    label: words.pause,
    items: [
      pause('pause-30', words.pauseHalfHour, 'half-hour'),
      pause('pause-120', words.pauseTwoHours, 'two-hours'),
      pause('pause-tomorrow', words.pauseTomorrow, 'tomorrow'),
      pause('pause-on', words.pauseForGood, 'ever'),
    ],
  };
  const running: readonly TrayItem[] = [
    act('folder', words.openFolder, { kind: 'folder' }),
    { kind: 'line' },
    ...(isPaused ? [act('resume', words.resume, { kind: 'resume' })] : []),
    pauses,
  ];
  return [
    { kind: 'text', label: headline },
    { kind: 'line' },
    // First that can be chosen: where clicks on the icon never arrive, this is the way in.
    act('open', words.open, { kind: 'open' }),
    ...(phase === 'running' ? running : []),
    { kind: 'line' },
    act('quit', words.quit, { kind: 'quit' }),
  ];
}
