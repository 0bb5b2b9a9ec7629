/** Nine states, nine shapes: told apart without colour. The tray's icons are drawn after these. */
import type { SyncState } from '../../ipc/status.ts';
import { classNames } from './class-names.ts';
import classes from './state-icon.module.css';

const SHAPES: Readonly<Record<SyncState, string>> = {
  // a ring that is not closed yet
  'setting-up': 'M12 3a9 9 0 1 1-8.5 6 M12 8v4l3 2',
  // a tick in a full ring
  'up-to-date': 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18 M8 12.4l2.8 2.8L16.2 9.4',
  // a lens
  checking: 'M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13 M15.4 15.4L20 20',
  // two arrows
  syncing: 'M4 9.5h13l-3.6-3.6 M20 14.5H7l3.6 3.6',
  // two bars
  paused: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18 M9.7 8.6v6.8 M14.3 8.6v6.8',
  // a cloud that is struck through
  offline: 'M7 18.5h10a4 4 0 0 0 .6-8A6 6 0 0 0 6.4 10.6A4 4 0 0 0 7 18.5 M4 4l16 16',
  // a speech bubble
  'needs-you':
    'M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6l-4.5 4v-4H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2 M12 7.6v3.4 M12 13.6v.1',
  // a triangle
  warning: 'M12 3.8L21.4 20H2.6z M12 10v4.4 M12 17.2v.1',
  // an octagon with a cross
  error: 'M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2z M9 9l6 6 M15 9l-6 6',
};

export function StateIcon({
  state,
  size = 'normal',
}: {
  readonly state: SyncState;
  readonly size?: 'normal' | 'large';
}) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={classNames(
        classes['icon'],
        classes[state],
        classes[size],
        state === 'syncing' && classes['moves'],
      )}
    >
      {SHAPES[state].split(' M').map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a constant drawing
        <path key={index} d={index === 0 ? part : `M${part}`} />
      ))}
    </svg>
  );
}
