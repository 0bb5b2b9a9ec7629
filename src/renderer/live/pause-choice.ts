/** How long people pause. Pure: `now` is given. */

export type PauseChoice = 'half-hour' | 'two-hours' | 'tomorrow' | 'resume';
export const PAUSE_CHOICES: readonly PauseChoice[] = ['half-hour', 'two-hours', 'tomorrow', 'resume'];

const MINUTE = 60_000;
const MORNING = 8;

/** Null: until somebody resumes. Tomorrow begins at eight in the morning, where the user is. */
export function pausedUntil(choice: PauseChoice, now: number): number | null {
  switch (choice) {
    case 'half-hour':
      return now + 30 * MINUTE;
    case 'two-hours':
      return now + 120 * MINUTE;
    case 'tomorrow': {
      const day = new Date(now);
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING).getTime();
    }
    case 'resume':
      return null;
  }
}
