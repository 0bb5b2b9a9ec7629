/** A pager for a component. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { type FetchPage, Pager } from './pager.ts';

const FIRST_ROWS = 60;

/**
 * `place` names the list: another one begins at its top. Another `turn` asks again for what is seen, and shows the old
 * rows until the new ones are there. Null until the first rows have come.
 */
export function usePager<Row>(
  place: string,
  turn: number | string,
  fetch: FetchPage<Row>,
): Pager<Row> | null {
  const latest = useRef(fetch);
  latest.current = fetch;
  const [shown, setShown] = useState<{ readonly place: string; readonly pager: Pager<Row> } | null>(null);
  const current = useRef(shown);
  current.current = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    const before = current.current;
    const [first, last] = before?.place === place ? before.pager.seen : [0, FIRST_ROWS];
    const pager = new Pager<Row>(latest.current);
    let isOver = false;
    void pager.want(first, last).then(() => {
      if (isOver) return;
      before?.pager.close();
      setShown({ place, pager });
    });
    return () => {
      isOver = true;
      if (current.current?.pager !== pager) pager.close();
    };
  }, [place, turn]);
  // Nobody looks any more: what is being fetched for it may stop.
  useEffect(() => () => current.current?.pager.close(), []);
  const pager = shown?.place === place ? shown.pager : null;
  useSyncExternalStore(
    useCallback((listener) => pager?.subscribe(listener) ?? (() => undefined), [pager]),
    () => pager?.turn ?? -1,
  );
  return pager;
}
