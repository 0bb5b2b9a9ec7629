/** The keyboard's place is not lost when what had it goes away: it moves to the screen's content. */
import { useEffect } from 'react';

/** What closes gives the focus back by itself, a moment later. */
const MOMENT_MS = 120;

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled');
}

export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let timer = 0;
    const note = (event: Event) => {
      last = event.target instanceof Element ? event.target : null;
    };
    // Who points needs no place of the keyboard.
    const forget = () => {
      last = null;
    };
    const isLost = () => last !== null && !isUsable(last) && document.activeElement === document.body;
    const look = () => {
      if (!isLost()) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (isLost()) document.getElementById('content')?.focus({ preventScroll: true });
      }, MOMENT_MS);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', note);
    document.addEventListener('pointerdown', forget);
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('focusin', note);
      document.removeEventListener('pointerdown', forget);
    };
  }, []);
}
