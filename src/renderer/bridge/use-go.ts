import { useCallback } from 'react';
import { ask } from './bridge.ts';
import { goTo, useRoute } from './router.ts';

/** Goes to a route of the main window, from wherever this is shown. */
export function useGo(): (route: string) => void {
  const isPopover = useRoute().parts[0] === 'popover';
  return useCallback(
    (route) => {
      if (isPopover) void ask('window.show', { route });
      else goTo(route);
    },
    [isPopover],
  );
}
