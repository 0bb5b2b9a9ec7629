/** What the app says about itself: one value, and whoever shows it hears of each change. */
import type { ShellState } from '../ipc/window.ts';

export interface ShellStore {
  readonly state: ShellState;
  update(change: Partial<ShellState>): void;
}

export function createShellStore(first: ShellState, onChange: (state: ShellState) => void): ShellStore {
  let state = first;
  return {
    get state() {
      return state;
    },
    update: (change) => {
      const next = { ...state, ...change };
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      onChange(state);
    },
  };
}
